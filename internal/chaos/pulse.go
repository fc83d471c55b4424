package chaos

import "sync"

// pulse wakes everybody who waits for something to happen. The zero value is ready.
type pulse struct {
	mu   sync.Mutex
	next chan struct{}
}

// wait returns a channel that is closed at the next beat.
func (p *pulse) wait() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		p.next = make(chan struct{})
	}
	return p.next
}

// beat wakes those who wait.
func (p *pulse) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next != nil {
		close(p.next)
		p.next = nil
	}
}
