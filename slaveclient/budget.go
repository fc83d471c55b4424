package slaveclient

import "sync"

// budget is the number of bytes of state that may wait for the bot. Whoever reads
// the state link takes from it, and reads no further while it is empty.
type budget struct {
	size  int
	mu    sync.Mutex
	free  int
	freed chan struct{} // has room for one: something was given back
}

func newBudget(size int) *budget {
	return &budget{size: size, free: size, freed: make(chan struct{}, 1)}
}

// take waits until n bytes are free and takes them; more than there are at all
// counts as all. It returns false when done is closed first.
func (b *budget) take(n int, done <-chan struct{}) bool {
	n = min(n, b.size)
	for {
		b.mu.Lock()
		if b.free >= n {
			b.free -= n
			b.mu.Unlock()
			b.wake() // there may be another that waits, and room for it
			return true
		}
		b.mu.Unlock()
		select {
		case <-b.freed:
		case <-done:
			return false
		}
	}
}

// give gives n bytes back that were taken together.
func (b *budget) give(n int) {
	b.mu.Lock()
	b.free += min(n, b.size)
	b.mu.Unlock()
	b.wake()
}

func (b *budget) wake() {
	select {
	case b.freed <- struct{}{}:
	default:
	}
}
