package server

import (
	"bytes"
	"context"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"lectern/analysis/allow"
	"lectern/analysis/config"
	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/text"
)

// completion offers hint ids in an allow comment, those that are found below
// first, and the words that an allow begins with. Elsewhere, and that is nearly
// always, it looks at one line and is done.
func (s *Server) completion(p *protocol.CompletionParams) (answer, error) {
	if err := checkURI(p.TextDocument.URI); err != nil {
		return nil, err
	}
	nothing := func(context.Context) (any, error) { return nil, nil }
	d := s.documents.get(p.TextDocument.URI)
	if d == nil {
		return nothing, nil
	}
	d.mu.Lock()
	t := d.text
	d.mu.Unlock()
	off := s.positionToOffset(t, p.Position)
	line := t.LineRange(t.LineOf(off))
	place, ok := allow.PlaceIn(t.Slice(line.Start, line.End), off-line.Start)
	if !ok {
		return nothing, nil
	}
	c := d.ask(true, false)
	if c == nil {
		return nothing, nil
	}
	return func(ctx context.Context) (any, error) {
		result, err := c.wait(ctx)
		if err != nil {
			return nil, err
		}
		if !c.env.settings.Enabled(config.Completion) || result.Tree != nil && !result.Tree.InComment(max(off-1, 0)) {
			return nil, nil
		}
		word := s.rangeToProtocol(t, place.Word.Shift(line.Start))
		list := &protocol.CompletionList{Items: []protocol.CompletionItem{}}
		if !place.List {
			list.Items = append(list.Items, allowWord("allow", "Silence hints for the code below, with a reason", word),
				allowWord("allow-file", "Silence hints in the whole file, with a reason", word))
			return list, nil
		}
		near := hintsNear(result, off)
		for _, hint := range c.env.library().Hints() {
			if hint.Language != result.Language || slices.Contains(place.IDs, hint.ID) {
				continue
			}
			list.Items = append(list.Items, s.completionOf(hint, near[hint.ID], place.Close, word))
		}
		return list, nil
	}, nil
}

func allowWord(name, detail string, at protocol.Range) protocol.CompletionItem {
	return protocol.CompletionItem{
		Label: name, Kind: protocol.CompletionItemKindKeyword, Detail: protocol.NewOptional(detail),
		TextEdit: &protocol.TextEdit{Range: at, NewText: name + "("},
	}
}

// completionOf is a hint id to insert. What is found here comes first.
func (s *Server) completionOf(hint *course.Hint, here, closing bool, at protocol.Range) protocol.CompletionItem {
	item := protocol.CompletionItem{
		Label: hint.ID, Kind: protocol.CompletionItemKindConstant, Detail: protocol.NewOptional(plainTitle(hint)),
		SortText: protocol.NewOptional("2" + hint.ID), Data: protocol.LSPAny(quote(hint.ID)),
	}
	insert := hint.ID
	if closing {
		insert += "): "
	}
	item.TextEdit = &protocol.TextEdit{Range: at, NewText: insert}
	if here {
		item.SortText = protocol.NewOptional("1" + hint.ID)
		item.Preselect = protocol.NewOptional(true)
	}
	return item
}

// resolveCompletionItem adds what the hint says.
func (s *Server) resolveCompletionItem(p *protocol.CompletionItem) (answer, error) {
	var id string
	if len(p.Data) > 0 {
		if err := protocol.Unmarshal(p.Data, &id); err != nil {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the item's data is not lectern's: %v", err)
		}
	}
	first := s.environmentOf("")
	return func(ctx context.Context) (any, error) {
		hint, env, err := found(ctx, s, first, func(l *course.Library) (*course.Hint, bool) { return l.Hint(id) })
		if err != nil {
			return nil, err
		}
		if env != nil {
			// Plain text, as hovers may have another format than completions.
			lead := writer{plain: true}.paragraph(hint.Lead, func(string) string { return "" })
			p.Documentation = protocol.String(lead)
		}
		return p, nil
	}, nil
}

// hintsNear are the hints that are found on the line of an offset or on the next
// line that has findings, which is what an allow there would silence.
func hintsNear(result *engine.Result, off int) map[string]bool {
	near := map[string]bool{}
	row := result.Text.LineOf(off)
	next := nextCodeLine(result.Text, row)
	for _, f := range result.Findings() {
		if at := result.Text.LineOf(f.Range.Start); at == row || at == next {
			near[f.Hint] = true
		} else if at > next {
			break
		}
	}
	return near
}

// nextCodeLine is the next line that is neither empty nor a comment nor an
// attribute.
func nextCodeLine(t *text.Text, row int) int {
	for row++; row < t.Lines(); row++ {
		r := t.LineRange(row)
		line := bytes.TrimSpace(t.Slice(r.Start, r.End))
		if len(line) > 0 && !bytes.HasPrefix(line, []byte("//")) && !bytes.HasPrefix(line, []byte("#")) {
			return row
		}
	}
	return row
}
