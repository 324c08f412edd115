package main

import (
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/server"
)

// serveGC is how much a server's Go heap grows between collections, in percent.
// Half of the default: a long file edited 300 times took 123 MB at the most with
// the default and 115 MB with this.
const serveGC = 50

func (a *app) serve() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the language server",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			// An editor that goes away is an end like another, not a signal.
			signal.Ignore(syscall.SIGPIPE)
			if os.Getenv("GOGC") == "" {
				debug.SetGCPercent(serveGC)
			}
			a.code = server.Run(cmd.Context(), a.in, a.out, server.Options{
				Version: version().Version,
				Courses: builtIn(),
				Log:     a.errors,
			})
			return nil
		},
	}
	grouped(cmd, "Connection", func(f *pflag.FlagSet) {
		f.Bool("stdio", true, "speak over standard input and output, which is always so; editors add\nthis flag by themselves")
	})
	return cmd
}
