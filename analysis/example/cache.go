package example

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// cache keeps rustc's verdicts in a folder, one file each, named by what was
// asked. A cache that cannot be read or written is only slow. A nil cache is
// empty.
type cache struct{ dir string }

// keep is how long a verdict that nobody asks for is kept.
const keep = 30 * 24 * time.Hour

// openCache makes the folder and clears it of what is old.
func openCache(dir string) *cache {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && isVerdict(e.Name()) && time.Since(info.ModTime()) > keep {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
	return &cache{dir: dir}
}

// isVerdict reports names that the cache gives: nothing else is ever removed.
func isVerdict(name string) bool {
	return strings.HasPrefix(name, "verdict-") && filepath.Ext(name) == ".json"
}

// file is the name for what is asked.
func (c *cache) file(version string, u unit) string {
	h := sha256.New()
	fmt.Fprintf(h, "3\x00%s\x00%s\x00%s\x00%s", version, u.Edition, u.Kind, u.Source)
	return filepath.Join(c.dir, "verdict-"+hex.EncodeToString(h.Sum(nil)[:16])+".json")
}

func (c *cache) get(version string, u unit) (verdict, bool) {
	if c == nil {
		return verdict{}, false
	}
	name := c.file(version, u)
	content, err := os.ReadFile(name)
	if err != nil {
		return verdict{}, false
	}
	var v verdict
	if err := json.Unmarshal(content, &v); err != nil {
		return verdict{}, false
	}
	now := time.Now()
	_ = os.Chtimes(name, now, now) // in use: not to be cleared
	return v, true
}

// put writes a verdict in one step, so that a run beside this one reads it whole
// or not at all.
func (c *cache) put(version string, u unit, v verdict) {
	if c == nil {
		return
	}
	content, err := json.Marshal(v)
	if err != nil {
		return
	}
	file, err := os.CreateTemp(c.dir, "verdict-*.part")
	if err != nil {
		return
	}
	_, err = file.Write(content)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), c.file(version, u))
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
}
