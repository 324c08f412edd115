package server

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"lectern/analysis/allow"
	"lectern/analysis/config"
	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// fixAllKind is the kind of the action that makes all fixes that are sure.
const fixAllKind protocol.CodeActionKind = "source.fixAll.lectern"

// The things that an action's edit can be.
const (
	fixEdit    = "fix"
	fixAllEdit = "fixAll"
	allowEdit  = "allow"
)

// actionData is what an action carries from the list to resolve.
type actionData struct {
	URI     string `json:"uri"`
	Version int32  `json:"version"`
	Edit    string `json:"edit"`
	Hint    string `json:"hint,omitempty"`
	Start   int    `json:"start,omitempty"` // of the finding, in bytes
	End     int    `json:"end,omitempty"`
	Fix     int    `json:"fix,omitempty"` // number of the fix
}

// codeAction lists what can be done about the findings in a range.
func (s *Server) codeAction(p *protocol.CodeActionParams) (answer, error) {
	c, err := s.snapshot(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (any, error) {
		if c == nil {
			return []protocol.CommandOrCodeAction{}, nil
		}
		result, err := c.wait(ctx)
		if err != nil {
			return nil, err
		}
		if !c.env.settings.Enabled(config.CodeActions) {
			return []protocol.CommandOrCodeAction{}, nil
		}
		l := &actions{server: s, check: c, result: result, context: &p.Context}
		l.collect(s.protocolToRange(result.Text, p.Range))
		return l.list, nil
	}, nil
}

// actions is a list in the making.
type actions struct {
	server  *Server
	check   *check
	result  *engine.Result
	context *protocol.CodeActionContext
	list    []protocol.CommandOrCodeAction
}

func (l *actions) collect(r text.Range) {
	l.list = []protocol.CommandOrCodeAction{}
	if l.wants(protocol.CodeActionKindQuickFix) {
		found := l.result.Touching(r)
		for i := range found {
			l.fixes(&found[i])
		}
		l.bridge(l.lessons(found))
		l.allows(found)
		l.allowFixes(r)
	}
	if l.wants(fixAllKind) {
		l.fixAll()
	}
}

// wants reports that the client asked for the kind: for it, for one that it is
// part of, or for no kind in particular.
func (l *actions) wants(kind protocol.CodeActionKind) bool {
	if len(l.context.Only) == 0 {
		return true
	}
	return slices.ContainsFunc(l.context.Only, func(only protocol.CodeActionKind) bool {
		return only == "" || only == kind || strings.HasPrefix(string(kind), string(only)+".")
	})
}

func (l *actions) fixes(f *finding.Finding) {
	for i, fix := range l.result.Fixes(*f) {
		sure := fix.Applicability == finding.MachineApplicable
		l.addEdit(f, fix.Title, sure, protocol.CodeActionKindQuickFix, fixEdit, i, fix.Edits)
	}
}

func (l *actions) fixAll() {
	var edits []text.Edit
	if l.server.can.resolveEdit { // clients ask with every move of the cursor
		if !slices.ContainsFunc(l.result.Of(fixedSurely), func(f finding.Finding) bool { _, ok := sureFix(l.result, f); return ok }) &&
			len(sureAllowFixes(l.check.env, l.result)) == 0 {
			return
		}
	} else if edits = fixAllEdits(l.check.env, l.result); len(edits) == 0 {
		return
	}
	l.addEdit(nil, "Fix all fixable problems (Lectern)", false, fixAllKind, fixAllEdit, 0, edits)
}

// fixAllEdits are the edits of all fixes that may be made unseen; what would be
// too much is left for the next time.
func fixAllEdits(env *environment, result *engine.Result) []text.Edit {
	var sure []finding.Fix
	size := 0
	for _, f := range result.Of(fixedSurely) {
		if fix, ok := sureFix(result, f); ok {
			if size += fix.Size(); size > finding.Most {
				break
			}
			sure = append(sure, fix)
		}
	}
	edits, _ := finding.Merge(append(sure, sureAllowFixes(env, result)...))
	return edits
}

// fixedSurely reports a hint whose fix may be made unseen; of most that is not so,
// and filling in their templates is left out.
func fixedSurely(hint *course.Hint) bool {
	return slices.ContainsFunc(hint.Fixes, func(r course.FixRule) bool { return r.Applicability == finding.MachineApplicable })
}

// sureFix is the first fix of a finding that may be made unseen.
func sureFix(result *engine.Result, f finding.Finding) (finding.Fix, bool) {
	for _, fix := range result.Fixes(f) {
		if fix.Applicability == finding.MachineApplicable {
			return fix, true
		}
	}
	return finding.Fix{}, false
}

// lessons offers to read on: each lesson once, and the innermost hint and those
// that are marked in the text. It returns the ids of the lessons.
func (l *actions) lessons(found []finding.Finding) map[string]bool {
	env, told := l.check.env, map[string]bool{}
	for _, f := range found {
		lesson, ok := env.lessonOf(f.Hint)
		if ok && !lesson.Draft() && !told[lesson.ID] {
			told[lesson.ID] = true
			l.addCommand(&f, commandTo("Open lesson: "+lesson.Title, openLessonCommand, lesson.ID, string(l.check.doc.uri)))
		}
	}
	for i, f := range found {
		hint, ok := env.library().Hint(f.Hint)
		if ok && !told["hint "+f.Hint] && (i == 0 || l.marked(&f)) {
			told["hint "+f.Hint] = true
			l.addCommand(&f, commandTo("Explain: "+plainTitle(hint), explainCommand, f.Hint, string(l.check.doc.uri)))
		}
	}
	return told
}

// allows offers to silence what is marked in the text.
func (l *actions) allows(found []finding.Finding) {
	told := map[string]bool{}
	for i := range found {
		f := &found[i]
		if told[f.Hint] || !l.marked(f) {
			continue
		}
		told[f.Hint] = true
		if edit, ok := allow.Insertion(l.result.Tree, f.Range.Start, f.Hint, ""); ok {
			l.addEdit(f, fmt.Sprintf("Allow here with a reason: %s", f.Hint), false, protocol.CodeActionKindQuickFix, allowEdit, 0, []text.Edit{edit})
		}
	}
}

// marked reports that the finding has a diagnostic.
func (l *actions) marked(f *finding.Finding) bool { return l.result.Marked(f) }

func same(a, b *finding.Finding) bool { return a.Hint == b.Hint && a.Range == b.Range }

// addEdit adds an action whose edit comes now or, where the client can wait for
// it, with resolve.
func (l *actions) addEdit(f *finding.Finding, title string, preferred bool, kind protocol.CodeActionKind, what string, fix int, edits []text.Edit) {
	a := &protocol.CodeAction{Title: title, Kind: &kind}
	if preferred && l.server.can.preferred {
		a.IsPreferred = new(true)
	}
	data := actionData{URI: string(l.check.doc.uri), Version: l.result.Version, Edit: what, Fix: fix}
	if f != nil {
		a.Diagnostics = l.diagnosticsOf(f)
		data.Hint, data.Start, data.End = f.Hint, f.Range.Start, f.Range.End
	}
	if l.server.can.resolveEdit {
		a.Data = data.encode()
	} else {
		a.Edit = l.server.workspaceEdit(l.check, l.result, edits)
	}
	l.list = append(l.list, a)
}

func (l *actions) addCommand(f *finding.Finding, c protocol.Command) {
	kind := protocol.CodeActionKindQuickFix
	l.list = append(l.list, &protocol.CodeAction{Title: c.Title, Kind: &kind, Diagnostics: l.diagnosticsOf(f), Command: c})
}

// diagnosticsOf is the diagnostic of a finding, as the client sent it if it did,
// so that it can tell which of its marks an action is for.
func (l *actions) diagnosticsOf(f *finding.Finding) []protocol.Diagnostic {
	r := l.server.rangeToProtocol(l.result.Text, f.Range)
	for _, d := range l.context.Diagnostics {
		if d.Code == protocol.ProgressToken(protocol.String(f.Hint)) && d.Range == r {
			return []protocol.Diagnostic{d}
		}
	}
	if l.marked(f) {
		return []protocol.Diagnostic{l.server.diagnosticOf(l.check, l.result.Text, f)}
	}
	return nil
}

// workspaceEdit makes edits of one document what the client can apply.
func (s *Server) workspaceEdit(c *check, result *engine.Result, edits []text.Edit) *protocol.WorkspaceEdit {
	list := s.editsToProtocol(result.Text, edits)
	if !s.can.documentEdits {
		return &protocol.WorkspaceEdit{Changes: map[uri.URI][]protocol.TextEdit{c.doc.uri: list}}
	}
	elements := make([]protocol.TextDocumentEditElement, len(list))
	for i := range list {
		elements[i] = &list[i]
	}
	return &protocol.WorkspaceEdit{DocumentChanges: []protocol.DocumentChange{&protocol.TextDocumentEdit{
		TextDocument: protocol.OptionalVersionedTextDocumentIdentifier{
			TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: c.doc.uri}, Version: new(result.Version),
		},
		Edits: elements,
	}}}
}

