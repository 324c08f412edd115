package server

import (
	"context"
	"maps"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// The commands.
const (
	openLessonCommand  = "lectern.openLesson"  // section id; URI of the document it is about
	explainCommand     = "lectern.explain"     // hint id; URI of the document it is about
	listCourseCommand  = "lectern.listCourse"  // URI of the document whose courses are meant, if any
	occurrencesCommand = "lectern.occurrences" // section id, if any
	reloadCommand      = "lectern.reload"
	statusCommand      = "lectern.status"
)

// command does what a command is for; arguments are as the client sent them.
type command func(s *Server, arguments []protocol.LSPAny) (answer, error)

func commandTable() map[string]command {
	return map[string]command{
		openLessonCommand:  (*Server).openLesson,
		explainCommand:     (*Server).explainHint,
		listCourseCommand:  (*Server).listCourse,
		occurrencesCommand: (*Server).occurrences,
		reloadCommand:      (*Server).reloadAll,
		statusCommand:      (*Server).tellStatus,
	}
}

func commandNames() []string { return slices.Sorted(maps.Keys(commandTable())) }

func (s *Server) executeCommand(p *protocol.ExecuteCommandParams) (answer, error) {
	run, ok := commandTable()[p.Command]
	if !ok {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "lectern has no command %.100q", p.Command)
	}
	do, err := run(s, p.Arguments)
	if err != nil {
		return nil, err
	}
	// A command may wait for what the client says to it.
	return func(ctx context.Context) (any, error) { return do(withoutTurn(ctx)) }, nil
}

// aboutArguments are an id and what the document is checked with that it is asked
// for in; without one, the first folder's.
func (s *Server) aboutArguments(arguments []protocol.LSPAny, what string) (id string, env *environment, err error) {
	if len(arguments) == 0 {
		return "", nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the first argument is to be the id of a %s", what)
	}
	if err := protocol.Unmarshal(arguments[0], &id); err != nil {
		return "", nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the id of a %s is to be a string: %v", what, err)
	}
	if len(arguments) > 1 {
		var u string
		if err := protocol.Unmarshal(arguments[1], &u); err != nil {
			return "", nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the second argument is to be the URI of a document: %v", err)
		}
		return id, s.environmentOf(uriToPath(uri.URI(u))), nil
	}
	return id, s.environmentOf(""), nil
}

// commandTo makes a command for the client to send back.
func commandTo(title, name string, arguments ...string) protocol.Command {
	c := protocol.Command{Title: title, Command: name}
	for _, a := range arguments {
		c.Arguments = append(c.Arguments, protocol.LSPAny(quote(a)))
	}
	return c
}
