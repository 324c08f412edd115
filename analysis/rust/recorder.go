package rust

import "slices"

// Key stands for one name in one module, or for another part of a Context that
// can change by itself. Two names may share a key; that only leads to a check
// too many.
type Key uint64

// Record is what the checks of one unit looked up. It is immutable.
type Record struct {
	Keys   []Key // sorted, each once
	Crate  bool  // facts of the crate were asked for
	Masked bool  // masked words were asked for
}

// Recorder collects what predicates look up. One goroutine at a time may use it.
type Recorder struct {
	keys   []Key            // the first few, which are all for most units
	more   map[Key]struct{} // those after them
	crate  bool
	masked bool
	epoch  uint64 // number of Takes: cached answers do not outlive one
}

// fewKeys is how many keys are searched one by one.
const fewKeys = 32

// Take returns what was recorded since the last Take, and forgets it.
func (r *Recorder) Take() Record {
	rec := Record{Crate: r.crate, Masked: r.masked}
	if n := len(r.keys) + len(r.more); n > 0 {
		rec.Keys = append(make([]Key, 0, n), r.keys...)
		for k := range r.more {
			rec.Keys = append(rec.Keys, k)
		}
		slices.Sort(rec.Keys)
		r.keys = r.keys[:0]
		clear(r.more)
	}
	r.crate, r.masked = false, false
	r.epoch++
	return rec
}

func (r *Recorder) key(k Key) {
	if r == nil || slices.Contains(r.keys, k) {
		return
	}
	if len(r.keys) < fewKeys {
		r.keys = append(r.keys, k)
		return
	}
	if r.more == nil {
		r.more = map[Key]struct{}{}
	}
	r.more[k] = struct{}{}
}

// Changes are the names whose meaning an Update may have changed. Nil means none.
type Changes struct {
	keys    map[Key]struct{}
	renamed []string
}

// Renamed are the names that came to those of Context.Renamed.
func (c *Changes) Renamed() []string {
	if c == nil {
		return nil
	}
	return c.renamed
}

// Empty reports that nothing changed.
func (c *Changes) Empty() bool { return c == nil || len(c.keys) == 0 }

// Affect reports that a unit with this record must be checked again.
func (c *Changes) Affect(r Record) bool {
	if c.Empty() {
		return false
	}
	for _, k := range r.Keys {
		if _, ok := c.keys[k]; ok {
			return true
		}
	}
	return false
}
