package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// How much the Go heap grows between collections, in percent.
const (
	// While courses are read, next to nothing is garbage. What is built in is there
	// before the first collection, which comes at 4 MB times this.
	loadingGC = 1000
	// What a checked file leaves behind is garbage all at once, and little is kept: the
	// default takes a twentieth more time.
	checkGC = 400
	// A long file that was edited 300 times took 123 MB at the most with the default and
	// 115 MB with this.
	serveGC = 50
)

// From how many bytes on the heap is collected as often as it takes to stay below, if
// what lives is less: a course may be large, and so may a file, one for each core.
const (
	loadingLimit = 64 << 20
	checkLimit   = 256 << 20
	coreLimit    = 64 << 20 // and so much for each core
)

// collectLess has garbage collected less often, unless the user says how often. The
// function that it gives begins with collecting it at a percentage.
func collectLess() func(percent int) {
	if os.Getenv("GOGC") != "" {
		return func(int) {}
	}
	debug.SetGCPercent(loadingGC)
	own := debug.SetMemoryLimit(loadingLimit) // the user's, or none
	return func(percent int) {
		debug.SetGCPercent(percent)
		if percent == checkGC {
			own = min(own, int64(checkLimit+coreLimit*runtime.GOMAXPROCS(0)))
		}
		debug.SetMemoryLimit(own)
	}
}
