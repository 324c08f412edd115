// Package analysis is the folder of Lectern's engine: bytes in, findings out. The
// code is in the packages below; README.md says which is which.
package analysis
