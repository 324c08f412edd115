// Lectern checks Rust code against a course: it says which lesson a piece of code
// belongs to, what is wrong where something is wrong, and offers the mend. It does
// so in an editor (lectern serve) and on the command line (lectern check).
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

//go:generate go run . list --no-config --format md --output ../../queries/HINTS.md

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal ends the work in order, the second at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
