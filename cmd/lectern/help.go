package main

import (
	"embed"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

//go:embed help/*.txt
var helpTexts embed.FS

// flagGroup is flags that stand together in the help, under a title.
type flagGroup struct {
	title string
	flags *pflag.FlagSet
}

// grouped adds flags to a command and remembers how they belong together. The
// title stands in the help in place of the line "{flags}".
func grouped(cmd *cobra.Command, title string, define func(f *pflag.FlagSet)) {
	set := pflag.NewFlagSet(title, pflag.ContinueOnError)
	set.SortFlags = false
	define(set)
	cmd.Flags().AddFlagSet(set)
	set.VisitAll(func(f *pflag.Flag) { _ = cmd.Flags().SetAnnotation(f.Name, groupKey, []string{title}) })
}

const groupKey = "lectern-group"

// help writes help/<command>.txt, with the flags in their groups.
func (a *app) help(cmd *cobra.Command, _ []string) {
	text, err := helpTexts.ReadFile("help/" + cmd.Name() + ".txt")
	if err != nil { // a command of cobra's own
		fmt.Fprintf(a.out, "%s\n\nUsage: %s\n\n%s", cmd.Short, cmd.UseLine(), cmd.Flags().FlagUsages())
		return
	}
	fmt.Fprint(a.out, strings.Replace(string(text), "{flags}", flagHelp(cmd), 1))
}

func flagHelp(cmd *cobra.Command) string {
	var groups []flagGroup
	cmd.Flags().SortFlags = false
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		title := "Other"
		if g := f.Annotations[groupKey]; len(g) > 0 {
			title = g[0]
		}
		if len(groups) == 0 || groups[len(groups)-1].title != title {
			set := pflag.NewFlagSet(title, pflag.ContinueOnError)
			set.SortFlags = false
			groups = append(groups, flagGroup{title, set})
		}
		groups[len(groups)-1].flags.AddFlag(f)
	})
	var b strings.Builder
	for i, g := range groups {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s:\n%s", g.title, g.flags.FlagUsages())
	}
	return b.String()
}
