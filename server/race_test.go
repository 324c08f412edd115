//go:build race

package server_test

// raceFlags make the server find races when its tests do.
var raceFlags = []string{"-race"}
