package main

import (
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// shard is one of several equal parts of a run: of the files, those whose paths,
// relative to the working directory, have a certain hash. Where a file goes does
// not depend on what other files there are.
type shard struct{ number, of uint64 } // number from 0; of is 0 for all files

func parseShard(s string) (shard, error) {
	if s == "" {
		return shard{}, nil
	}
	wrong := fmt.Errorf("--shard cannot be %q; write I/N, such as 1/4 for the first of four parts", s)
	first, second, ok := strings.Cut(s, "/")
	if !ok {
		return shard{}, wrong
	}
	i, err := strconv.ParseUint(first, 10, 32)
	if err != nil {
		return shard{}, wrong
	}
	n, err := strconv.ParseUint(second, 10, 32)
	if err != nil || n == 0 {
		return shard{}, wrong
	}
	if i < 1 || i > n {
		return shard{}, fmt.Errorf("--shard cannot be %q: the parts are 1 to %d", s, n)
	}
	return shard{i - 1, n}, nil
}

// has reports that the file is in the part.
func (s shard) has(path string) bool {
	if s.of == 0 {
		return true
	}
	if here, err := os.Getwd(); err == nil && filepath.IsAbs(path) {
		if rel, err := filepath.Rel(here, path); err == nil {
			path = rel
		}
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(filepath.ToSlash(filepath.Clean(path))))
	sum := h.Sum64()
	return (sum^sum>>32)%s.of == s.number
}

// name is what reports call the part; "" for all files.
func (s shard) name() string {
	if s.of == 0 {
		return ""
	}
	return fmt.Sprintf("shard-%d-of-%d", s.number+1, s.of)
}
