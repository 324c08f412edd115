package main

import (
	"sync"

	"lectern/analysis/course"
	"lectern/analysis/report"
)

// touched are the lessons that a run has met so far, whose list ends the report.
// Once a lesson is there, a hint that is not shown adds nothing to it.
type touched struct{ lessons sync.Map }

// lesson is a section of a course.
type lesson struct{ course, section string }

func (t *touched) add(items []report.Item) {
	for _, it := range items {
		if it.Section != "" && it.Silenced == nil {
			t.lessons.Store(lesson{it.Course, it.Section}, true)
		}
	}
}

func (t *touched) has(h *course.Hint) bool {
	_, ok := t.lessons.Load(lesson{h.Course, h.Section})
	return ok
}

// wanted reports a hint whose findings the report needs: it shows them, or they
// may add a lesson to its list. In which order files are checked decides how many
// hints are wanted, but never what is reported.
func (c *checker) wanted(h *course.Hint) bool {
	severity, ok := c.material.settings.Severity(h.ID, h.Kind)
	if !ok {
		severity = h.Severity
	}
	return c.chosen.kinds == nil && c.chosen.all ||
		c.chosen.wanted(report.Item{Kind: h.Kind.String(), Severity: severity}) ||
		h.Section != "" && !c.touched.has(h)
}
