package server

import (
	"context"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// none are the params of methods that have none.
type none struct{}

// initialize answers at once; courses load in the background meanwhile.
func (s *Server) initialize(p *protocol.InitializeParams) (answer, error) {
	if s.phase.Load() != fresh {
		return nil, jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server is initialized already")
	}
	s.can = abilitiesOf(&p.Capabilities)
	s.mapper = mapper{encoding: s.can.encoding}
	s.clientName = p.ClientInfo.Name
	if version, ok := p.ClientInfo.Version.Get(); ok {
		s.clientName += " " + version
	}
	if err := s.setTrace(&protocol.SetTraceParams{Value: p.Trace}); err != nil {
		s.log.Warn("initialize", zap.Error(err))
	}
	s.phase.Store(serving)
	s.log.Info("initialize", zap.String("client", p.ClientInfo.Name), zap.Stringer("encoding", s.can.encoding),
		zap.Bool("pull", s.can.pull))
	s.openWorkspace(rootsOf(p), p.InitializationOptions)
	if p.ProcessID != nil {
		s.followProcess(int(*p.ProcessID))
	}
	result := &protocol.InitializeResult{
		Capabilities: s.capabilities(),
		ServerInfo:   protocol.ServerInfo{Name: "lectern", Version: protocol.NewOptional(s.options.Version)},
	}
	return func(context.Context) (any, error) { return result, nil }, nil
}

// capabilities announces what the methods of this package do, as far as this
// client can make use of it.
func (s *Server) capabilities() protocol.ServerCapabilities {
	c := protocol.ServerCapabilities{
		PositionEncoding: protocol.PositionEncodingKind(s.encoding.String()),
		TextDocumentSync: &protocol.TextDocumentSyncOptions{
			OpenClose: new(true),
			Change:    new(protocol.TextDocumentSyncKindIncremental),
			Save:      &protocol.SaveOptions{IncludeText: new(false)},
		},
		HoverProvider: protocol.Boolean(true),
		CodeActionProvider: &protocol.CodeActionOptions{
			CodeActionKinds: []protocol.CodeActionKind{protocol.CodeActionKindQuickFix, fixAllKind},
			ResolveProvider: new(s.can.resolveEdit),
		},
		CompletionProvider: &protocol.CompletionOptions{
			TriggerCharacters: []string{"(", ","},
			ResolveProvider:   new(true),
		},
		DocumentLinkProvider:   &protocol.DocumentLinkOptions{ResolveProvider: new(false)},
		CodeLensProvider:       &protocol.CodeLensOptions{ResolveProvider: new(false)},
		ExecuteCommandProvider: protocol.ExecuteCommandOptions{Commands: commandNames()},
		Workspace: &protocol.WorkspaceOptions{
			WorkspaceFolders: &protocol.WorkspaceFoldersServerCapabilities{
				Supported:           new(true),
				ChangeNotifications: protocol.Boolean(true),
			},
			FileOperations:      fileOperations(),
			TextDocumentContent: contentOptions(),
		},
	}
	if s.can.pull {
		c.DiagnosticProvider = &protocol.DiagnosticOptions{
			WorkDoneProgressOptions: protocol.WorkDoneProgressOptions{WorkDoneProgress: new(true)},
			Identifier:              new("lectern"),
			// Only the facts of a crate reach into other files, and those are
			// followed by a refresh.
			InterFileDependencies: false,
			WorkspaceDiagnostics:  true,
		}
	}
	return c
}

// initialized is the first moment at which the server may ask the client.
func (s *Server) initialized(*none) error {
	s.greet.Do(func() { close(s.greeted) })
	s.updateHealth(func(*health) {})
	s.watchFiles()
	if !s.can.watchFiles {
		s.watchOnce.Do(func() { s.background("watch files", s.watchDisk) })
	}
	s.askConfiguration()
	return nil
}

func (s *Server) shutdown(*none) (answer, error) {
	s.phase.Store(ended)
	s.scan.stir() // requests that are held are answered
	return func(context.Context) (any, error) { return nil, nil }, nil
}

func (s *Server) exited(*none) error {
	s.end()
	return nil
}

// end ends the session.
func (s *Server) end() {
	select {
	case s.exit <- s.exitCode():
	default: // it is ending already
	}
}

// exitCode is what the protocol wants: an end without shutdown is a failure.
func (s *Server) exitCode() int {
	if s.phase.Load() == ended {
		return 0
	}
	return 1
}
