package server

import (
	"maps"
	"sync"

	"go.lsp.dev/uri"
)

// closings are the documents that were closed and of which the client has not been
// told since what their files have. It keeps showing what they had while they were
// open: concepts and praise too, of texts that may never have been saved. Nothing is
// noted for a client that does not ask about the workspace.
//
// A request that came before a document was closed lists what the client knew then.
// So closings are numbered, and a request remembers how many there had been.
type closings struct {
	mu    sync.Mutex
	asked bool // about the workspace
	n     int
	open  map[string]closing // by uriKey, those not told of
}

type closing struct {
	uri    uri.URI
	number int // from 1
}

// begin notes that the client asks about the workspace, and tells how many
// documents it has closed so far. Both are called by the read loop.
func (c *closings) begin() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = true
	return c.n
}

func (c *closings) add(u uri.URI) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	if !c.asked {
		return
	}
	if c.open == nil {
		c.open = map[string]closing{}
	}
	c.open[uriKey(u)] = closing{u, c.n}
}

// all are those that the client has not been told of.
func (c *closings) all() map[string]closing {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.open)
}

// told forgets closings that an answer told of, but not later ones.
func (c *closings) told(list map[string]closing) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.open, func(key string, one closing) bool { return list[key] == one })
}