// resolveCodeAction fills in the edit of an action that was listed without. An
// action on a finding belongs to the version that it was listed for; to fix all
// is as good for a later one.
func (s *Server) resolveCodeAction(p *protocol.CodeAction) (answer, error) {
	data, err := decodeActionData(p.Data)
	if err != nil {
		return nil, err
	}
	if data.Edit == "" {
		return func(context.Context) (any, error) { return p, nil }, nil
	}
	c, err := s.snapshot(uri.URI(data.URI))
	if err != nil {
		return nil, err
	}
	if c == nil || data.Edit != fixAllEdit && c.version != data.Version {
		return nil, protocol.ErrContentModified
	}
	return func(ctx context.Context) (any, error) {
		result, err := c.wait(ctx)
		if err != nil {
			return nil, err
		}
		edits, ok := data.edits(c.env, result)
		if !ok {
			return nil, protocol.ErrContentModified // settings or courses changed meanwhile
		}
		p.Edit = s.workspaceEdit(c, result, edits)
		return p, nil
	}, nil
}

// edits finds an action's edits in a result again.
func (d *actionData) edits(env *environment, result *engine.Result) ([]text.Edit, bool) {
	if d.Edit == fixAllEdit {
		return fixAllEdits(env, result), true
	}
	want := finding.Finding{Hint: d.Hint, Range: text.Range{Start: d.Start, End: d.End}}
	found := result.Touching(want.Range)
	for i := range found {
		f := &found[i]
		if !same(f, &want) {
			continue
		}
		if d.Edit == allowEdit {
			edit, ok := allow.Insertion(result.Tree, f.Range.Start, f.Hint, "")
			return []text.Edit{edit}, ok
		}
		fixes := result.Fixes(*f)
		if d.Fix < 0 || d.Fix >= len(fixes) {
			return nil, false
		}
		return fixes[d.Fix].Edits, true
	}
	return nil, false
}

func (d actionData) encode() protocol.LSPAny {
	b, err := protocol.Marshal(d)
	if err != nil {
		return nil
	}
	return b
}

func decodeActionData(raw protocol.LSPAny) (*actionData, error) {
	d := new(actionData)
	if len(raw) == 0 {
		return d, nil
	}
	if err := protocol.Unmarshal(raw, d); err != nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the action's data is not lectern's: %v", err)
	}
	return d, nil
}
