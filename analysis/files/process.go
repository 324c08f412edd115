package files

import (
	"context"
	"runtime"
	"sync"
)

// Choice says which of the files that are found are worked on.
type Choice struct {
	Excluded func(path string) bool // leaves files and folders out of folders; gets absolute paths; may be nil
	Taken    func(path string) bool // picks from all that is found; gets paths as Find yields them; may be nil
}

// Process finds and reads the files that the arguments name, works on them with
// so many jobs at a time (0 for one a core), and yields the results in the order of
// Find from the calling goroutine, until yield returns false. It returns when
// nothing of it runs any more; its error is the context's.
func Process[T any](ctx context.Context, arguments []string, choice Choice, jobs int, work func(File) T, yield func(T) bool) error {
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()

	type job struct {
		file   File
		result chan T // takes the one result without waiting
	}
	// The queue bounds how far reading runs ahead of a slow first file.
	todo, order := make(chan job), make(chan job, 16*jobs)
	var running sync.WaitGroup
	running.Go(func() {
		defer close(todo)
		defer close(order)
		Find(inner, arguments, choice.Excluded, func(path string, err error) bool {
			if choice.Taken != nil && !choice.Taken(path) {
				return true
			}
			j := job{File{Path: path, Err: err}, make(chan T, 1)}
			for _, queue := range [...]chan job{order, todo} {
				select {
				case queue <- j:
				case <-inner.Done():
					return false
				}
			}
			return true
		})
	})
	for range jobs {
		running.Go(func() {
			for j := range todo {
				if inner.Err() != nil {
					return
				}
				if j.file.Err == nil {
					j.file.Content, j.file.Err = Read(j.file.Path)
				}
				j.result <- work(j.file)
			}
		})
	}
	defer running.Wait()
	defer cancel()
	for j := range order {
		select {
		case r := <-j.result:
			if !yield(r) {
				return ctx.Err()
			}
		case <-inner.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}
