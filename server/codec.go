package server

import (
	"bytes"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// codec writes and reads payloads with the protocol's own functions, which know
// its unions; plain JSON encoders do not.
type codec struct{}

// Marshal passes raw messages on as they are.
func (codec) Marshal(v any) ([]byte, error) {
	if raw, ok := v.(jsonrpc2.RawMessage); ok && raw != nil {
		return raw, nil
	}
	return protocol.Marshal(v)
}

// Unmarshal copies raw messages.
func (codec) Unmarshal(data []byte, v any) error {
	if raw, ok := v.(*jsonrpc2.RawMessage); ok {
		*raw = bytes.Clone(data)
		return nil
	}
	return protocol.Unmarshal(data, v)
}

// quote is a string as JSON.
func quote(s string) string {
	b, err := protocol.Marshal(protocol.String(s))
	if err != nil {
		return `""`
	}
	return string(b)
}
