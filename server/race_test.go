//go:build race

package server_test

// raceFlags make the server find races when its tests do.
var raceFlags = []string{"-race"}

// large is the number of lines of a document whose check takes a while.
const large = 2_000

// heavy is how many times the memory is taken that the plain program takes.
const heavy = 4
