package course

import (
	"errors"
	"strings"
)

// ErrNeedsStd says that what a fix writes is in `std`, and the crate is no_std.
var ErrNeedsStd = errors.New("the fix needs the standard library, and the crate is no_std")

// stdUse says how what an edit writes depends on the standard library.
type stdUse uint8

const (
	stdUnused stdUse = iota
	stdNamed         // by `{std}`, which is `core` in a crate that is no_std
	stdNeeded        // by a path that starts with `std::`
)

// stdUseOf tells what an edit's templates name.
func stdUseOf(e EditRule) stdUse {
	use := stdUnused
	for _, template := range []string{e.With, e.Before, e.After} {
		for _, p := range Template(template) {
			switch {
			case p.Capture == "std":
				use = max(use, stdNamed)
			case namesStd(p.Text):
				use = stdNeeded
			}
		}
	}
	return use
}

// namesStd reports a path in a text that starts with `std::`.
func namesStd(s string) bool {
	for {
		before, after, ok := strings.Cut(s, "std::")
		if !ok {
			return false
		}
		if before == "" || !isWord(before[len(before)-1]) {
			return true
		}
		s = after
	}
}

func isWord(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}
