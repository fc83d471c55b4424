package batondisgo

import (
	"context"
	"sync"
)

// pool keeps parked lives, so that a RESUME need not wait for disgo's one second
// before its dial.
type pool struct {
	make  func() *life
	spare int // how many to keep

	mu     sync.Mutex
	lives  []*life // the oldest, which is parked first, first
	closed bool
}

// fill makes lives until there are n.
func (p *pool) fill(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fillLocked(n)
}

func (p *pool) fillLocked(n int) {
	for !p.closed && len(p.lives) < n {
		p.lives = append(p.lives, p.make())
	}
}

// take returns a life that is parked, which may take a second, and sees to it
// that the next one finds a spare.
func (p *pool) take(ctx context.Context) (*life, error) {
	for {
		l, err := p.pop()
		if err != nil {
			return nil, err
		}
		select {
		case <-l.link.parked:
			if !l.link.isOver() {
				return l, nil
			}
		case <-l.link.over: // disgo failed before it dialled; try another
			if err := ctx.Err(); err != nil {
				return nil, context.Cause(ctx)
			}
		case <-ctx.Done():
			l.discard()
			return nil, context.Cause(ctx)
		}
	}
}

func (p *pool) pop() (*life, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, ErrShutDown
	}
	p.fillLocked(1)
	l := p.lives[0]
	p.lives = p.lives[1:]
	p.fillLocked(p.spare)
	return l, nil
}

// put gives a parked life back that was not joined.
func (p *pool) put(l *life) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		l.discard()
		return
	}
	p.lives = append([]*life{l}, p.lives...)
}

// close ends every life in the pool; there are no more after it.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, l := range p.lives {
		l.discard()
	}
	p.lives = nil
}
