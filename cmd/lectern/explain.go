package main

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/yuin/goldmark/util"

	"lectern/analysis/course"
	"lectern/analysis/problem"
	"lectern/analysis/report"
)

func (a *app) explain() *cobra.Command {
	var from sources
	var color string
	cmd := &cobra.Command{
		Use:   "explain HINT|LESSON",
		Short: "Show a hint or a lesson",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("explain takes one hint or lesson, not %d; `lectern list` shows the hints", len(args))
			}
			colors, err := colored(color, a.out)
			if err != nil {
				return err
			}
			m, err := from.load()
			if err != nil {
				return err
			}
			a.tell(m, m.problems)
			p := &page{width: pageWidth(a.out), color: colors}
			if err := explain(p, m.library, args[0]); err != nil {
				return err
			}
			if _, err := io.WriteString(a.out, p.b.String()); err != nil {
				return fmt.Errorf("writing the explanation: %w", err)
			}
			return nil
		},
	}
	grouped(cmd, "How to show", func(f *pflag.FlagSet) { colorFlag(f, &color) })
	from.define(cmd)
	return cmd
}

// pageWidth is the width of text that is pleasant to read.
func pageWidth(w io.Writer) int {
	if width := columns(w); width > 0 {
		return min(max(width, 40), 100)
	}
	return 80
}

// explain writes the page of a hint, a lesson, a chapter, or of the hints that
// stand for a lint.
func explain(p *page, l *course.Library, name string) error {
	if h, ok := l.Hint(name); ok {
		explainHint(p, l, h)
		return nil
	}
	id := strings.TrimSuffix(strings.Trim(name, "/"), ".md")
	if s, ok := l.Section(id); ok && !s.Draft() {
		explainLesson(p, l, s)
		return nil
	}
	if found, ok := l.Find(name); ok {
		if found.Hint != nil {
			explainHint(p, l, found.Hint)
		} else {
			explainLesson(p, l, found.Section)
		}
		return nil
	}
	if hints := l.HintsByLint(name); len(hints) > 0 {
		for i, h := range hints {
			if i > 0 {
				p.line("\n%s\n", strings.Repeat("=", p.width))
			}
			explainHint(p, l, h)
		}
		return nil
	}
	known := l.HintIDs()
	for _, s := range lessons(l) {
		known = append(known, s.Section)
	}
	for _, c := range l.Courses() {
		for _, ch := range c.Chapters {
			if ch.ID == id && len(ch.Sections) > 0 {
				explainChapter(p, ch)
				return nil
			}
		}
	}
	if meant, ok := problem.Nearest(name, known); ok {
		return fmt.Errorf("there is no hint or lesson %q; did you mean %q?", name, meant)
	}
	return fmt.Errorf("there is no hint or lesson %q; `lectern list` shows the hints with their lessons", name)
}

func explainHint(p *page, l *course.Library, h *course.Hint) {
	p.link = pageLink(l, h.Course, h.Path)
	p.write("# " + h.Title)
	says := fmt.Sprintf("%s, %s", h.ID, h.Kind)
	if h.Kind.String() == "pitfall" {
		says += " (" + h.Severity.String() + ")"
	}
	p.line("%s", says)
	if s, ok := l.SectionOf(h); ok {
		p.line("lesson %s: %s", report.Plain(s.ID), report.Plain(strings.Join(l.Breadcrumb(s), " > ")))
	}
	p.line("")
	for _, b := range h.Blocks {
		if b.Prose != "" {
			p.write(b.Prose)
			p.line("")
			continue
		}
		e := h.Examples[b.Example]
		switch e.Kind {
		case course.Fires:
			p.line("    // Lectern reports this:")
		case course.Silent:
			p.line("    // Lectern has nothing to say about this:")
		case course.Fixed:
			p.line("    // After %q:", e.Fix)
		}
		p.code(e.Text, "")
		p.line("")
	}
	section := func(title string, items []string) {
		if len(items) == 0 {
			return
		}
		p.write("## " + title)
		p.line("")
		for _, it := range items {
			p.wrap([]span{{text: it}}, "- ", "  ")
		}
		p.line("")
	}
	var fixes []string
	for _, f := range h.Fixes {
		fixes = append(fixes, f.Title+" ("+f.Applicability.String()+")")
	}
	section("Fixes", fixes)
	section("Reports the same", h.Lints)
	section("References", h.References)
	p.wrap([]span{{text: "To silence it where it does not apply: // lectern: allow(" + h.ID + "): the reason"}}, "", "")
}

func explainLesson(p *page, l *course.Library, s *course.Section) {
	p.link = pageLink(l, s.Course, s.Path)
	p.write(string(s.Body))
	hints := l.HintsOf(s)
	if len(hints) == 0 {
		return
	}
	p.line("")
	p.write("## Hints of this lesson")
	p.line("")
	wide := 0
	for _, h := range hints {
		wide = max(wide, len(h.ID))
	}
	for _, h := range hints {
		p.line("%-*s  %-7s  %s", wide, h.ID, h.Kind, report.Plain(h.Title))
	}
}

func explainChapter(p *page, ch *course.Chapter) {
	p.link = func(string) string { return "" }
	p.write("# " + ch.Title)
	p.line("")
	wide := 0
	for _, s := range ch.Sections {
		wide = max(wide, len(s.ID))
	}
	for _, s := range ch.Sections {
		p.line("%-*s  %s", wide, report.Plain(s.ID), report.Plain(s.Title))
	}
}

// pageLink says what to show for links on a page of a course: the id of a lesson
// or hint, which explain takes, or the address.
func pageLink(l *course.Library, courseID, file string) func(string) string {
	return func(target string) string {
		if strings.Contains(target, "://") {
			return target
		}
		if strings.HasPrefix(target, course.Scheme+":") {
			if found, ok := l.Find(target); ok {
				return pageID(found)
			}
			return target
		}
		target, _, _ = strings.Cut(target, "#")
		if target == "" {
			return ""
		}
		to := path.Join(path.Dir(file), target)
		if found, ok := l.Find(course.Scheme + ":/" + courseID + "/" + to); ok {
			return pageID(found)
		}
		return target
	}
}

func pageID(found course.Page) string {
	if found.Hint != nil {
		return found.Hint.ID
	}
	return found.Section.ID
}

// plainText resolves Markdown's escapes and entities.
func plainText(b []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(slices.Clone(b)))))
}
