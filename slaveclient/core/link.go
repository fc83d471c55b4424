package core

import (
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// link is what the slave knows of its two connections.
type link struct {
	// number counts the control links, so that an answer does not go to another
	// than the one on which it was asked for.
	number uint64
	up     bool
	// dialect is 0 until the master's first word on this link says which.
	dialect   int
	heartbeat time.Duration
	// beats counts the heartbeats sent, and answered is the number of the last that
	// the master has answered.
	beats, answered uint64
	// lease is the master's, 0 for none.
	lease time.Duration
	// quiet counts the heartbeats since the master's last word.
	quiet int
	// tries counts the dials since the link last served its purpose.
	tries int

	state      bool // the state link is up
	stateTries int
}

func (c *Core) linkUp(l Link) {
	if l == State {
		c.link.state = true
		c.emit(Send{State, wire.EvtSlaveHello, c.hello(State)})
		c.sendInventory() // both links are up: ready
		return
	}
	c.link.number++
	c.link.up = true
	c.emit(Send{Control, wire.EvtSlaveHello, c.hello(Control)})
}

func (c *Core) linkDown(l Link, reason string) {
	if c.Ended() {
		return
	}
	if l == State {
		c.link.state = false
		c.note(Info, NoShard, reason, "no state link")
		c.cutInboxes()
		c.pause(TimerState, &c.link.stateTries)
		return
	}
	c.note(Warn, NoShard, reason, "no master; serving on without one")
	c.dropControl()
	c.pause(TimerControl, &c.link.tries)
}

// dropControl forgets the control link and everything that belongs to it. Shards
// and callbacks do not.
func (c *Core) dropControl() {
	if c.link.dialect == 2 {
		c.emit(Disarm{Timer{Kind: TimerHeartbeat}})
		c.emit(Disarm{Timer{Kind: TimerState}})
		c.emit(CloseLink{State})
	}
	c.link = link{number: c.link.number, tries: c.link.tries}
	c.state = nil
	c.cutInboxes()
}

// cutInboxes notes that what has not come on the link for state may be lost with it: a
// shard that is dark must not wait for it.
func (c *Core) cutInboxes() {
	for _, s := range c.shards {
		if s.inbox.open {
			s.inbox.cut = true
			s.advanced()
		}
	}
}

// pause waits before the next dial: longer after each one that came to nothing.
func (c *Core) pause(t TimerKind, tries *int) {
	wait := c.options.BackoffMin
	for range *tries {
		if wait *= 2; wait >= c.options.BackoffMax {
			wait = c.options.BackoffMax
			break
		}
	}
	*tries++
	c.emit(Arm{Timer: Timer{Kind: t}, After: wait, Vary: true})
}

func (c *Core) redial(l Link) {
	if !c.Ended() {
		c.emit(Dial{l})
	}
}

// heard notes a message of the master. That a connection was accepted does not
// yet mean that there is a master: v1.5.2's may accept, then reset.
func (c *Core) heard(event wire.EventType) {
	c.link.quiet, c.link.tries = 0, 0
	if c.link.dialect == 0 && event != wire.EvtWelcome && event != wire.EvtFailure {
		c.link.dialect = 1
		c.note(Info, NoShard, "", "the master speaks dialect 1")
		c.hold(0) // dialect 1 has no leases
	}
}

// welcome takes the master's offer.
func (c *Core) welcome(w *wire.WelcomeData) {
	if c.link.dialect != 0 || c.options.OnlyDialect1 || w.Protocol < 2 {
		return
	}
	c.link.dialect = 2
	c.link.heartbeat = w.Heartbeat
	if c.link.heartbeat <= 0 {
		c.link.heartbeat = defaultHeartbeat
	}
	c.link.lease = max(w.Lease, 0)
	c.note(Info, NoShard, "", "linked to the master")
	c.hold(0)
	c.emit(Arm{Timer: Timer{Kind: TimerHeartbeat}, After: c.link.heartbeat})
	c.emit(Dial{State})
}

// beat sends a heartbeat, unless nobody has answered for too long.
func (c *Core) beat() {
	if c.link.quiet++; c.link.quiet > quietBeats {
		c.emit(CloseLink{Control})
		c.linkDown(Control, "the master does not answer heartbeats")
		return
	}
	if c.link.state {
		c.link.stateTries = 0
	}
	c.emit(Arm{Timer: Timer{Kind: TimerHeartbeat}, After: c.link.heartbeat})
	c.check()
	c.sendInventory()
}

// refusedBy handles a Failure from the master: its word that this slave is not
// wanted. One that serves shards goes on, as it would without a master.
func (c *Core) refusedBy(f *wire.FailureData) {
	switch {
	case f.Event != wire.EvtSlaveHello:
		c.note(Warn, NoShard, f.Text, "the master reports a failure of %s (%s)", f.Event, f.Code)
	case c.Serving() || c.Ended():
		c.note(Error, NoShard, f.Text, "refused by the master (%s); serving on without one", f.Code)
		c.link.tries = c.giveUpTries()
	default:
		c.note(Error, NoShard, f.Text, "refused by the master (%s)", f.Code)
		c.refusal = f
		c.ask(lifecycle.SlaveToldShutDown, &request{event: wire.EvtShutdown, own: true})
	}
}

// giveUpTries is a number of tries after which pauses are the longest.
func (c *Core) giveUpTries() int {
	n := 0
	for wait := c.options.BackoffMin; wait > 0 && wait < c.options.BackoffMax; wait *= 2 {
		n++
	}
	return n
}

// toMaster sends a message on the control link, if it is the one meant.
func (c *Core) toMaster(link uint64, event wire.EventType, data any) {
	if c.link.up && c.link.dialect != 0 && c.link.number == link {
		c.emit(Send{Control, event, data})
	}
}
