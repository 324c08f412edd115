package server

import (
	"context"

	"go.lsp.dev/protocol"

	"lectern/analysis/config"
	"lectern/analysis/engine"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// codeLens shows above each item the lessons that its code touches, each once. It
// is off until the settings ask for it.
func (s *Server) codeLens(p *protocol.CodeLensParams) (answer, error) {
	c, err := s.snapshot(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (any, error) {
		lenses := []protocol.CodeLens{}
		if c == nil {
			return lenses, nil
		}
		result, err := c.wait(ctx)
		if err != nil {
			return nil, err
		}
		if !c.env.settings.Enabled(config.CodeLens) || result.Tree == nil {
			return lenses, nil
		}
		type shown struct {
			item   text.Range
			lesson string
		}
		told := map[shown]bool{}
		for _, f := range result.Findings() {
			item, ok := itemAround(result, f.Range.Start)
			lesson, known := c.env.lessonOf(f.Hint)
			if !ok || !known || lesson.Draft() || told[shown{item, lesson.ID}] {
				continue
			}
			told[shown{item, lesson.ID}] = true
			lenses = append(lenses, protocol.CodeLens{
				Range:   s.rangeToProtocol(result.Text, item),
				Command: commandTo("Lesson: "+lesson.Title, openLessonCommand, lesson.ID, string(c.doc.uri)),
			})
		}
		return lenses, nil
	}, nil
}

// itemAround is the first line of the innermost item at an offset, such as a
// function in an impl: from where it begins to the end of that line.
func itemAround(result *engine.Result, off int) (text.Range, bool) {
	start := -1
	result.Tree.Around(off, func(n tree.Node) bool {
		switch n.Kind() {
		case "function_item", "function_signature_item", "impl_item", "trait_item", "struct_item", "enum_item", "union_item",
			"static_item", "const_item", "foreign_mod_item", "macro_definition", "mod_item", "type_item", "table", "pair":
			start = n.Start()
		}
		return true
	})
	if start < 0 {
		return text.Range{}, false
	}
	return text.Range{Start: start, End: max(start, result.Text.LineRange(result.Text.LineOf(start)).End)}, true
}
