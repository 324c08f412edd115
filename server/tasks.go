package server

import (
	"context"
	"sync"

	"go.uber.org/zap"
)

// tasks are the goroutines of a session. They end with its context, and none
// begins after it.
type tasks struct {
	mu       sync.Mutex
	running  int
	ending   bool
	finished chan struct{} // closed when the last has ended, once they are to end
	solo     map[string]*bool
}

func newTasks() *tasks { return &tasks{finished: make(chan struct{}), solo: map[string]*bool{}} }

// begin counts a task in; false when the session is ending.
func (t *tasks) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ending {
		return false
	}
	t.running++
	return true
}

func (t *tasks) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running--
	t.check()
}

func (t *tasks) check() {
	if t.ending && t.running == 0 {
		close(t.finished)
	}
}

// close lets no task begin any more and returns the channel that tells when the
// others have ended. It is called once.
func (t *tasks) close() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ending = true
	t.check()
	return t.finished
}

// background runs a task that may wait for the client or the disk, and logs what
// goes wrong in it.
func (s *Server) background(doing string, task func(ctx context.Context) error) {
	if !s.tasks.begin() {
		return
	}
	go func() {
		defer s.tasks.end()
		s.attempt(doing, task)
	}()
}

func (s *Server) attempt(doing string, task func(ctx context.Context) error) {
	_, err := guard(s, doing, func() (struct{}, error) { return struct{}{}, task(s.ctx) })
	if err != nil && s.ctx.Err() == nil {
		s.log.Warn("background task failed", zap.String("doing", doing), zap.Error(err))
	}
}

// solo runs a task of which one at a time is enough: asked for again meanwhile,
// it runs once more. A client that answers nothing is asked nothing twice.
func (s *Server) solo(doing string, task func(ctx context.Context) error) {
	s.tasks.mu.Lock()
	if again, runs := s.tasks.solo[doing]; runs {
		*again = true
		s.tasks.mu.Unlock()
		return
	}
	again := new(bool)
	s.tasks.solo[doing] = again
	s.tasks.mu.Unlock()
	s.background(doing, func(ctx context.Context) error {
		for {
			s.attempt(doing, task)
			s.tasks.mu.Lock()
			if !*again || ctx.Err() != nil {
				delete(s.tasks.solo, doing)
				s.tasks.mu.Unlock()
				return nil
			}
			*again = false
			s.tasks.mu.Unlock()
		}
	})
}
