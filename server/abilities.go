package server

import (
	"slices"

	"go.lsp.dev/protocol"

	"lectern/analysis/text"
)

// abilities is what of the client's capabilities makes a difference here.
type abilities struct {
	encoding text.Encoding

	pull               bool // asks for diagnostics; otherwise they are pushed
	serverStatus       bool // shows how the server is
	refreshDiagnostics bool
	refreshLenses      bool
	content            bool // shows documents of our own addresses
	progress           bool // shows the server's own progress
	related            bool // shows related information of a diagnostic
	tags               []protocol.DiagnosticTag
	codeDescription    bool
	versions           bool // takes versions of pushed diagnostics

	markdown      bool // in hovers; what a client that says nothing about it is given
	preferred     bool
	resolveEdit   bool
	documentEdits bool // takes versioned edits

	showDocument         bool
	configuration        bool // can be asked for settings
	watchConfiguration   bool // takes registrations for changed settings
	watchFiles           bool // takes registrations for changed files
	watchRelativePattern bool
}

func abilitiesOf(c *protocol.ClientCapabilities) abilities {
	a := abilities{encoding: text.UTF16, markdown: true}
	if g := c.General; g != nil {
		a.encoding = bestEncoding(g.PositionEncodings)
	}
	if w := c.Workspace; w != nil {
		a.configuration = is(w.Configuration)
		if w.WorkspaceEdit != nil {
			a.documentEdits = is(w.WorkspaceEdit.DocumentChanges)
		}
		if w.Diagnostics != nil {
			a.refreshDiagnostics = is(w.Diagnostics.RefreshSupport)
		}
		if w.CodeLens != nil {
			a.refreshLenses = is(w.CodeLens.RefreshSupport)
		}
		a.content = w.TextDocumentContent != nil
		if w.DidChangeConfiguration != nil {
			a.watchConfiguration = is(w.DidChangeConfiguration.DynamicRegistration)
		}
		if f := w.DidChangeWatchedFiles; f != nil {
			a.watchFiles = is(f.DynamicRegistration)
			a.watchRelativePattern = is(f.RelativePatternSupport)
		}
	}
	var experimental struct {
		ServerStatusNotification bool `json:"serverStatusNotification"`
	}
	if len(c.Experimental) > 0 && protocol.Unmarshal(c.Experimental, &experimental) == nil {
		a.serverStatus = experimental.ServerStatusNotification
	}
	if w := c.Window; w != nil {
		a.progress = is(w.WorkDoneProgress)
		a.showDocument = w.ShowDocument != nil && w.ShowDocument.Support
	}
	if t := c.TextDocument; t != nil {
		a.ofTextDocument(t)
	}
	return a
}

func (a *abilities) ofTextDocument(t *protocol.TextDocumentClientCapabilities) {
	if p := t.PublishDiagnostics; p != nil {
		a.ofDiagnostics(&p.DiagnosticsCapabilities)
		a.versions = is(p.VersionSupport)
	}
	if d := t.Diagnostic; d != nil {
		a.pull = true
		// Clients tend to state these once, for pushed diagnostics.
		a.ofDiagnostics(&d.DiagnosticsCapabilities)
	}
	if h := t.Hover; h != nil {
		for _, f := range h.ContentFormat {
			if f == protocol.MarkupKindMarkdown || f == protocol.MarkupKindPlainText {
				a.markdown = f == protocol.MarkupKindMarkdown // the first is the one that is wanted
				break
			}
		}
	}
	if c := t.CodeAction; c != nil {
		a.preferred = is(c.IsPreferredSupport)
		a.resolveEdit = is(c.DataSupport) && slices.Contains(c.ResolveSupport.Properties, "edit")
	}
}

func (a *abilities) ofDiagnostics(d *protocol.DiagnosticsCapabilities) {
	a.related = a.related || is(d.RelatedInformation)
	a.codeDescription = a.codeDescription || is(d.CodeDescriptionSupport)
	if len(d.TagSupport.ValueSet) > 0 {
		a.tags = d.TagSupport.ValueSet
	}
}

// bestEncoding prefers UTF-8, which costs no counting; UTF-16 is what every
// client knows.
func bestEncoding(offered []protocol.PositionEncodingKind) text.Encoding {
	switch {
	case slices.Contains(offered, protocol.PositionEncodingKindUTF8):
		return text.UTF8
	case len(offered) == 0 || slices.Contains(offered, protocol.PositionEncodingKindUTF16):
		return text.UTF16
	case slices.Contains(offered, protocol.PositionEncodingKindUTF32):
		return text.UTF32
	}
	return text.UTF16
}

func is(b *bool) bool { return b != nil && *b }
