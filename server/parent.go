package server

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strconv"
	"syscall"
	"time"

	"go.uber.org/zap"
)

// followProcess ends the session when the client's process is gone, in case its
// end of the pipe lives on in another process. A process that was never seen
// alive is not followed: its number may be of another machine or container.
func (s *Server) followProcess(pid int) {
	if pid <= 0 || !alive(pid) {
		return
	}
	s.background("follow the client's process", func(ctx context.Context) error {
		tick := time.NewTicker(5 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
				if alive(pid) {
					continue
				}
				s.log.Warn("the client's process is gone", zap.Int("pid", pid))
				s.end()
				return nil
			}
		}
	})
}

// alive reports whether a process runs. One that has ended and that its parent has
// not asked after, a zombie, takes signals, but does not run.
func alive(pid int) bool {
	if state, ok := processState(pid); ok && (state == 'Z' || state == 'X') {
		return false
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer p.Release() //nolint:errcheck // nothing to do about it
	return !errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// processState is the letter of a process's state, where the system has /proc as
// Linux has it.
func processState(pid int) (state byte, ok bool) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, false
	}
	// "17 (name) S ...": a name may have brackets of its own.
	at := bytes.LastIndexByte(stat, ')') + 2
	if at < 2 || at >= len(stat) {
		return 0, false
	}
	return stat[at], true
}
