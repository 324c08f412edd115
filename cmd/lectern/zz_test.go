package main
import ("testing";"context";"io";"os";"strings")
func TestZZ(t *testing.T) {
	d := os.Getenv("ZZ"); if d == "" { t.Skip() }
	run(context.Background(), strings.Fields("check --no-config --format jsonl "+d), os.Stdin, io.Discard, io.Discard)
}
