package server

import (
	"path/filepath"
	"sync"

	"lectern/analysis/engine"
	"lectern/analysis/problem"
)

// spent are the hints of an environment whose queries cost too much somewhere.
// The engine has given them up for that document; here their authors are told.
type spent struct {
	mu       sync.Mutex
	problems map[string]problem.Problem // by hint
}

// giveUp notes the hints that a check gave up, and has them shown at their
// queries. A hint is shown once, with the first text that was too much for it.
func (s *Server) giveUp(env *environment, result *engine.Result) {
	if len(result.Exhausted) == 0 {
		return
	}
	env.spent.mu.Lock()
	news := false
	for _, id := range result.Exhausted {
		hint, ok := env.library().Hint(id)
		if _, known := env.spent.problems[id]; known || !ok {
			continue
		}
		if env.spent.problems == nil {
			env.spent.problems = map[string]problem.Problem{}
		}
		p := problem.Problem{
			File: hint.File, Hint: id,
			Message: "the query takes too many steps in " + filepath.Base(result.Path) + ", and the hint is off there",
			Help:    "begin at a rarer node, or ask the cheap predicates first",
		}
		if len(hint.Queries) > 0 {
			p.Line, p.Column = hint.Queries[0].Line, 1
		}
		env.spent.problems[id] = p
		news = true
	}
	env.spent.mu.Unlock()
	if news {
		s.wake() // reload shows the problems
	}
}

// all are the problems, by file and line.
func (s *spent) all() []problem.Problem {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []problem.Problem
	for _, p := range s.problems {
		list = append(list, p)
	}
	problem.Sort(list)
	return list
}
