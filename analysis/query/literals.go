package query

import "regexp/syntax"

// The most texts that a regular expression is replaced by.
const maxLiterals = 32

// literals lists the texts that a regular expression matches when it must match
// from the beginning to the end and they are few, as in `^(load|store)$`.
func literals(re *syntax.Regexp) ([]string, bool) {
	re = re.Simplify()
	if re.Op != syntax.OpConcat || len(re.Sub) < 2 ||
		re.Sub[0].Op != syntax.OpBeginText || re.Sub[len(re.Sub)-1].Op != syntax.OpEndText {
		return nil, false
	}
	all := []string{""}
	for _, sub := range re.Sub[1 : len(re.Sub)-1] {
		if all = expand(all, sub); all == nil {
			return nil, false
		}
	}
	return all, true
}

// expand appends to each of the texts each text that re matches; nil if those are
// too many or not a list.
func expand(texts []string, re *syntax.Regexp) []string {
	if re.Flags&syntax.FoldCase != 0 && re.Op == syntax.OpLiteral {
		return nil
	}
	var ends []string
	switch re.Op {
	case syntax.OpLiteral:
		ends = []string{string(re.Rune)}
	case syntax.OpEmptyMatch:
		return texts
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1] && len(ends) <= maxLiterals; r++ {
				ends = append(ends, string(r))
			}
		}
	case syntax.OpCapture:
		return expand(texts, re.Sub[0])
	case syntax.OpQuest:
		more := expand(texts, re.Sub[0])
		if more == nil || len(more)+len(texts) > maxLiterals {
			return nil
		}
		return append(more, texts...)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if texts = expand(texts, sub); texts == nil {
				return nil
			}
		}
		return texts
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			more := expand(texts, sub)
			if more == nil || len(all)+len(more) > maxLiterals {
				return nil
			}
			all = append(all, more...)
		}
		return all
	default:
		return nil
	}
	if len(ends)*len(texts) > maxLiterals {
		return nil
	}
	var all []string
	for _, t := range texts {
		for _, e := range ends {
			all = append(all, t+e)
		}
	}
	return all
}
