package server

import (
	"fmt"
	"sync"

	"lectern/analysis/problem"
)

// methodServerStatus is rust-analyzer's extension of the protocol, which editors
// show in their status line.
const methodServerStatus = "experimental/serverStatus"

// serverStatus is what it tells.
type serverStatus struct {
	Health    string `json:"health"` // ok, warning or error
	Quiescent bool   `json:"quiescent"`
	Message   string `json:"message,omitempty"`
}

// health is how the server is.
type health struct {
	mu      sync.Mutex
	busy    int
	problem string // with settings or courses, or ""
	broken  string // what failed inside the server, or ""
	last    serverStatus
}

// working tells that the server is at something that changes its answers, until
// the function that it returns is called.
func (s *Server) working() func() {
	s.updateHealth(func(h *health) { h.busy++ })
	return func() { s.updateHealth(func(h *health) { h.busy-- }) }
}

// updateHealth tells clients that want to know what changed.
func (s *Server) updateHealth(change func(*health)) {
	h := &s.health
	h.mu.Lock()
	defer h.mu.Unlock() // until it is sent: the last one is to be the true one
	change(h)
	next := serverStatus{Health: "ok", Quiescent: h.busy == 0}
	switch {
	case h.broken != "":
		next.Health, next.Message = "error", h.broken
	case h.problem != "":
		next.Health, next.Message = "warning", h.problem
	}
	if next == h.last || !s.can.serverStatus {
		return
	}
	select {
	case <-s.greeted:
	default:
		return // initialize is not answered yet; initialized comes back to it
	}
	h.last = next
	s.notify(methodServerStatus, &next)
}

// problemsMessage is the problems in one sentence; "" for none.
func problemsMessage(problems []problem.Problem) string {
	switch len(problems) {
	case 0:
		return ""
	case 1:
		return problems[0].String()
	}
	return fmt.Sprintf("%s, and %d more", problems[0], len(problems)-1)
}

// allProblems are the problems of all folders, each once.
func (s *Server) allProblems() []problem.Problem {
	var list []problem.Problem
	seen := map[problem.Problem]bool{}
	for _, env := range s.environments() {
		for _, p := range env.problems {
			if !seen[p] {
				seen[p] = true
				list = append(list, p)
			}
		}
	}
	return list
}
