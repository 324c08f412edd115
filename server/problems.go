package server

import (
	"fmt"
	"path/filepath"
	"slices"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"lectern/analysis/problem"
	"lectern/analysis/text"
)

// showProblems tells what is wrong in settings and courses, and which hints cost
// too much: as diagnostics at
// the very places, which are pushed to every client since nobody pulls for those
// files, and to clients that pull also as a message, since they may not look.
// Only reload calls it.
func (s *Server) showProblems() {
	files := map[string][]problem.Problem{}
	var news []problem.Problem
	for _, env := range s.environments() {
		for _, p := range slices.Concat(env.problems, env.spent.all()) {
			if slices.Contains(files[p.File], p) {
				continue // of a course that two folders use
			}
			files[p.File] = append(files[p.File], p)
			if !slices.Contains(s.problems[p.File], p) {
				news = append(news, p)
			}
		}
	}
	before := s.problems
	s.problems = files
	for _, p := range news {
		s.log.Warn("problem", zap.String("at", p.String()))
	}
	if !s.can.pull { // what has a place is seen there
		news = slices.DeleteFunc(news, func(p problem.Problem) bool { return p.File != clientSettings })
	}
	if len(news) > 0 {
		message := "Lectern: " + news[0].String()
		if len(news) > 1 {
			message += fmt.Sprintf(", and %d more; the log has all", len(news)-1)
		}
		s.tellOnce(protocol.MessageTypeWarning, message)
	}
	for file := range before {
		if _, still := files[file]; !still && filepath.IsAbs(file) {
			s.publish(pathToURI(file), "", []byte("[]"))
		}
	}
	for file, list := range files {
		if filepath.IsAbs(file) && !slices.Equal(before[file], list) {
			s.publishProblems(file, list)
		}
	}
}

func (s *Server) publishProblems(file string, list []problem.Problem) {
	content, err := s.readFile(file)
	if err != nil {
		content = nil
	}
	t := text.New(content)
	var diagnostics []protocol.Diagnostic
	for _, p := range list {
		message := p.Message
		if p.Help != "" {
			message += "\n" + p.Help
		}
		diagnostics = append(diagnostics, protocol.Diagnostic{
			Range:    s.problemToRange(t, p),
			Severity: protocol.DiagnosticSeverityError,
			Source:   protocol.NewOptional(source),
			Message:  protocol.String(message),
		})
	}
	items, _, err := encodeDiagnostics(diagnostics)
	if err != nil {
		s.log.Error("problems cannot be encoded", zap.Error(err))
		return
	}
	s.publish(pathToURI(file), "", items)
}
