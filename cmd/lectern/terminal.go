package main

import (
	"io"
	"os"

	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// terminal is a writer's terminal, if it is one.
func terminal(w any) (*os.File, bool) {
	f, ok := w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// columns is the width of the writer's terminal, or 0.
func columns(w io.Writer) int {
	f, ok := terminal(w)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// colorFlag defines --color.
func colorFlag(f *pflag.FlagSet, when *string) {
	f.StringVar(when, "color", "auto", "color the text `WHEN`: auto (on a terminal, without NO_COLOR),\nalways, never")
}

// colored decides about colors on a writer.
func colored(when string, w io.Writer) (bool, error) {
	switch when {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		_, ok := terminal(w)
		return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
	}
	return false, oneOf("color", when, []string{"auto", "always", "never"})
}
