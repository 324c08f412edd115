package report

import (
	"strconv"
	"unicode/utf16"
)

// lineHashKey names the one fingerprint that GitHub's code scanning looks at. Its
// upload action fills it in where a log has none, and complains of values that are
// not its own; who uploads a log in another way gets alerts twice without it.
const lineHashKey = "primaryLocationLineHash"

// lineHashes are the hashes of the lines of a text as GitHub's upload action makes
// them, line 1 first: a polynomial in 37 over the 100 UTF-16 units from where the
// line begins, without spaces and tabs, every line end being one \n and the end of
// the text 65535; behind a colon, the how manieth such line it is.
func lineHashes(content []byte) []string {
	const block, end = 100, 65535
	var units []uint16
	starts := []int{0}
	previous := rune(0)
	for _, r := range string(content) {
		switch {
		case r == ' ' || r == '\t' || r == '\n' && previous == '\r':
		case r == '\n' || r == '\r':
			units = append(units, '\n')
			starts = append(starts, len(units))
		default:
			units = utf16.AppendRune(units, r)
		}
		previous = r
	}
	units = append(units, end)
	units = append(units, make([]uint16, block)...)

	out := uint64(1) // the weight of a unit that leaves the block
	var h uint64
	for _, u := range units[:block] {
		h = h*37 + uint64(u)
		out *= 37
	}
	hashes := make([]string, 0, len(starts))
	seen := map[uint64]int{}
	for i := 0; len(hashes) < len(starts); i++ {
		if i == starts[len(hashes)] {
			seen[h]++
			hashes = append(hashes, strconv.FormatUint(h, 16)+":"+strconv.Itoa(seen[h]))
		}
		if i+block < len(units) {
			h = h*37 + uint64(units[i+block]) - out*uint64(units[i])
		}
	}
	return hashes
}
