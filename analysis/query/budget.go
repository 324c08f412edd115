package query

// DefaultSteps is how many steps one query may take in one unit, beside
// StepsPerRow for each of the unit's rows. A step is one look at one node for one
// possible match. Queries that people write take far fewer.
const (
	DefaultSteps = 100_000
	StepsPerRow  = 200
)

// Budget bounds the work of each query, so that no course and no source can hang
// the program.
type Budget struct {
	// Steps replaces the default bound, if it is not 0.
	Steps int

	spent func(query int)
}

// NewBudget makes a Budget of the default size that calls spent, which may be
// nil, with the number of each query that used up its steps: once for each call
// of Matcher.Frame or Matcher.Tree. Such a query has no further matches in the
// unit.
func NewBudget(spent func(query int)) *Budget { return &Budget{spent: spent} }

func (b *Budget) steps(rows int) int {
	if b != nil && b.Steps > 0 {
		return b.Steps
	}
	return DefaultSteps + StepsPerRow*rows
}

func (b *Budget) report(query int) {
	if b != nil && b.spent != nil {
		b.spent(query)
	}
}
