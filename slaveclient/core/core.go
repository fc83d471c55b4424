package core

import (
	"fmt"
	"slices"
	"time"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// Core is one slave. Its zero value is of no use; see [New].
type Core struct {
	program *program
	options Options
	link    link
	slave   *fsm.Machine[lifecycle.SlaveState, lifecycle.SlaveEvent, lifecycle.SlaveView]
	shards  []*shard // ascending

	// numShards is the number of shards of the whole bot, 0 while unknown.
	numShards int
	// req is the request that is being looked at, asked the one under way or
	// carried out last, kept the one put off until the start is over.
	req, asked, kept *request
	// passed is the message about one shard that is being looked at.
	passed any
	// cause says why what is being looked at has failed.
	cause cause
	// assigned counts the shards of the last start; gathering says that not all of
	// them have settled.
	assigned  int
	gathering bool
	full      fullStart
	lease     lease
	health    health
	// state holds dialect 1's guild states until the Resume that says whose they are.
	state   []Record
	refusal *wire.FailureData
	endErr  string
	out     []Effect
}

// fullStart is what became of the bot's FullStart.
type fullStart int

const (
	fullDue fullStart = iota
	fullCalled
	fullDone
)

// New returns a slave that is idle and has no connection. The error is a defect
// of the tables or of this package.
func New(options Options) (*Core, error) {
	tables := StandardTables()
	if options.Tables != nil {
		tables = *options.Tables
	}
	p, err := newProgram(tables)
	if err != nil {
		return nil, fmt.Errorf("slaveclient/core: %w", err)
	}
	return &Core{program: p, options: options, slave: p.slave.New()}, nil
}

// Step takes one event and returns what is to be done. The slice is the caller's.
func (c *Core) Step(e Event) []Effect {
	c.out = nil
	switch e := e.(type) {
	case Begin:
		c.emit(Dial{Control})
	case LinkUp:
		c.linkUp(e.Link)
	case LinkDown:
		c.linkDown(e.Link, e.Reason)
	case Received:
		c.received(e.Type, e.Data)
	case RecordIn:
		c.recordIn(e)
	case Loaded:
		c.loaded(e)
	case Prepared:
		c.prepared(e)
	case Started:
		c.started(e)
	case LetGo:
		c.letGo(e)
	case Copied:
		c.copied(e)
	case Armed:
		c.armed(e)
	case Checked:
		c.checked(e.Err)
	case HasShutDown:
		c.endErr = e.Err
		c.fire(lifecycle.SlaveBotShutDown)
	case Fired:
		c.fired(e.Timer)
	case StopAsked:
		c.ask(lifecycle.SlaveToldShutDown, &request{event: wire.EvtShutdown, own: true})
	}
	c.settle()
	return c.out
}

// Ended reports whether the slave's life is over.
func (c *Core) Ended() bool { return c.slave.Final() }

// settle notices what no single event says: that all shards of a start have come
// up or failed, that all have stopped before the end, and, in dialect 1, that the
// last shard has moved in.
func (c *Core) settle() {
	if c.gathering && !c.anyIn(lifecycle.ShardCompleting, lifecycle.ShardResuming) {
		c.gathering = false
		c.cause = cause{}
		c.fire(lifecycle.SlaveShardsSettled)
	}
	if c.slave.State() == lifecycle.SlaveLettingGo &&
		!c.anyIn(lifecycle.ShardCompleting, lifecycle.ShardResuming, lifecycle.ShardCopying, lifecycle.ShardStopping) {
		c.fire(lifecycle.SlaveShardsGone)
	}
	if c.slave.State() == lifecycle.SlaveMovingIn && c.asked.dialect == 1 && c.count(lifecycle.ShardRunning) == c.numShards {
		c.ask(lifecycle.SlaveToldFullStart, &request{event: wire.EvtFullStart, numShards: c.numShards, own: true})
		c.settle()
	}
	c.mindYield()
	c.mindHealth()
}

func (c *Core) emit(e Effect) { c.out = append(c.out, e) }

func (c *Core) note(level Level, shard int, err, format string, args ...any) {
	c.emit(Note{Level: level, Shard: shard, Err: err, Text: fmt.Sprintf(format, args...)})
}

// fire hands the slave's machine an event and runs what follows.
func (c *Core) fire(event lifecycle.SlaveEvent) fsm.Outcome[lifecycle.SlaveState, lifecycle.SlaveEvent] {
	out, err := c.slave.Fire(c, event)
	if err != nil {
		c.note(Error, NoShard, err.Error(), "defect in the slave's lifecycle")
		return out
	}
	c.trace(c.slave.Snapshot().Table, out.Row)
	if out.Disarm {
		c.emit(Disarm{Timer{Kind: TimerSlave}})
	}
	if out.Deadline != "" {
		c.emit(Arm{Timer: Timer{Kind: TimerSlave}, After: c.slaveWait(out.Deadline)})
	}
	for _, effect := range c.program.slaveEffects.Of(out.Row) {
		effect(c)
	}
	return out
}

// trace tells whoever wants to know that a row was taken; -1 is none.
func (c *Core) trace(table string, row int) {
	if c.options.Trace != nil && row >= 0 {
		c.options.Trace(table, row)
	}
}

// ask puts a request to the slave's machine and refuses it when the table does.
func (c *Core) ask(event lifecycle.SlaveEvent, r *request) {
	outer := c.req
	c.req = r
	defer func() { c.req = outer }()
	out := c.fire(event)
	switch {
	case out.Verdict == fsm.Refused:
		c.fail(r.event, wire.FailureData{Shard: NoShard}, cause{
			lifecycle.FailureRefused,
			fmt.Sprintf("%s while the slave is %s: %s", r.event, out.From, out.Because),
		})
	case out.Verdict == fsm.Ignored && c.asked != nil && c.asked.event == r.event && c.asked.from == r.from:
		c.asked.link, c.asked.dialect = r.link, r.dialect // the answer goes to whoever asked last
	}
}

// slaveWait is how long a state of the slave may last.
func (c *Core) slaveWait(deadline string) time.Duration {
	d := c.options.Deadlines
	switch deadline {
	case lifecycle.BotPrepareDeadline:
		return d.Prepare + d.Grace
	case lifecycle.BotFullStartDeadline:
		return d.FullStart + d.Grace
	case lifecycle.BotShutdownDeadline:
		return d.Shutdown + d.Grace
	case lifecycle.BotStopDeadline: // each shard has its own, and reports by itself
		return d.Stop + 2*d.Grace
	default: // BotShardsDeadline: each shard has its own, and reports by itself
		r := c.asked
		if c.req != nil {
			r = c.req
		}
		n := len(r.shards)
		return d.Start + time.Duration(n)*d.Identify + 2*d.Grace
	}
}

// fired takes a timer.
func (c *Core) fired(t Timer) {
	switch t.Kind {
	case TimerControl:
		c.redial(Control)
	case TimerState:
		c.redial(State)
	case TimerHeartbeat:
		c.beat()
	case TimerHealth:
		c.unanswered()
	case TimerLease:
		c.leaseOver()
	case TimerYield:
		c.yieldAgain()
	case TimerSlave:
		c.cause = cause{lifecycle.FailureDeadline, fmt.Sprintf("still %s when the time was up", c.slave.State())}
		if c.slave.State() == lifecycle.SlaveShuttingDown {
			c.endErr = "Shutdown did not return in time"
		}
		c.fire(lifecycle.SlaveDeadline)
	case TimerShard:
		if s := c.find(t.Shard); s != nil {
			s.overdue()
		}
	}
}

// Serving implements lifecycle.SlaveView.
func (c *Core) Serving() bool {
	for _, s := range c.shards {
		if s.state().Serves() {
			return true
		}
	}
	return false
}

// Keeping implements lifecycle.SlaveView.
func (c *Core) Keeping() bool {
	return slices.ContainsFunc(c.shards, func(s *shard) bool { return s.kept })
}

// Barren implements lifecycle.SlaveView.
func (c *Core) Barren() bool {
	return c.assigned > 0 && !c.anyIn(lifecycle.ShardRunning, lifecycle.ShardCopying)
}

// FullStartDue implements lifecycle.SlaveView.
func (c *Core) FullStartDue() bool { return c.full == fullDue }

// FullStartDone implements lifecycle.SlaveView.
func (c *Core) FullStartDone() bool { return c.full == fullDone }

// EpochsUsed implements lifecycle.SlaveView.
func (c *Core) EpochsUsed() bool { return c.link.dialect == 2 }

// anyIn reports whether a shard is in one of the states.
func (c *Core) anyIn(states ...lifecycle.ShardState) bool {
	for _, state := range states {
		if c.count(state) > 0 {
			return true
		}
	}
	return false
}

// count returns the number of shards in a state.
func (c *Core) count(state lifecycle.ShardState) (n int) {
	for _, s := range c.shards {
		if s.state() == state {
			n++
		}
	}
	return n
}
