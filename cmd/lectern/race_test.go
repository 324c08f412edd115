//go:build race

package main

// heavy is how many times the memory is taken that the plain program takes.
const heavy = 4
