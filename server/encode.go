package server

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"strconv"
	"sync"

	"go.lsp.dev/protocol"

	"lectern/analysis/config"
	"lectern/analysis/engine"
	"lectern/analysis/finding"
)

// With each key that is typed a client wants all diagnostics of a document. Most are
// what they were, but for where they are: what is behind the range of each is
// encoded once.

// encoded are the diagnostics of a document as far as they have been encoded.
type encoded struct {
	mu   sync.Mutex
	env  *environment
	rest map[shown]string // what follows a range, to the closing brace
}

// shown is what is told of a finding beside its places.
type shown struct {
	hint, section, message string
	severity               finding.Severity
}

// maxEncoded bounds the parts that are kept of one document. Messages spell the code,
// so that typing makes new ones.
const maxEncoded = 4096

// seed is of this process: ids of results do not outlive it.
var seed = maphash.MakeSeed()

// resultID is the same for the same diagnostics.
func resultID(items []byte) string { return strconv.FormatUint(maphash.Bytes(seed, items), 36) }

// encodeDiagnostics is the list as JSON, with its id.
func encodeDiagnostics(list []protocol.Diagnostic) (items []byte, id string, err error) {
	items = append(items, '[')
	for i := range list {
		if i > 0 {
			items = append(items, ',')
		}
		if items, err = protocol.AppendMarshal(items, &list[i]); err != nil {
			return nil, "", err
		}
	}
	items = append(items, ']')
	return items, resultID(items), nil
}

// encode makes the diagnostics of an open document JSON, as encodeDiagnostics does. It
// calls use with it and its id; the memory is used again afterwards.
func (s *Server) encode(c *check, result *engine.Result, use func(items []byte, id string)) error {
	buffer, _ := s.buffers.Get().(*[]byte)
	if buffer == nil {
		buffer = new([]byte)
	}
	defer s.buffers.Put(buffer)
	items, err := s.appendDiagnostics((*buffer)[:0], c, result)
	if err != nil {
		return err
	}
	*buffer = items
	use(items, resultID(items))
	return nil
}

// appendDiagnostics adds the diagnostics of an open document.
func (s *Server) appendDiagnostics(items []byte, c *check, result *engine.Result) (_ []byte, err error) {
	items = append(items, '[')
	if !c.env.settings.Enabled(config.Diagnostics) {
		return append(items, ']'), nil
	}
	e := &c.doc.encoded
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.env != c.env || len(e.rest) > maxEncoded {
		e.env, e.rest = c.env, map[shown]string{}
	}
	at := s.places(result.Text)
	for _, i := range result.Diagnostics {
		head := result.Head(i)
		f := &head
		if len(items) > 1 {
			items = append(items, ',')
		}
		if s.can.related && len(f.Related) > 0 {
			d := s.diagnosticOf(c, result.Text, f)
			if items, err = protocol.AppendMarshal(items, &d); err != nil {
				return nil, err
			}
			continue
		}
		key := shown{f.Hint, f.Section, f.Message, f.Severity}
		rest, ok := e.rest[key]
		if !ok {
			if rest, err = s.encodeRest(c, result, f); err != nil {
				return nil, err
			}
			e.rest[key] = rest
		}
		items = appendRange(items, at.rangeToProtocol(f.Range))
		items = append(items, rest...)
	}
	for _, d := range s.allowDiagnostics(c, result) {
		if len(items) > 1 {
			items = append(items, ',')
		}
		if items, err = protocol.AppendMarshal(items, &d); err != nil {
			return nil, err
		}
	}
	return append(items, ']'), nil
}

// appendRange begins a diagnostic with its range.
func appendRange(b []byte, r protocol.Range) []byte {
	b = append(b, `{"range":{"start":{"line":`...)
	b = strconv.AppendUint(b, uint64(r.Start.Line), 10)
	b = append(b, `,"character":`...)
	b = strconv.AppendUint(b, uint64(r.Start.Character), 10)
	b = append(b, `},"end":{"line":`...)
	b = strconv.AppendUint(b, uint64(r.End.Line), 10)
	b = append(b, `,"character":`...)
	b = strconv.AppendUint(b, uint64(r.End.Character), 10)
	return append(b, "}}"...)
}

// encodeRest is a diagnostic as JSON from behind its range.
func (s *Server) encodeRest(c *check, result *engine.Result, f *finding.Finding) (string, error) {
	d := s.diagnosticOf(c, result.Text, f)
	d.RelatedInformation = nil
	b, err := protocol.AppendMarshal(nil, &d)
	if err != nil {
		return "", err
	}
	rest, ok := bytes.CutPrefix(b, appendRange(nil, d.Range))
	if !ok {
		return "", fmt.Errorf("a diagnostic does not begin with its range: %.100s", b)
	}
	return string(rest), nil
}
