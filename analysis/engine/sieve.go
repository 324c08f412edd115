package engine

import (
	"bytes"

	"lectern/analysis/allow"
	"lectern/analysis/query"
)

// maxSieved bounds the texts that may be passed over without a parse, in bytes: a
// long one is parsed in any case, so that what is wrong with its length is said.
const maxSieved = 1 << 20

// passes reports a text that need not be parsed: it lacks words that every hint
// that is wanted needs, and has no allow comment, which may be unused or wrong. It
// also gives the words.
func (r *Rules) passes(in Input) (bool, query.Words) {
	rs := r.languages[in.Language]
	if rs == nil || in.Text.Len() > maxSieved {
		return false, query.Words{}
	}
	content := in.Text.Whole()
	words := rs.set.Words(content, in.Crate.Renamed()...)
	if bytes.Contains(content, []byte(allow.Mark)) {
		return false, words
	}
	for i := range rs.rules {
		if (in.Wanted == nil || in.Wanted(rs.rules[i].hint)) && words.May(i) {
			return false, words
		}
	}
	return true, words
}
