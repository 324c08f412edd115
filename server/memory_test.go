package server_test

import (
	"testing"
	"time"
)

// Of documents that were edited and closed, the trees are gone and their memory is
// given back: C's library keeps it otherwise, for each of its threads. What Go has is
// not counted.
func TestMemoryIsGivenBack(t *testing.T) {
	if heavy > 1 {
		return // the race detector keeps books of its own, which stay
	}
	c := open(t, workspace(t), puller(), nil)
	c.command(nil, "lectern.status")
	ofC := func() int {
		var st struct{ GoBytes int }
		c.command(&st, "lectern.status")
		return c.process("VmRSS") - st.GoBytes>>10 // KiB
	}
	before := ofC()
	text := long(t, large)
	for i := range 4 {
		d := c.open("src/d"+itoa(i)+".rs", text)
		d.pull("")
		for line := range 10 {
			d.change(edit(at(line*100, 0, 0), "fn outer() { bad(); }\n"))
			d.pull("")
		}
	}
	open := ofC()
	if open < before+8<<10 {
		t.Fatalf("documents take %d KiB of C's memory, too little to tell anything", open-before)
	}
	for i := range 4 {
		c.notify("textDocument/didClose", object{"textDocument": object{"uri": fileURI(c.root, "src/d"+itoa(i)+".rs")}})
	}
	for start := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		now := ofC()
		if now < before+(open-before)/3 {
			return
		}
		if time.Since(start) > deadline {
			t.Fatalf("C has %d KiB, had %d with documents and %d before them", now, open, before)
		}
	}
}
