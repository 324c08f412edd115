package server

import (
	"context"

	"lectern/analysis/config"
	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/problem"
)

// environment is what the documents of one folder are checked with. It is a
// promise until ready is closed, and immutable then; a change makes another one.
type environment struct {
	ready chan struct{}
	contents
	spent spent
}

// contents are what an environment promises.
type contents struct {
	rules    *engine.Rules
	settings *config.Settings
	courses  []string // the folders of the courses that the settings name
	problems []problem.Problem
}

func newEnvironment() *environment { return &environment{ready: make(chan struct{})} }

// await waits for the promise.
func (e *environment) await(ctx context.Context) error {
	select {
	case <-e.ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// isReady reports that the promise is kept.
func (e *environment) isReady() bool {
	select {
	case <-e.ready:
		return true
	default:
		return false
	}
}

// library is the courses.
func (c *contents) library() *course.Library { return c.rules.Library() }

// lessonOf is the lesson of a hint.
func (c *contents) lessonOf(hintID string) (*course.Section, bool) {
	hint, ok := c.library().Hint(hintID)
	if !ok {
		return nil, false
	}
	return c.library().SectionOf(hint)
}

// chapterIDs are the ids of the chapters of all courses.
func (c *contents) chapterIDs() []string {
	var ids []string
	for _, known := range c.library().Courses() {
		for _, chapter := range known.Chapters {
			ids = append(ids, chapter.ID)
		}
	}
	return ids
}
