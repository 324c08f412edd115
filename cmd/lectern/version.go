package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// build is what is known of how the program was made.
type build struct {
	Version  string // of the module; "(devel)" out of a work tree
	Revision string // of the work tree, or ""
	Modified bool   // the work tree had changes
	Grammar  string // version of the Rust grammar, or ""
}

func version() build {
	b := build{Version: "(devel)"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	for _, d := range info.Deps {
		if d.Path == "github.com/tree-sitter/tree-sitter-rust" {
			b.Grammar = d.Version
		}
	}
	return b
}

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Tell which Lectern this is",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b := version()
			fmt.Fprintf(a.out, "lectern %s\n", b.Version)
			if b.Revision != "" {
				changed := ""
				if b.Modified {
					changed = ", changed since"
				}
				fmt.Fprintf(a.out, "revision %s%s\n", b.Revision, changed)
			}
			if b.Grammar != "" {
				fmt.Fprintf(a.out, "tree-sitter-rust %s\n", b.Grammar)
			}
			fmt.Fprintf(a.out, "%s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}
