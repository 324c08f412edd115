// Package course reads courses: folders of lesson pages and hint files. It
// checks all that can be checked without a grammar; what it returns is plain
// data that is never changed afterwards.
//
// A course's folder is laid out as mdBook's sources are, with two things more:
//
//	course.yaml                        id, title, base-url, defaults
//	SUMMARY.md                         the chapters and sections in order
//	<chapter>/<section>.md             a lesson page, plain Markdown
//	<chapter>/<section>/<hint>.md      a hint: front matter, prose, queries, examples
//	patterns/<name>.scm                a pattern that all queries of the course may name
//
// An mdBook as it is, with book.toml and src/, is a course too: hint files stand
// among its pages. A folder whose course.yaml says `extends: <course>` is laid
// over that course, file by file.
package course

import "lectern/analysis/finding"

// Course is one course, with everything that later folders laid over it.
type Course struct {
	ID          string // from course.yaml, or the folder's name
	Title       string
	Description string
	BaseURL     string // where the pages are published, without a slash at the end; or ""
	Chapters    []*Chapter
	Hints       []*Hint    // by section, then by id
	Patterns    []*Pattern // by name
	Source      string     // the name or folder of the source that brought it
}

// Chapter is a part of a course.
type Chapter struct {
	ID       string   // its folder's name; "" for a chapter of drafts alone
	Title    string   // plain text
	Part     string   // the title of the part that it belongs to, or ""
	Numbered bool     // false for the chapters in front of and behind the list
	Page     *Section // its own page, or nil
	Sections []*Section
}

// Section is one lesson.
type Section struct {
	ID      string // its page's path without ".md", as "allocators/global-alloc"; "" for a draft
	Course  string // id of the course
	Chapter string // title of the chapter
	Title   string // plain text
	Path    string // of the page in the course's folder, with slashes; "" for a draft
	File    string // the page as a reader would open it; "" for a draft
	Body    []byte // Markdown; nil for a draft
}

// Draft reports a section whose page is not written.
func (s *Section) Draft() bool { return s.Path == "" }

// Hint is a hint rule: what to look for, and what to say about it.
type Hint struct {
	ID         string // the file's name without ".md"
	Title      string // one line of Markdown, without links
	Course     string
	Section    string // id of its lesson
	Kind       finding.Kind
	Language   string // "rust" or "toml"
	Severity   finding.Severity
	Message    string // template, plain text
	Lints      []string
	Tags       []finding.Tag // each once
	References []string      // URLs
	Related    []Related
	Fixes      []FixRule
	Lead       string // first paragraph, Markdown
	Body       string // the whole prose, Markdown, without queries and examples
	Queries    []Fence
	Named      []Fence // patterns of this hint alone
	Examples   []Example
	Blocks     []Block // prose and examples in their order, without queries
	Path       string  // in the course's folder, with slashes
	File       string  // as a reader would open it

	said    map[string][]string // by lint: what a message of it has to contain, one of these
	chapter string              // id
	source  string              // the whole file, for positions
	places  map[string]int      // lines of front matter keys
}

// Chapter is the id of the chapter that the hint's lesson belongs to.
func (h *Hint) Chapter() string { return h.chapter }

// Related is a place that a finding of the hint points at: a capture of its own
// match, or findings of another hint.
type Related struct {
	Capture string // without "@"; or "" if Hint is given
	Hint    string // id of another hint, or ""
	Same    string // capture, without "@", that must have the same text in both; or ""
	Message string // template
	Line    int    // of the entry in the file
	Column  int
}

// FixRule is a fix that a hint offers, as a template.
type FixRule struct {
	Title         string
	Applicability finding.Applicability
	Edits         []EditRule
	Line          int // of the entry in the file
	Column        int
}

// EditForm says what an EditRule does with its target.
type EditForm uint8

const (
	Replace EditForm = iota
	Delete
	InsertBefore
	InsertAfter
	Wrap
)

// EditForms are the words for the forms, in the order of their values.
func EditForms() []string {
	return []string{"replace", "delete", "insert-before", "insert-after", "wrap"}
}

// EditRule is one edit of a FixRule.
type EditRule struct {
	Form          EditForm
	Target        string // capture, without "@"
	With          string // template: of Replace and the inserts
	Before, After string // templates: of Wrap
	WholeLine     bool   // of Delete: with its line, when nothing else stands there
	std           stdUse // of the templates
	Line          int    // of the entry in the file
	Column        int
}

// Fence is a query in a hint file.
type Fence struct {
	Name   string // of a named pattern, or ""
	Text   string
	Line   int // of the first line of Text in the file, from 1
	Indent int // bytes that were taken from the start of each line
}

// ExampleKind says what an example shows.
type ExampleKind uint8

const (
	Fires  ExampleKind = iota // the hint is found on the marked lines
	Silent                    // it is not found
	Fixed                     // the fires example before it, after a fix
)

// String is the word that opens the example in a hint file.
func (k ExampleKind) String() string { return exampleWords()[k] }

func exampleWords() []string { return []string{"fires", "silent", "fixed"} }

// Example is a test of a hint, and an illustration.
type Example struct {
	Kind     ExampleKind
	Language string            // of the fence: "rust" or "toml"
	Fix      string            // of Fixed: the fix's title
	Of       int               // of Fixed: number of the fires example in Examples
	Attr     map[string]string // edition, rust-version, path, no_compile, no_run
	Manifest string            // Cargo.toml that goes with it, or ""
	Text     string
	Line     int // of the first line of Text in the file, from 1
	Indent   int
}

// Block is a piece of a hint's text in its order.
type Block struct {
	Prose   string // Markdown, or "" for an example
	Example int    // number in Examples if Prose is ""
}

// Pattern is a named pattern that all queries of a course may use.
type Pattern struct {
	Name string // the file's name without ".scm"
	Text string
	Path string
	File string
}
