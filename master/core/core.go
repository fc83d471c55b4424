package core

import (
	"time"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
)

// Core is a master. See the package documentation for what its owner owes it.
type Core struct {
	opt    Options
	tables *tables
	within map[string]time.Duration

	life   masterMachine
	links  map[LinkID]*link
	slaves []*slave // in the order in which they became known
	byID   map[SlaveID]*slave
	shares []*share // those that are not dissolved, by number
	up     *upgrade // the one that runs, or nil
	reg    registry
	// journal is what was written down; recovered, that an earlier master had a journal,
	// too.
	journal   journal
	recovered bool
	// command is what is launched: nil for the caller's default.
	command []string
	// named and begun count the ids that were given out; formed counts shares.
	named, begun, formed int
	met                  uint64 // counts the slaves that became known
	// dead are the ids of launched slaves whose end was reported, the latest last: what
	// they had sent may still be read.
	dead []SlaveID

	out []Effect
	// later holds what is to be fired when the present event has been dealt with.
	// Machines above others fire those below at once; those below report upwards
	// through here, so that no machine is entered twice.
	later []func()
	// The views are here only so that asking a guard allocates nothing.
	linkView  linkView
	shareView shareView
	upView    upgradeView
	moveView  moveView
}

// New returns a core that waits for [Started]. The error names every option that
// is out of range, every defect of a table, and every effect of a table that has
// not exactly one implementation.
func New(o Options) (*Core, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	t, err := o.Tables.build()
	if err != nil {
		return nil, err
	}
	c := &Core{
		opt: o, tables: t, within: o.Deadlines.ByName(),
		life:  *t.master.New(),
		links: make(map[LinkID]*link),
		byID:  make(map[SlaveID]*slave),
		reg:   registry{shards: make([]shard, o.Shards)},
	}
	return c, nil
}

// Step takes one event and returns what to do, in order. The slice is valid until
// the next Step.
func (c *Core) Step(e Event) []Effect {
	clear(c.out)
	c.out = c.out[:0]
	switch e := e.(type) {
	case Started:
		c.started(e.Record)
	case Opened:
		c.opened(e.Link)
	case Received:
		c.received(e)
	case Lost:
		c.lost(e)
	case StateUp:
		c.stateLink(e.Slave, true)
	case StateLost:
		c.stateLink(e.Slave, false)
	case Launched:
		c.launched(e)
	case LaunchFailed:
		c.ended(e.Slave, about{kind: ErrLaunch, reason: e.Reason})
	case Exited:
		c.ended(e.Slave, about{kind: ErrDied, code: e.Code, reason: e.Reason})
	case ForgetAsked:
		c.forget(e.Slave)
	case Fired:
		c.fired(e.Timer)
	case UpgradeAsked:
		c.upgradeAsked(e)
	case PauseAsked:
		c.operate(lifecycle.UpgradePause, about{shard: -1})
	case ResumeAsked:
		c.operate(lifecycle.UpgradeResume, about{shard: -1})
	case AbortAsked:
		c.operate(lifecycle.UpgradeAbort, about{shard: -1, kind: ErrAborted, reason: e.Reason})
	case Journaled:
		c.journaled(e.Seq)
	case Attached:
		c.attached(e)
	case StopAsked:
		c.fireMaster(lifecycle.MasterStopAsked)
	}
	for i := 0; i < len(c.later); i++ {
		c.later[i]()
	}
	clear(c.later)
	c.later = c.later[:0]
	return c.out
}

func (c *Core) emit(e Effect) { c.out = append(c.out, e) }

func (c *Core) publish(n Notice) { c.emit(Publish{n}) }

// about is what a machine's event is about, beyond the machine itself.
type about struct {
	slave SlaveID
	// shard is meaningful only where the event is about one.
	shard int
	// kind and reason say what went wrong; kind is nil when nothing did.
	kind   error
	reason string
	// code is an exit status.
	code int
	// session is what a slave said about the shard's session.
	session session
	// fresh says that the session is new.
	fresh bool
	// received is the message that the link's event is about.
	received Received
}

