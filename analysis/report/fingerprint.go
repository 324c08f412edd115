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
	text *text.Text
	seen map[[sha256.Size]byte]int
}

func newFingerprints(t *text.Text) *fingerprints {
	return &fingerprints{t, map[[sha256.Size]byte]int{}}
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
