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
	// Found is told how many files there are: so far, and in the end all. It is called
	// from another goroutine, and may be nil.
	Found func(n int, all bool)
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
	found := &backlog{news: make(chan struct{}, 1)}
	var running sync.WaitGroup
	running.Go(func() { found.fill(inner, arguments, choice) })
	running.Go(func() {
		defer close(todo)
		defer close(order)
		for {
			f, ok := found.next(inner)
			if !ok {
				return
			}
			j := job{f, make(chan T, 1)}
			for _, queue := range [...]chan job{order, todo} {
				select {
				case queue <- j:
				case <-inner.Done():
					return
				}
			}
		}
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

// backlog takes all that is found without waiting for those who work on it, so that
// it is soon known how much there is.
type backlog struct {
	news chan struct{} // holds one while there may be something to take

	mu    sync.Mutex
	files []File // unread
	ended bool
}

// fill finds files until there are no more or the context ends.
func (b *backlog) fill(ctx context.Context, arguments []string, choice Choice) {
	n := 0
	Find(ctx, arguments, choice.Excluded, func(path string, err error) bool {
		if choice.Taken != nil && !choice.Taken(path) {
			return true
		}
		n++
		if choice.Found != nil {
			choice.Found(n, false)
		}
		b.put(File{Path: path, Err: err})
		return true
	})
	if choice.Found != nil && ctx.Err() == nil {
		choice.Found(n, true)
	}
	b.mu.Lock()
	b.ended = true
	b.mu.Unlock()
	b.tell()
}

func (b *backlog) put(f File) {
	b.mu.Lock()
	b.files = append(b.files, f)
	b.mu.Unlock()
	b.tell()
}

func (b *backlog) tell() {
	select {
	case b.news <- struct{}{}:
	default:
	}
}

// next waits for the next file; false when there is none any more.
func (b *backlog) next(ctx context.Context) (File, bool) {
	for {
		b.mu.Lock()
		if len(b.files) > 0 {
			f := b.files[0]
			b.files = b.files[1:]
			b.mu.Unlock()
			return f, ctx.Err() == nil
		}
		ended := b.ended
		b.mu.Unlock()
		if ended {
			return File{}, false
		}
		select {
		case <-b.news:
		case <-ctx.Done():
			return File{}, false
		}
	}
}
