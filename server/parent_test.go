//go:build unix

package server_test

import (
	"os/exec"
	"runtime"
	"sync"
	"testing"
)

// TestClientProcessDies: the server ends when the process that initialize named is
// gone, though its input stays open, as it does where another process has inherited
// the pipe; and also when nobody has asked after the process, so that it is left as a
// zombie.
func TestClientProcessDies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		reaped bool
	}{{"gone", true}, {"a zombie", false}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client := exec.Command("sh", "-c", "read forever")
			hold, err := client.StdinPipe() // the shell waits for it
			if err != nil {
				t.Fatal(err)
			}
			defer hold.Close()
			if err := client.Start(); err != nil {
				t.Fatal(err)
			}
			reap := sync.OnceFunc(func() { client.Wait() }) //nolint:errcheck // it is killed
			defer reap()
			c := launch(t)
			c.root = workspace(t)
			c.call("initialize", object{"processId": client.Process.Pid, "capabilities": puller(), "rootUri": fileURI(c.root)}, nil)
			c.notify("initialized", object{})
			d := c.open("src/main.rs", "fn outer() {}\n")
			d.alive("its client lives")
			if err := client.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			if test.reaped || runtime.GOOS != "linux" { // elsewhere nothing tells a zombie
				reap()
			}
			if got := c.code(); got != 1 { // no shutdown came
				t.Errorf("exit code: got %d, want 1", got)
			}
		})
	}
}
