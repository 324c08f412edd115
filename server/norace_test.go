//go:build !race

package server_test

var raceFlags []string
