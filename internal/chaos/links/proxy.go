package links

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/shardbaton/baton/wire"
)

// Everyone stands for the links of all slaves, in place of a slave's name.
const Everyone = "*"

// Kind says which of a slave's links are meant.
type Kind int

// The kinds of links.
const (
	// NoLinks is the zero value.
	NoLinks Kind = iota
	// ControlLinks carry requests and answers.
	ControlLinks
	// AllLinks are those that carry state, too.
	AllLinks
)

// has tells whether the link is one of the kind.
func (k Kind) has(l *link) bool { return k == AllLinks || k == ControlLinks && !l.state }

// Proxy passes connections on to a master. Its methods may be called at any time
// from any goroutine.
type Proxy struct {
	listener net.Listener
	dial     func(context.Context) (net.Conn, error)

	live sync.WaitGroup // one for each connection

	mu    sync.Mutex
	links map[*link]struct{}
	// rules are by slave; that of Everyone holds where a slave has none.
	rules  map[string]rule
	resets int // so many more connections are reset as soon as they are accepted
	ended  bool
}

// rule is what holds for a slave's links, those to come included.
type rule struct {
	conditions Conditions
	// held are the links on which the slave is kept away.
	held Kind
	// cutNext: the next link is cut as soon as it is known whose it is.
	cutNext bool
}

// New returns a proxy from the listener to where dial leads. It works while Serve
// runs.
func New(listener net.Listener, dial func(context.Context) (net.Conn, error)) *Proxy {
	return &Proxy{listener: listener, dial: dial, links: make(map[*link]struct{}), rules: make(map[string]rule)}
}

// Serve passes connections on until the context ends. Then it resets them all and
// returns when the last one is gone. The error is nil unless the listener failed.
func (p *Proxy) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stopped := context.AfterFunc(ctx, func() { _ = p.listener.Close() })
	defer stopped()
	var failure error
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			if ctx.Err() == nil && !errors.Is(err, net.ErrClosed) {
				failure = err
			}
			break
		}
		if p.resetNow() {
			reset(conn)
			continue
		}
		l := newLink(p, conn)
		p.mu.Lock()
		p.links[l] = struct{}{}
		p.mu.Unlock()
		p.live.Go(func() {
			l.run(ctx)
			p.mu.Lock()
			delete(p.links, l)
			p.mu.Unlock()
		})
	}
	p.mu.Lock()
	p.ended = true
	for l := range p.links {
		l.cut()
	}
	p.mu.Unlock()
	p.live.Wait()
	return failure
}

// resetNow tells whether the connection that was just accepted is to be reset.
func (p *Proxy) resetNow() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.resets == 0 {
		return p.ended
	}
	p.resets--
	return true
}

// Cut resets the present links of the slave, or of Everyone, in both directions, and
// returns how many there were. When there is none, the first one to come is cut.
func (p *Proxy) Cut(slave string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.cut(slave, AllLinks)
	if n == 0 {
		p.change(slave, func(r *rule) { r.cutNext = true })
	}
	return n
}

// cut resets links. p.mu is held.
func (p *Proxy) cut(slave string, kind Kind) int {
	n := 0
	for l := range p.links {
		if kind.has(l) && (slave == Everyone || l.known && l.slave == slave) {
			l.cut()
			n++
		}
	}
	return n
}

// Shape gives the links of the slave, or of Everyone, other conditions, at once and
// until they are given new ones.
func (p *Proxy) Shape(slave string, c Conditions) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slave == Everyone {
		// What holds for everyone holds for those, too, who had something of their own.
		for name, r := range p.rules {
			r.conditions = c
			p.rules[name] = r
		}
	}
	p.change(slave, func(r *rule) { r.conditions = c })
}

// Hold cuts the links of that kind of the slave, or of Everyone, and keeps it away
// until Release: each new connection is reset as soon as it is known whose it is. It
// returns how many links there were.
func (p *Proxy) Hold(slave string, kind Kind) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.change(slave, func(r *rule) { r.held = kind })
	return p.cut(slave, kind)
}

// Release undoes Hold.
func (p *Proxy) Release(slave string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.change(slave, func(r *rule) { r.held = NoLinks })
}

// ResetNext makes the proxy accept and at once reset the next n connections,
// whoever makes them.
func (p *Proxy) ResetNext(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.resets = n
}

// Links returns how many links of the slave, or of Everyone, there are.
func (p *Proxy) Links(slave string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for l := range p.links {
		if l.known && (slave == Everyone || l.slave == slave) {
			n++
		}
	}
	return n
}

// change alters the slave's rule. p.mu is held.
func (p *Proxy) change(slave string, f func(*rule)) {
	r := p.rule(slave)
	f(&r)
	p.rules[slave] = r
}

// rule returns what holds for the slave. p.mu is held.
func (p *Proxy) rule(slave string) rule {
	if r, own := p.rules[slave]; own {
		return r
	}
	return rule{conditions: p.rules[Everyone].conditions}
}

// introduce notes whose link it is and tells whether it may exist.
func (p *Proxy) introduce(l *link, hello wire.SlaveHelloData) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.slave, l.state, l.known = hello.SlaveID, hello.Link == wire.LinkState, true
	for _, name := range []string{l.slave, Everyone} {
		if p.rules[name].held.has(l) {
			return false
		}
		if r := p.rules[name]; r.cutNext {
			r.cutNext = false
			p.rules[name] = r
			return false
		}
	}
	return !p.ended
}

// conditions are those of the link now.
func (p *Proxy) conditions(l *link) Conditions {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rule(l.slave).conditions
}
