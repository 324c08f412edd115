package server

import (
	"context"
	"sync/atomic"
	"time"

	"lectern/analysis/syntax"
)

// tidyEvery is how long after some work, and how often while more of it comes, the
// memory of trees that are gone is given back.
const tidyEvery = 10 * time.Second

// memory is what is known of C's part of it.
type memory struct{ untidy atomic.Bool } // something was parsed or closed; a task will see to it

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
