package main

import (
	"os"
	"runtime/debug"
)

// How much the Go heap of a check grows between collections, in percent. While the
// courses are read next to nothing is garbage: what is built in is there before the
// first collection, at 4 MB times this. What a file leaves behind later is garbage all
// at once, and little is kept: the default takes a twentieth more time.
const (
	loadingGC  = 1600
	checkingGC = 400
)

// loadingLimit bounds, in bytes, what loadingGC lets grow: a course may be large.
const loadingLimit = 256 << 20

// spareCollections has the garbage of a check collected more rarely, unless the user
// says how often. loaded is to be called when the courses have been read.
func spareCollections() (loaded func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	debug.SetGCPercent(loadingGC)
	limit := debug.SetMemoryLimit(loadingLimit)
	return func() {
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(checkingGC)
	}
}
