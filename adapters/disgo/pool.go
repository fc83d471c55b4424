package batondisgo

import (
	"context"
	"slices"
	"sync"
)

// pool keeps parked lives, so that a RESUME need not wait for disgo's one second
// before its dial.
type pool struct {
	make  func() *life
	spare int // how many to keep at any time
	most  int // how many to keep at most

	mu     sync.Mutex
	lives  []*life // the oldest, which is parked first, first
	making int     // lives that are being made
	due    int     // how many are expected to be taken soon
	closed bool
}

// expect parks lives for so many RESUMEs to come and waits until they are parked.
func (p *pool) expect(ctx context.Context, n int) error {
	p.mu.Lock()
	p.due = n
	p.mu.Unlock()
	p.fill()
	p.mu.Lock()
	waiting := slices.Clone(p.lives)
	p.mu.Unlock()
	for _, l := range waiting {
		select {
		case <-l.link.parked:
		case <-l.link.over: // it was taken and used, or replaces itself when it is taken
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// fill makes the lives that are missing.
func (p *pool) fill() {
	for p.claim() {
		l := p.make()
		p.mu.Lock()
		p.making--
		p.addLocked(l)
		p.mu.Unlock()
	}
}

// claim reports whether a life is missing, and leaves it to the caller to make it.
func (p *pool) claim() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.lives)+p.making >= max(p.spare, min(p.due, p.most)) {
		return false
	}
	p.making++
	return true
}

func (p *pool) addLocked(l *life) {
	if p.closed {
		l.discard()
		return
	}
	p.lives = append(p.lives, l)
}

// take returns a life that is parked, which may take a second, and sees to it
// that the next one finds a spare.
func (p *pool) take(ctx context.Context) (*life, error) {
	for {
		l, err := p.pop()
		if err != nil {
			return nil, err
		}
		if l == nil {
			l = p.make()
		}
		p.fill()
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

// pop returns the oldest life, or nil when there is none.
func (p *pool) pop() (*life, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, ErrShutDown
	}
	p.due = max(0, p.due-1)
	if len(p.lives) == 0 {
		return nil, nil
	}
	l := p.lives[0]
	p.lives = p.lives[1:]
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
	p.due++
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
