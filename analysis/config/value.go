package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"lectern/analysis/problem"
)

// value is a value as written, in YAML or JSON.
type value struct {
	place   place
	what    string // "a string", "a number", ... for messages
	text    string // of a string
	truth   bool   // of a boolean
	list    []value
	entries []entry // of a map
}

type entry struct {
	key   word
	value value
}

const (
	isNull    = "nothing"
	isString  = "a string"
	isBoolean = "true or false"
	isNumber  = "a number"
	isList    = "a list"
	isMap     = "a map"
	isOther   = "an unusual YAML value"
)

// fromYAML reads a document of YAML. A document without content is nothing.
func fromYAML(file string, content []byte) (v value, problems []problem.Problem) {
	at := place{file: file}
	if !utf8.Valid(content) {
		return v, []problem.Problem{at.problem("the file is not UTF-8 text", "save it with the encoding UTF-8")}
	}
	if deep(content) {
		return v, []problem.Problem{at.problem("the file is nested too deeply for settings", "")}
	}
	// The library has met inputs that it could not take; a settings file must not
	// end the server.
	defer func() {
		if r := recover(); r != nil {
			v, problems = value{}, []problem.Problem{at.problem(fmt.Sprintf("the file cannot be read as YAML: %v", r), "")}
		}
	}()
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	f, err := parser.ParseBytes(content, 0)
	if err != nil {
		var wrong yaml.Error
		if errors.As(err, &wrong) {
			if t := wrong.GetToken(); t != nil {
				at = written{file, problem.NewLines(string(content))}.placeOf(t)
			}
			return v, []problem.Problem{at.problem("this is not YAML: "+wrong.GetMessage(), "")}
		}
		return v, []problem.Problem{at.problem("this is not YAML: "+err.Error(), "")}
	}
	w := written{file, problem.NewLines(string(content))}
	v = value{place: at, what: isNull}
	documents := 0
	for _, d := range f.Docs {
		if d.Body == nil || d.Body.Type() == ast.CommentType {
			continue
		}
		documents++
		v = w.value(d.Body)
		if documents > 1 {
			return v, []problem.Problem{v.place.problem("a second document", "write all settings in one, without `---`")}
		}
	}
	return v, nil
}

// deep reports nesting that no settings have and that the library needs seconds
// for. It counts brackets without knowing strings, so its bound is generous.
func deep(content []byte) bool {
	const most = 100
	depth := 0
	for _, c := range content {
		switch c {
		case '[', '{':
			if depth++; depth > most {
				return true
			}
		case ']', '}':
			depth = max(depth-1, 0)
		}
	}
	return bytes.Contains(content, bytes.Repeat([]byte("- "), most))
}

// written is a file of YAML. The library places some words outside of it.
type written struct {
	file  string
	lines problem.Lines
}

func (w written) placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{file: w.file}
	}
	line, column := w.lines.Place(t.Position.Line, t.Position.Column)
	return place{w.file, line, column}
}

func (w written) value(n ast.Node) value {
	v := value{place: w.placeOf(n.GetToken())}
	switch n := n.(type) {
	case *ast.MappingNode:
		v.what = isMap
		for _, e := range n.Values {
			v.entries = append(v.entries, w.entry(e))
		}
		if len(n.Values) > 0 && !n.IsFlowStyle {
			v.place = v.entries[0].key.place // the node's own token is the first colon
		}
	case *ast.MappingValueNode: // a map of one entry
		v.what = isMap
		v.entries = []entry{w.entry(n)}
		v.place = v.entries[0].key.place
	case *ast.SequenceNode:
		v.what = isList
		for _, e := range n.Values {
			v.list = append(v.list, w.value(e))
		}
	case *ast.StringNode:
		v.what, v.text = isString, n.Value
	case *ast.LiteralNode:
		v.what, v.text = isString, n.Value.Value
	case *ast.BoolNode:
		v.what, v.truth = isBoolean, n.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		v.what = isNumber
	case *ast.NullNode:
		v.what = isNull
	default: // anchors, aliases, tags
		v.what = isOther
	}
	return v
}

func (w written) entry(n *ast.MappingValueNode) entry {
	e := entry{key: word{place: w.placeOf(n.Key.GetToken())}, value: w.value(n.Value)}
	switch k := n.Key.(type) {
	case *ast.StringNode:
		e.key.text = k.Value
	default:
		e.key.text = n.Key.String()
	}
	if e.value.place.line == 0 || e.value.what == isNull {
		e.value.place = e.key.place // "key:" with nothing behind it
	}
	return e
}

// fromJSON reads a value as a client sends it. It has no places but its source.
func fromJSON(source string, content []byte) (value, []problem.Problem) {
	at := place{file: source}
	var raw any
	if err := json.Unmarshal(content, &raw); err != nil {
		return value{}, []problem.Problem{at.problem("this is not JSON: "+err.Error(), "")}
	}
	return fromAny(at, raw), nil
}

func fromAny(at place, raw any) value {
	v := value{place: at}
	switch raw := raw.(type) {
	case nil:
		v.what = isNull
	case string:
		v.what, v.text = isString, raw
	case bool:
		v.what, v.truth = isBoolean, raw
	case float64:
		v.what = isNumber
	case []any:
		v.what = isList
		for _, e := range raw {
			v.list = append(v.list, fromAny(at, e))
		}
	case map[string]any:
		v.what = isMap
		for _, k := range slices.Sorted(maps.Keys(raw)) {
			v.entries = append(v.entries, entry{word{k, at}, fromAny(at, raw[k])})
		}
	}
	return v
}
