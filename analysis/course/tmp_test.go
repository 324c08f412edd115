package course
import ("testing";"syscall";"time";"os";"fmt")
func TestTmpCPU(t *testing.T){
 for _,n:=range []int{100,400} {
 dir:=t.TempDir(); os.CopyFS(dir,large(n))
 for name,s:=range map[string]Source{"disk":Folder(dir,os.DirFS(dir)),"memory":{Name:"x",FS:large(n)}} {
 best:=time.Hour; var wall time.Duration=time.Hour
 for range 60 { var a,b syscall.Rusage; syscall.Getrusage(0,&a); w:=time.Now(); Load(s); if d:=time.Since(w); d<wall {wall=d}; syscall.Getrusage(0,&b)
  d:=time.Duration(b.Utime.Nano()+b.Stime.Nano()-a.Utime.Nano()-a.Stime.Nano()); if d<best&&d>0 {best=d} }
 fmt.Println(n,name,"cpu",best,"wall",wall) } } 
}
