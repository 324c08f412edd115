package main

import (
	"slices"
	"sync"

	"lectern/analysis/files"
	"lectern/analysis/rust"
)

// crates finds the facts of the crates that files belong to. Many goroutines use
// it at once; each manifest and crate root is read once.
type crates struct {
	loader   *rust.Loader
	mu       sync.Mutex
	contents map[string]*content
	said     map[string]bool
}

type content struct {
	once sync.Once
	text []byte
	err  error
}

func newCrates() *crates {
	c := &crates{contents: map[string]*content{}, said: map[string]bool{}}
	c.loader = rust.NewLoader(c.read)
	return c
}

// of is the crate of a file, with what could be found out.
func (c *crates) of(path string) *rust.Crate {
	crate, err := c.loader.Load(path)
	if err != nil {
		c.mu.Lock()
		c.said[err.Error()] = true
		c.mu.Unlock()
	}
	return crate
}

func (c *crates) read(path string) ([]byte, error) {
	c.mu.Lock()
	one := c.contents[path]
	if one == nil {
		one = &content{}
		c.contents[path] = one
	}
	c.mu.Unlock()
	one.once.Do(func() { one.text, one.err = files.Read(path) })
	return one.text, one.err
}

// complaints are what was wrong with manifests, each once.
func (c *crates) complaints() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []string
	for s := range c.said {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}
