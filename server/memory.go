package server

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"lectern/analysis/syntax"
)

// tidyEvery is how long after some work, and how often while more of it comes, the
// memory of trees that are gone is given back.
const tidyEvery = 10 * time.Second

// startFor is how long it takes, at most, to check the first documents once their
// courses are loaded.
const startFor = 2 * time.Second

// memory is what is known of C's part of it, and of the start.
type memory struct {
	untidy  atomic.Bool // something was parsed or closed; a task will see to it
	started sync.Once
}

// started notes that documents can be checked.
func (s *Server) started() {
	if s.options.Started == nil {
		return
	}
	s.memory.started.Do(func() {
		s.background("end the start", func(ctx context.Context) error {
			wait(ctx.Done(), startFor)
			s.options.Started()
			return nil
		})
	})
}

// parsed notes that trees came or went.
func (s *Server) parsed() {
	if s.memory.untidy.Swap(true) {
		return
	}
	s.background("give memory back", func(ctx context.Context) error {
		wait(ctx.Done(), tidyEvery)
		s.memory.untidy.Store(false)
		if ctx.Err() == nil {
			syntax.Release()
		}
		return nil
	})
}
