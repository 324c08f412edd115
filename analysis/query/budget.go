package query

// DefaultSteps is how many steps one query may take in one unit, beside
// StepsPerRow for each of the unit's rows. A step is one look at one node for one
// possible match. Queries that people write take far fewer.
const (
	DefaultSteps = 100_000
	StepsPerRow  = 200
)

// The same for texts that predicates look into: a read is to compare 64 bytes with
// one part of a regular expression, or 32 with two. A query may read each byte of
// a unit a thousand times, and a little more.
const (
	defaultReads = 100_000
	readsPerByte = 16
	readSize     = 64
)

// Budget bounds the work of each query, so that no course and no source can hang
// the program.
type Budget struct {
	// Steps replaces the default bound, if it is not 0.
	Steps int

	spent func(query int)
	off   map[int]bool // queries that used up their steps
}

// NewBudget makes a Budget of the default size that calls spent, which may be
// nil, with the number of each query that used up its steps. Such a query is not
// tried again for as long as the Budget is used: an editor that sends a key a
// moment must not pay for it with each.
func NewBudget(spent func(query int)) *Budget { return &Budget{spent: spent} }

func (b *Budget) steps(rows int) int {
	if b != nil && b.Steps > 0 {
		return b.Steps
	}
	return DefaultSteps + StepsPerRow*rows
}

// reads is the allowance for a unit with a text of so many bytes.
func (b *Budget) reads(bytes int) int {
	if b != nil && b.Steps > 0 {
		return b.Steps
	}
	return defaultReads + readsPerByte*bytes
}

func (b *Budget) report(query int) {
	if b == nil {
		return
	}
	if b.off == nil {
		b.off = map[int]bool{}
	}
	b.off[query] = true
	if b.spent != nil {
		b.spent(query)
	}
}

// closed reports a query that used up its steps.
func (b *Budget) closed(query int) bool { return b != nil && b.off[query] }
