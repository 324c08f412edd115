//go:build !race

package server_test

var raceFlags []string

// large is the number of lines of a document whose check takes a while.
const large = 20_000

// heavy is how many times the memory is taken that the plain program takes.
const heavy = 1
