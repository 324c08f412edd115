package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"lectern/analysis/text"
)

// fingerprintKey names the way in which fingerprints are made.
const fingerprintKey = "lectern/v1"

// fingerprints tell the items of one file apart by what is marked and not by
// where: lines that are moved or indented keep theirs. Of equal ones in a file the
// first is 1, the next 2.
type fingerprints struct {
	text  *text.Text
	seen  map[[sha256.Size]byte]int
	lines []string // hashes, made when the first is asked for
}

func newFingerprints(t *text.Text) *fingerprints {
	return &fingerprints{text: t, seen: map[[sha256.Size]byte]int{}}
}

// maxPrinted bounds the marked text that counts: a file can be one line.
const maxPrinted = 1 << 12

func (p *fingerprints) of(it Item) string {
	start := p.text.LineRange(p.text.LineOf(it.Range.Start)).Start
	end := p.text.LineRange(p.text.LineOf(max(it.Range.Start, it.Range.End-1))).End
	if end-start > maxPrinted {
		start, end = it.Range.Start, min(it.Range.End, it.Range.Start+maxPrinted)
	}
	words := bytes.Fields(p.text.Slice(start, end))
	sum := sha256.Sum256(append([]byte(it.Hint+"\x00"), bytes.Join(words, []byte{' '})...))
	p.seen[sum]++
	return hex.EncodeToString(sum[:16]) + ":" + strconv.Itoa(p.seen[sum])
}

// line is the hash of the line that an item begins on.
func (p *fingerprints) line(it Item) string {
	if p.lines == nil {
		p.lines = lineHashes(p.text.Bytes())
	}
	return p.lines[min(p.text.LineOf(it.Range.Start), len(p.lines)-1)]
}