// fire hands an event to a machine and carries out what the outcome says of
// timers. The caller runs the effects. It reports whether a row was taken; an
// event that the table refuses is told to the subscribers.
func fire[S, E ~string, V any](c *Core, m *fsm.Machine[S, E, V], view V, e E, t Timer, a about) (fsm.Outcome[S, E], bool) {
	o, err := m.Fire(view, e)
	if err != nil {
		c.problem(a.slave, -1, ErrInternal, "%v", err)
		return o, false
	}
	switch o.Verdict {
	case fsm.Taken:
		if c.opt.Trace != nil {
			c.opt.Trace(m.Snapshot().Table, o.Row)
		}
	case fsm.Refused:
		shard := -1
		if t.Of == MoveLife {
			shard = int(t.ID)
		}
		c.problem(a.slave, shard, ErrProtocol, "%q while the %s is %q: %s", e, t, o.From, o.Because)
		return o, false
	default:
		return o, false
	}
	switch {
	case o.Deadline != "":
		c.arm(t, o.Deadline)
	case o.Disarm:
		c.emit(Disarm{t})
	}
	return o, true
}

// arm starts the timer of a machine for a deadline of its table.
func (c *Core) arm(t Timer, name string) {
	a := Arm{Timer: t, Name: name, After: c.within[name]}
	switch {
	case name == lifecycle.BackOffDeadline:
		a.After, a.Jitter = c.backOff(t.ID), c.opt.BackOffJitter
	case t.Of == LeaseLife:
		a.After = c.patience(c.byNumber(t.ID))
	case t.Of == UpgradeLife:
		a.After = c.planned(name)
	}
	c.emit(a)
}

// planned is how long the upgrade that runs waits for something: its plan may say.
func (c *Core) planned(name string) time.Duration {
	p := &c.up.plan
	switch name {
	case lifecycle.HoldDeadline:
		return max(p.Hold, p.Healthy)
	case lifecycle.ProofDeadline:
		return max(p.Healthy, c.opt.Heartbeat)
	case lifecycle.ProgressDeadline:
		return or(p.Progress, c.within[name])
	case lifecycle.PauseDeadline:
		return or(p.PauseLimit, c.within[name])
	default:
		return c.within[name]
	}
}

// fired hands the deadline of the present state to the machine whose timer ran out.
func (c *Core) fired(t Timer) {
	switch t.Of {
	case MasterLife:
		if _, e := c.life.Deadline(); e != "" {
			c.fireMaster(e)
		}
	case LinkLife:
		if l := c.links[LinkID(t.ID)]; l != nil {
			if name, e := l.m.Deadline(); e != "" {
				c.fireLink(l, e, c.overdue(name, l.slave))
			}
		}
	case ShareLife:
		if sh := c.share(t.ID); sh != nil {
			if name, e := sh.m.Deadline(); e != "" {
				c.fireShare(sh, e, c.overdue(name, sh.slave))
			}
		}
	case UpgradeLife:
		if c.up != nil {
			if name, e := c.up.m.Deadline(); e != "" {
				c.fireUpgrade(e, c.overdue(name, c.up.laggard()))
			}
		}
	case LeaseLife:
		if s := c.byNumber(t.ID); s != nil {
			c.fireLease(s, lifecycle.LeaseExpired)
		}
	case TotalLife:
		if c.up != nil {
			c.up.clock = false
			c.fireUpgrade(lifecycle.UpgradeOverdue, about{
				shard: -1, kind: ErrDeadline, reason: "not done within " + or(c.up.plan.Total, c.within[lifecycle.TotalDeadline]).String(),
			})
		}
	case MoveLife:
		if m := c.up.move(int(t.ID)); m != nil {
			if name, e := m.m.Deadline(); e != "" {
				c.fireMove(m, e, c.overdue(name, c.up.asked(m)))
			}
		}
	}
}

// overdue says that a deadline has passed for which a slave is to blame.
func (c *Core) overdue(name string, s SlaveID) about {
	return about{slave: s, shard: -1, kind: ErrDeadline, reason: `no answer within the deadline "` + name + `" of ` + c.howLong(name).String()}
}

// howLong is how long a deadline was.
func (c *Core) howLong(name string) time.Duration {
	if c.up != nil {
		return c.planned(name)
	}
	return c.within[name]
}
