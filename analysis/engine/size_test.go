package engine

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"lectern/analysis/course"
	"lectern/analysis/course/grow"
	"lectern/analysis/internal/sample"
	"lectern/analysis/text"
)

// grown is the shipped course with n hints, as a folder on disk.
func grown(t testing.TB, n int) course.Source {
	t.Helper()
	fsys, err := grow.Course(os.DirFS(filepath.Join("..", "..", "queries", "advanced-rust")), "grown", n, 0)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, fsys); err != nil {
		t.Fatal(err)
	}
	return course.Folder(dir, os.DirFS(dir))
}

// load loads and compiles; the hints in front that name hints behind are left out.
func load(t testing.TB, s course.Source, n int) *Rules {
	t.Helper()
	library, _ := course.Load(s)
	rules, problems := Compile(library)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	if got := len(library.Hints()); got < n*9/10 {
		t.Fatalf("%d of %d hints load", got, n)
	}
	return rules
}

// Every copy of a hint is a rule of its own.
func TestGrownCoursesCompile(t *testing.T) {
	s := grown(t, 400)
	library, problems := course.Load(s)
	for _, p := range problems {
		t.Error(p)
	}
	if len(library.Hints()) != 400 {
		t.Errorf("got %d hints, want 400", len(library.Hints()))
	}
	if _, problems := Compile(library); len(problems) > 0 {
		t.Error(problems[0])
	}
}

// BenchmarkRules loads and compiles courses of several sizes from disk.
func BenchmarkRules(b *testing.B) {
	for _, n := range []int{25, 100, 400} {
		s := grown(b, n)
		b.Run(fmt.Sprintf("read/rules=%d", n), func(b *testing.B) {
			for b.Loop() {
				course.Load(s)
			}
		})
		library, _ := course.Load(s)
		b.Run(fmt.Sprintf("compile/rules=%d", n), func(b *testing.B) {
			for b.Loop() {
				Compile(library)
			}
		})
	}
}

// BenchmarkKeystrokeRules types inside a function of a file of 20,000 lines that
// is checked with ever more rules.
func BenchmarkKeystrokeRules(b *testing.B) {
	content := sample.Long(b, 20_000)
	at := bytes.Index(content[len(content)/2:], []byte("let ")) + len(content)/2 + 4
	edits := []text.Edit{{Start: at, End: at, New: "x"}, {Start: at, End: at + 1}}
	for _, n := range []int{25, 100, 400} {
		rules := load(b, grown(b, n), n)
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			d, err := Open(rules, Input{Path: "long.rs", Text: text.New(content)})
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			for i := 0; b.Loop(); i++ {
				if _, err := d.Edit(edits[i%2:i%2+1], int32(i)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMemory opens a document of 2,000 lines and keeps it; heap-KB/doc is
// what Go's heap grows by. BenchmarkMemory of server sees tree-sitter's part too.
func BenchmarkMemory(b *testing.B) {
	rules := compiled(b)
	content := sample.Long(b, 2_000)
	var docs []*Document
	before := heap()
	for b.Loop() {
		d, err := Open(rules, Input{Path: "long.rs", Text: text.New(bytes.Clone(content))})
		if err != nil {
			b.Fatal(err)
		}
		docs = append(docs, d)
	}
	b.ReportMetric(float64(heap()-before)/float64(len(docs))/1024, "heap-KB/doc")
	for _, d := range docs {
		d.Close()
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
