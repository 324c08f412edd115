package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/analysis/problem"
)

// The exit codes.
const (
	clean       = 0
	found       = 1   // findings at or above --fail-on, failed examples
	failed      = 2   // wrong usage, or something could not be read or written
	interrupted = 130 // as shells have it
)

// app is one run of the program.
type app struct {
	in     io.Reader
	out    io.Writer
	errors io.Writer
	code   int // the exit code if no error says otherwise
}

// run runs the program and returns its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	a := &app{in: in, out: out, errors: errs}
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return a.code
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return interrupted
	}
	fmt.Fprintf(errs, "lectern: %v\n", err)
	return failed
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:                "lectern COMMAND",
		SilenceErrors:      true,
		SilenceUsage:       true,
		Args:               func(cmd *cobra.Command, args []string) error { return unknownCommand(cmd, args) },
		RunE:               func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		CompletionOptions:  cobra.CompletionOptions{HiddenDefaultCmd: true},
		DisableSuggestions: true, // unknownCommand makes them
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.errors)
	root.SetHelpFunc(a.help)
	root.SetUsageFunc(func(cmd *cobra.Command) error { a.help(cmd, nil); return nil })
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(a.serve(), a.check(), a.explain(), a.list(), a.schema(), a.test(), a.version())
	root.SetHelpCommand(&cobra.Command{
		Use: "help [COMMAND]", Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			target, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 && target == root {
				return unknownCommand(root, args)
			}
			return target.Help()
		},
	})
	return root
}

// unknownCommand is the error for words that are no command.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	message := fmt.Sprintf("there is no command %q", args[0])
	if meant, ok := problem.Nearest(args[0], names); ok {
		return fmt.Errorf("%s; did you mean %q?", message, meant)
	}
	if _, err := os.Stat(args[0]); err == nil {
		return fmt.Errorf("%s; did you mean `lectern check %s`?", message, args[0])
	}
	return fmt.Errorf("%s; there are %s", message, strings.Join(names, ", "))
}

// flagError adds what was probably meant to the error about an unknown flag.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return fmt.Errorf("%w; `%s --help` explains", err, cmd.CommandPath())
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if meant, ok := problem.Nearest(unknown.GetSpecifiedName(), names); ok {
		return fmt.Errorf("%w; did you mean --%s?", err, meant)
	}
	return fmt.Errorf("%w; `%s --help` lists all", err, cmd.CommandPath())
}

// oneOf explains a word that is none of those that can be chosen.
func oneOf(flag, got string, words []string) error {
	message := fmt.Sprintf("--%s cannot be %q", flag, got)
	if meant, ok := problem.Nearest(got, words); ok {
		return fmt.Errorf("%s; did you mean %q?", message, meant)
	}
	return fmt.Errorf("%s; there is %s", message, strings.Join(words, ", "))
}
