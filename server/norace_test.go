//go:build !race

package server_test

var raceFlags []string

// large is the number of lines of a document whose check takes a while.
const large = 20_000
