package yaml

import (
	"errors"
	"fmt"
	"strings"

	goyaml "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"lectern/analysis/problem"
)

// full reads any YAML through goccy/go-yaml.
func full(source string, firstLine int) (node Node, failed *Error) {
	if at, ok := tooDeep(source); ok {
		return Node{}, &Error{Line: firstLine + strings.Count(source[:at], "\n"), Column: column(source, at),
			Message: fmt.Sprintf("more than %d levels of nesting", maxDepth)}
	}
	// The library is not ours: a panic of its parser is one broken file.
	defer func() {
		if recover() != nil {
			node, failed = Node{}, &Error{Line: firstLine, Column: 1, Message: "this YAML cannot be read"}
		}
	}()
	// It places some words, in front of spaces or an end, outside of the text.
	lines := problem.NewLines(source)
	file, err := parser.ParseBytes([]byte(source), 0)
	if err != nil {
		return Node{}, syntaxError(err, lines, firstLine)
	}
	c := converter{lines: lines, shift: firstLine - 1}
	node = Node{Kind: Map, Line: firstLine, Column: 1}
	seen := false
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if seen {
			return Node{}, c.errorAt(doc.Body, "a second YAML document", "keep one")
		}
		seen = true
		if node, failed = c.convert(doc.Body, 0); failed != nil {
			return Node{}, failed
		}
	}
	switch node.Kind {
	case Null:
		node.Kind = Map
	case Scalar, List:
		return Node{}, &Error{Line: node.Line, Column: node.Column,
			Message: node.Kind.String() + " where `key: value` lines belong"}
	}
	return node, nil
}

// tooDeep finds the place where brackets, or the marks of lists and keys within
// one line, are nested deeper than any hint file needs: the library's time grows
// with the square of the depth.
func tooDeep(source string) (at int, found bool) {
	depth := 0
	marks := 0
	for i := 0; i < len(source); i++ {
		switch source[i] {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		case '\n':
			marks = 0
		case '-', '?', '!', '&', '*':
			if i+1 < len(source) && (source[i+1] == ' ' || source[i] == '!' || source[i] == '&') {
				marks++
			}
		}
		if depth > maxDepth || marks > 4*maxDepth {
			return i, true
		}
	}
	return 0, false
}

func syntaxError(err error, lines problem.Lines, firstLine int) *Error {
	out := &Error{Line: firstLine, Column: 1, Message: err.Error()}
	var at goyaml.Error
	if errors.As(err, &at) {
		out.Message = at.GetMessage()
		if tok := at.GetToken(); tok != nil && tok.Position != nil {
			out.Line, out.Column = lines.Place(tok.Position.Line, tok.Position.Column)
			out.Line += firstLine - 1
		}
	}
	out.Message = "YAML: " + strings.TrimSpace(strings.SplitN(out.Message, "\n", 2)[0])
	switch {
	case strings.Contains(out.Message, "mapping value"), strings.Contains(out.Message, "not allowed"),
		strings.Contains(out.Message, "unexpected"), strings.Contains(out.Message, "reserved character"):
		out.Help = "a text with `: `, ` #`, or one that starts with a mark such as `@`, a backquote, `{` or `*`, needs quotes"
	}
	if _, after, ok := strings.Cut(out.Message, "mapping key \""); ok {
		key, _, _ := strings.Cut(after, "\"")
		out.Message, out.Help = fmt.Sprintf("`%s` stands here twice", key), "keep one of the two"
	}
	return out
}

type converter struct {
	lines problem.Lines
	shift int
}

func (c converter) errorAt(n ast.Node, message, help string) *Error {
	line, col := c.place(n)
	return &Error{Line: line, Column: col, Message: message, Help: help}
}

func (c converter) place(n ast.Node) (line, column int) {
	return c.placeOf(first(n))
}

func (c converter) placeOf(tok *token.Token) (line, column int) {
	if tok == nil || tok.Position == nil {
		return c.shift + 1, 1
	}
	line, column = c.lines.Place(tok.Position.Line, tok.Position.Column)
	return line + c.shift, column
}

// first is the token that a reader would call the start of n.
func first(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return first(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return first(n.Key)
	}
	return n.GetToken()
}

func (c converter) convert(n ast.Node, depth int) (Node, *Error) {
	if depth > maxDepth {
		return Node{}, c.errorAt(n, fmt.Sprintf("more than %d levels of nesting", maxDepth), "")
	}
	var out Node
	out.Line, out.Column = c.place(n)
	switch n := n.(type) {
	case *ast.NullNode:
		return out, nil
	case *ast.StringNode:
		out.Kind, out.Text = Scalar, n.Value
		out.Plain = n.Token.Type == token.StringType
		return out, nil
	case *ast.LiteralNode:
		out.Kind, out.Text = Scalar, n.Value.Value
		return out, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		out.Kind, out.Text, out.Plain = Scalar, n.GetToken().Value, true
		return out, nil
	case *ast.SequenceNode:
		out.Kind = List
		for _, v := range n.Values {
			item, err := c.convert(v, depth+1)
			if err != nil {
				return Node{}, err
			}
			out.Items = append(out.Items, item)
		}
		return out, nil
	case *ast.MappingNode:
		return c.mapping(out, n.Values, depth)
	case *ast.MappingValueNode:
		return c.mapping(out, []*ast.MappingValueNode{n}, depth)
	case *ast.AnchorNode, *ast.AliasNode:
		return Node{}, c.errorAt(n, "anchors and aliases are not read here", "write the value out, or put it in quotes")
	case *ast.TagNode:
		return Node{}, c.errorAt(n, "tags are not read here", "put the text in quotes")
	}
	return Node{}, c.errorAt(n, "this kind of YAML is not read here", "write a `key: value`, a list or a text")
}

func (c converter) mapping(out Node, values []*ast.MappingValueNode, depth int) (Node, *Error) {
	out.Kind = Map
	for _, v := range values {
		key, ok := v.Key.(ast.Node).(*ast.StringNode)
		if !ok {
			return Node{}, c.errorAt(v.Key, "a key that is not a text", "put it in quotes")
		}
		f := Field{Key: key.Value}
		f.Line, f.Column = c.place(v.Key)
		for _, other := range out.Fields {
			if other.Key == f.Key {
				return Node{}, c.errorAt(v.Key, fmt.Sprintf("`%s` stands here twice", f.Key), "keep one of the two")
			}
		}
		value, err := c.convert(v.Value, depth+1)
		if err != nil {
			return Node{}, err
		}
		f.Value = value
		out.Fields = append(out.Fields, f)
	}
	return out, nil
}
