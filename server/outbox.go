package server

import (
	"cmp"
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

const keptBuffer = 1 << 20 // a larger buffer is given back after use

// outbox writes in the background, so that whoever has something to say never
// waits for the one who should read it.
type outbox struct {
	out io.Writer

	mu      sync.Mutex
	changed *sync.Cond
	unsent  []byte
	writing bool
	closed  bool
	err     error
}

// newOutbox writes to out until it is closed and empty, or writing fails.
func newOutbox(out io.Writer) *outbox {
	o := &outbox{out: out}
	o.changed = sync.NewCond(&o.mu)
	go o.run()
	return o
}

// add lets more append to what is to be written.
func (o *outbox) add(more func(unsent []byte) []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.err != nil:
		return o.err
	case o.closed:
		return io.ErrClosedPipe
	}
	o.unsent = more(o.unsent)
	o.changed.Broadcast()
	return nil
}

// throttle waits while more than limit bytes are unsent.
func (o *outbox) throttle(limit int) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.unsent) > limit && o.err == nil && !o.closed {
		o.changed.Wait()
	}
	return o.err
}

// room waits while more than limit bytes are unsent, or until ctx ends.
func (o *outbox) room(ctx context.Context, limit int) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	full := func() bool { return len(o.unsent) > limit && o.err == nil && !o.closed }
	if !full() {
		return o.err
	}
	stop := context.AfterFunc(ctx, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.changed.Broadcast()
	})
	defer stop()
	for full() && ctx.Err() == nil {
		o.changed.Wait()
	}
	return cmp.Or(o.err, ctx.Err())
}

// flush waits until all is written, but not longer than limit: a reader that
// does not read must not keep the server from ending.
func (o *outbox) flush(limit time.Duration) {
	timer := time.AfterFunc(limit, func() { o.fail(errors.New("the other side does not read")) })
	defer timer.Stop()
	o.mu.Lock()
	defer o.mu.Unlock()
	for (len(o.unsent) > 0 || o.writing) && o.err == nil {
		o.changed.Wait()
	}
}

// close ends the outbox once what it holds is written.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.changed.Broadcast()
}

func (o *outbox) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
	}
	o.unsent = nil
	o.changed.Broadcast()
}

func (o *outbox) run() {
	var sending []byte
	for {
		o.mu.Lock()
		o.writing = false
		o.changed.Broadcast()
		for len(o.unsent) == 0 && !o.closed && o.err == nil {
			o.changed.Wait()
		}
		if len(o.unsent) == 0 {
			o.mu.Unlock()
			return
		}
		o.writing = true
		sending, o.unsent = o.unsent, sending[:0]
		o.mu.Unlock()
		if _, err := o.out.Write(sending); err != nil {
			o.fail(err)
		}
		if cap(sending) > keptBuffer {
			sending = nil
		}
	}
}
