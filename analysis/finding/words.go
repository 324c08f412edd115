package finding

import "fmt"

// Kind says what a hint tells the learner.
type Kind uint8

const (
	// Concept: you are using this, and here is the lesson about it.
	Concept Kind = iota
	// Pitfall: this is wrong or fragile.
	Pitfall
	// Praise: this is done well.
	Praise
)

// Kinds are the words for the kinds, in the order of their values.
func Kinds() []string { return []string{"concept", "pitfall", "praise"} }

// String is the word that hint files use.
func (k Kind) String() string { return word(Kinds(), int(k), "Kind") }

// ParseKind is the kind that a word names.
func ParseKind(s string) (Kind, bool) {
	n, ok := value(Kinds(), s)
	return Kind(n), ok
}

// MarshalText lets encoders write the word.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the word.
func (k *Kind) UnmarshalText(b []byte) error { return unmarshal(k, b, ParseKind, "kind") }

// Severity is how loudly a finding is shown. The greater, the louder.
type Severity uint8

const (
	// Off: not reported as a diagnostic.
	Off Severity = iota
	// Hint: dots under the first letters, or nothing.
	Hint
	// Information: worth reading.
	Information
	// Warning: likely wrong.
	Warning
	// Error: rejected by the compiler, or punished by a run.
	Error
)

// Severities are the words for the severities, in the order of their values.
func Severities() []string { return []string{"off", "hint", "information", "warning", "error"} }

// String is the word that hint files and configurations use.
func (s Severity) String() string { return word(Severities(), int(s), "Severity") }

// ParseSeverity is the severity that a word names.
func ParseSeverity(s string) (Severity, bool) {
	n, ok := value(Severities(), s)
	return Severity(n), ok
}

// MarshalText lets encoders write the word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word.
func (s *Severity) UnmarshalText(b []byte) error { return unmarshal(s, b, ParseSeverity, "severity") }

// Applicability says how far a fix can be trusted, in rustc's words.
type Applicability uint8

const (
	// MachineApplicable: surely what was meant; may be applied unseen.
	MachineApplicable Applicability = iota
	// MaybeIncorrect: correct code, which may not be what was meant.
	MaybeIncorrect
	// HasPlaceholders: the learner must fill something in.
	HasPlaceholders
)

// Applicabilities are the words, in the order of their values.
func Applicabilities() []string {
	return []string{"machine-applicable", "maybe-incorrect", "has-placeholders"}
}

// String is the word that hint files and reports use.
func (a Applicability) String() string { return word(Applicabilities(), int(a), "Applicability") }

// ParseApplicability is the applicability that a word names.
func ParseApplicability(s string) (Applicability, bool) {
	n, ok := value(Applicabilities(), s)
	return Applicability(n), ok
}

// MarshalText lets encoders write the word.
func (a Applicability) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the word.
func (a *Applicability) UnmarshalText(b []byte) error {
	return unmarshal(a, b, ParseApplicability, "applicability")
}

// Tag says more of the marked code than that something is wrong with it.
type Tag uint8

const (
	// Unnecessary: the code can go without a loss. Editors fade it out.
	Unnecessary Tag = iota
	// Deprecated: the code uses what has a successor. Editors strike it through.
	Deprecated
)

// Tags are the words, in the order of their values.
func Tags() []string { return []string{"unnecessary", "deprecated"} }

// String is the word that hint files use.
func (t Tag) String() string { return word(Tags(), int(t), "Tag") }

func word(words []string, n int, kind string) string {
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprintf("%s(%d)", kind, n)
}

func value(words []string, s string) (int, bool) {
	for n, w := range words {
		if w == s {
			return n, true
		}
	}
	return 0, false
}

func unmarshal[T any](to *T, b []byte, parse func(string) (T, bool), what string) error {
	v, ok := parse(string(b))
	if !ok {
		return fmt.Errorf("unknown %s %q", what, b)
	}
	*to = v
	return nil
}
