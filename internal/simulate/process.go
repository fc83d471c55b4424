package simulate

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/slaveclient"
)

// errDead is what a killed process gets for everything that it still tries.
var errDead = errors.New("simulate: this process was killed")

// process is a slave: the SDK and a bot, on goroutines of this process.
type process struct {
	world *world
	name  string
	// generation is how many upgrades had begun when it was launched.
	generation int
	number     int
	host       *host
	bot        *bot
	cancel     context.CancelFunc // asks it to end in order
	dead       <-chan struct{}    // closed when it is killed
	ended      chan struct{}      // closed when its end can be seen
	exit       master.Exit        // from then on

	mu     sync.Mutex
	parent *reign // who launched it, or found it again
	killed bool
	over   bool // it has ended, in whatever way
	frozen time.Time
	unwell time.Time      // until when the bot says that it is not well
	conns  []*gatewayConn // open ones, as they were made
}

// run is the process's life.
func (p *process) run(ctx context.Context, spec master.Spec) {
	w := p.world
	err := slaveclient.Run(ctx, slaveclient.Config{
		Addr: spec.Addr, Token: spec.Token, SlaveID: spec.Slave, Version: p.name, NumShards: w.scenario.shards, Stateless: w.scenario.stateless,
		Dial:   func(ctx context.Context, _, _ string) (net.Conn, error) { return w.network.dial(ctx, p.host) },
		Jitter: newDice(w.seed, "jitter of "+p.name).Float64, Deadlines: slaveDeadlines(),
		Logger: w.logger.Named(p.name),
	}, p.bot.offering(w.scenario))
	p.bot.end()
	p.mu.Lock()
	killed := p.killed
	p.over = true
	until := p.frozen
	p.mu.Unlock()
	if killed {
		return
	}
	code := 0
	if err != nil {
		code = 1
	}
	w.diary.note("proc %s: ends: %v", p.name, err)
	w.clock.at(latest(until, time.Now().Add(time.Millisecond)), func() {
		w.network.kill(p.host, false)
		p.report(master.Exit{Code: code})
	})
}

// report makes the end visible, once.
func (p *process) report(exit master.Exit) {
	select {
	case <-p.ended:
	default:
		p.exit = exit
		close(p.ended)
		p.mu.Lock()
		orphan := p.parent.fallen()
		p.mu.Unlock()
		if orphan {
			p.world.forgetLater(p.name)
		}
	}
}

// kill ends the process at once: from this instant it does nothing that anybody
// could see. Its goroutines are unwound for nothing. It is called on the clock's
// goroutine.
func (p *process) kill(d dice) {
	p.mu.Lock()
	if p.killed || p.over {
		p.mu.Unlock()
		return
	}
	p.killed = true
	conns := p.conns
	p.conns = nil
	for _, c := range conns {
		c.vanish()
		c.signal()
	}
	p.mu.Unlock()
	w := p.world
	w.diary.note("proc %s: killed", p.name)
	w.ledger.dies(p.name)
	w.network.kill(p.host, d.chance(0.3))
	p.cancel()
	w.clock.after(d.span(100*time.Microsecond, 20*time.Millisecond), func() {
		w.diary.note("proc %s: its end is seen", p.name)
		p.report(master.Exit{Code: -1, Signal: "killed"})
	})
}

// freeze stops the process for a while, as SIGSTOP and SIGCONT do. Its timers go on;
// what they bring about is seen by others only after the thaw.
func (p *process) freeze(d time.Duration) {
	w := p.world
	p.mu.Lock()
	p.frozen = latest(p.frozen, time.Now().Add(d))
	until := p.frozen
	p.mu.Unlock()
	w.network.freeze(p.host, d)
	w.clock.at(until, func() {
		w.diary.note("proc %s: goes on", p.name)
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, c := range p.conns {
			c.signal()
		}
	})
}

// isUnwell tells whether the bot is not well.
func (p *process) isUnwell() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Now().Before(p.unwell)
}

// childOf tells whether a master launched the process, or found it again.
func (p *process) childOf(r *reign) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.parent == r
}

// still tells whether the process stands still. p.mu is held.
func (p *process) still() bool { return time.Now().Before(p.frozen) }

// awake returns when the process does not stand still, with an error when it was
// killed or ctx has ended.
func (p *process) awake(ctx context.Context) error {
	for {
		p.mu.Lock()
		killed, wait := p.killed, time.Until(p.frozen)
		p.mu.Unlock()
		if killed {
			return errDead
		}
		if wait <= 0 {
			return ctx.Err()
		}
		if err := p.pause(ctx, wait); err != nil {
			return err
		}
	}
}

// pause waits for that time.
func (p *process) pause(ctx context.Context, d time.Duration) error {
	select {
	case <-p.world.clock.pass(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.dead:
		return errDead
	}
}

// do does something that others can see, unless the process was killed.
func (p *process) do(act func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.killed {
		return false
	}
	act()
	return true
}

// join takes a connection to the gateway in.
func (p *process) join(c *gatewayConn) error {
	if !p.do(func() { p.conns = append(p.conns, c) }) {
		return errDead
	}
	return nil
}

// part forgets one. p.mu is held.
func (p *process) part(c *gatewayConn) {
	for i, o := range p.conns {
		if o == c {
			p.conns = append(p.conns[:i:i], p.conns[i+1:]...)
			return
		}
	}
}
