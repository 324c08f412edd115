package main

import (
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/server"
)

func (a *app) serve() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the language server",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			// An editor that goes away is an end like another, not a signal.
			signal.Ignore(syscall.SIGPIPE)
			collect := collectLess()
			a.code = server.Run(cmd.Context(), a.in, a.out, server.Options{
				Version: version().Version,
				Courses: builtIn(),
				Log:     a.errors,
				Started: func() { collect(serveGC) },
			})
			return nil
		},
	}
	grouped(cmd, "Connection", func(f *pflag.FlagSet) {
		f.Bool("stdio", true, "speak over standard input and output, which is always so; editors add\nthis flag by themselves")
	})
	return cmd
}
