package core

import (
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// link is one control connection.
type link struct {
	id LinkID
	m  linkMachine
	// slave is who is at the other end, once it has said hello and was accepted.
	slave SlaveID
	// hello is what it said, and claim what that amounts to.
	hello wire.SlaveHelloData
	claim claim
	// broken says that the connection has ended.
	broken bool
}

func (l *link) timer() Timer { return Timer{LinkLife, uint64(l.id)} }

// linkView answers the guards of the link table.
type linkView struct {
	c *Core
	l *link
}

// Acceptable implements [lifecycle.LinkView].
func (v *linkView) Acceptable() bool { return v.l.claim.refusal == nil }

// SecondDialect implements [lifecycle.LinkView].
func (v *linkView) SecondDialect() bool { return v.l.claim.second }

// Recorded implements [lifecycle.LinkView].
func (v *linkView) Recorded() bool {
	if s := v.c.byID[v.l.claim.id]; s != nil && !v.c.changes(s, v.l) {
		return v.c.safe(s.recorded)
	}
	return !v.c.opt.Journal
}

// changes reports whether what is written down of a slave will be something else when
// the link is registered.
func (c *Core) changes(s *slave, l *link) bool {
	return l.slave == "" && (s.dialect != l.claim.dialect() || s.lent != c.lend(l.claim.dialect()))
}

// StateLinked implements [lifecycle.LinkView].
func (v *linkView) StateLinked() bool {
	s := v.c.byID[v.l.slave]
	return s != nil && s.stateUp
}

// Matters implements [lifecycle.LinkView].
func (v *linkView) Matters() bool {
	s := v.c.byID[v.l.slave]
	return s != nil && (s.launched || s.nameless || v.c.holds(s) || v.c.up.part(s.id) != nil || s.ending && !s.goodbye)
}

func linkEffects() map[string]func(*Core, *link, about) {
	return map[string]func(*Core, *link, about){
		lifecycle.LinkRegister: func(c *Core, l *link, _ about) { c.register(l) },
		lifecycle.LinkWelcome:  func(c *Core, l *link, _ about) { c.welcome(l) },
		lifecycle.LinkPresent:  func(c *Core, l *link, _ about) { c.present(c.byID[l.slave]) },
		lifecycle.LinkInform:   (*Core).inform,
		lifecycle.LinkAnswer:   (*Core).answerBeat,
		lifecycle.LinkHandOn:   func(c *Core, l *link, a about) { c.dispatch(c.byID[l.slave], a.received) },
		lifecycle.LinkReport:   (*Core).reportLoss,
		lifecycle.LinkDismiss:  (*Core).dismiss,
		lifecycle.LinkMiss: func(c *Core, l *link, _ about) {
			c.problem(l.slave, -1, ErrMissing, "it may serve on, so its shards %s are not started elsewhere; if it is dead, say so (forget)", Ranges(c.shardsOf(l.slave)))
		},
		lifecycle.LinkClose: (*Core).closeLink,
	}
}

func (c *Core) fireLink(l *link, e lifecycle.LinkEvent, a about) {
	c.linkView = linkView{c, l}
	o, taken := fire(c, &l.m, lifecycle.LinkView(&c.linkView), e, l.timer(), a)
	if !taken {
		return
	}
	for _, do := range c.tables.linkDo.Of(o.Row) {
		do(c, l, a)
	}
	c.forgetLink(l)
}

// forgetLink drops a connection that is of no further use.
func (c *Core) forgetLink(l *link) {
	if l.broken && l.m.Final() {
		delete(c.links, l.id)
	}
}

func (c *Core) opened(id LinkID) {
	if c.links[id] != nil {
		c.problem("", -1, ErrInternal, "link %d was opened twice", id)
		return
	}
	l := &link{id: id, m: *c.tables.link.New()}
	c.links[id] = l
	name, _ := l.m.Deadline()
	c.arm(l.timer(), name)
}

func (c *Core) lost(e Lost) {
	l := c.links[e.Link]
	if l == nil {
		return // closed before it said anything
	}
	l.broken = true
	c.fireLink(l, lifecycle.LinkBroken, about{slave: l.slave, shard: -1, reason: e.Reason})
	c.forgetLink(l)
}

func (c *Core) received(e Received) {
	l := c.links[e.Link]
	if l == nil {
		return // an answer that was under way when the link was closed
	}
	a := about{slave: l.slave, shard: -1, received: e}
	switch hello, ok := e.Data.(*wire.SlaveHelloData); {
	case e.Type == wire.EvtSlaveHello && ok && hello != nil:
		if l.m.State() == lifecycle.LinkAwaitingHello {
			l.hello, l.claim = *hello, c.identify(hello)
		}
		c.fireLink(l, lifecycle.LinkHello, a)
	case e.Type == wire.EvtHeartbeat:
		c.fireLink(l, lifecycle.LinkHeartbeat, a)
	default:
		c.fireLink(l, lifecycle.LinkMessage, a)
	}
}

// register makes a link the slave's own.
func (c *Core) register(l *link) {
	s := c.byID[l.claim.id]
	if s == nil {
		s = c.addSlave(l.claim.id)
	}
	changed := c.changes(s, l)
	if s.link != nil {
		c.up.spoil(s.id)
		c.fireLink(s.link, lifecycle.LinkReplaced, about{slave: s.id, shard: -1, reason: "it has connected anew"})
	}
	l.slave, s.link, s.told = s.id, l, false
	s.version, s.wish = l.hello.Version, l.hello.NumShards
	s.dialect, s.preCopy, s.arm, s.stateless, s.unhealthy = l.claim.dialect(), false, false, false, ""
	s.nameless, s.lent = l.hello.Protocol < 2, c.lend(s.dialect)
	if l.claim.second {
		s.preCopy, s.arm, s.stateless = l.hello.PreCopy, l.hello.Arm, l.hello.Stateless
	}
	if changed {
		c.recordSlave(s)
	}
	switch {
	case l.claim.adopt:
		c.adopt(s, &l.hello)
	case s.unheard && l.hello.Protocol >= 2:
		c.heardOf(s, l.hello.Shards)
	case s.unheard:
		c.heardOfFirst(s, &l.hello)
	}
	c.inventory(s, l.hello.Shards, l.hello.Protocol >= 2)
	c.hearWord(s, l.hello.Shards, true)
	l.hello.Shards = nil
}

func (c *Core) welcome(l *link) {
	s := c.byID[l.slave]
	c.emit(Send{Link: l.id, Type: wire.EvtWelcome, Data: &wire.WelcomeData{
		Protocol: 2, SlaveID: string(s.id), Heartbeat: c.opt.Heartbeat, Lease: s.lent,
	}})
	c.answered(s)
	if s.ending {
		c.shutDown(s)
	}
	if s.stateUp { // only the control link was lost
		c.later = append(c.later, func() { c.fireLink(l, lifecycle.LinkStateUp, about{slave: s.id, shard: -1}) })
	}
}

func (c *Core) inform(l *link, a about) {
	d, ok := a.received.Data.(*wire.HeartbeatData)
	if !ok || d == nil {
		return
	}
	s := c.byID[l.slave]
	c.inventory(s, d.Shards, false)
	c.hearWord(s, d.Shards, false)
	s.unhealthy = d.Unhealthy
	if p := c.up.part(s.id); p != nil && !p.source && s.unhealthy != "" {
		c.fireUpgrade(lifecycle.UpgradeUnhealthy, about{slave: s.id, shard: -1, kind: ErrUnhealthy, reason: s.unhealthy})
	}
}

// answerBeat answers a heartbeat by its number.
func (c *Core) answerBeat(l *link, a about) {
	answer := Send{Link: l.id, Type: wire.EvtHeartbeat}
	if d, ok := a.received.Data.(*wire.HeartbeatData); ok && d != nil && d.Beat > 0 {
		answer.Data = &wire.HeartbeatData{Beat: d.Beat}
	}
	c.emit(answer)
	c.answered(c.byID[l.slave])
}

// reportLoss tells everybody that a slave is not linked.
func (c *Core) reportLoss(l *link, a about) {
	s := c.byID[l.slave]
	c.publish(SlaveLost{Slave: s.id, Reason: a.reason})
	c.up.spoil(s.id)
	if s.ending && !s.launched && (s.goodbye || s.retired) {
		c.later = append(c.later, func() {
			if c.byID[s.id] == s && s.link == l {
				c.bury(s, about{slave: s.id, shard: -1, kind: ErrDied, reason: "it was asked to end, and has"})
			}
		})
	}
	if p := c.up.part(s.id); p != nil && !p.source {
		c.soon(lifecycle.UpgradeLeft, about{slave: s.id, shard: -1})
	}
	if sh := c.shareOf(s.id); sh != nil {
		c.fireShare(sh, lifecycle.ShareLeft, about{slave: s.id, shard: -1})
	}
}

// dismiss forgets a slave that nobody waits for.
func (c *Core) dismiss(l *link, _ about) {
	s := c.byID[l.slave]
	if s == nil {
		return
	}
	c.removeSlave(s)
	if sh := c.shareOf(s.id); sh != nil {
		c.fireShare(sh, lifecycle.ShareEnded, about{slave: s.id, shard: -1, kind: ErrDied, reason: "its link was lost before it was given a shard"})
	}
}

func (c *Core) closeLink(l *link, a about) {
	reason := a.reason
	switch {
	case l.claim.refusal != nil:
		reason = l.claim.refusal.Error()
		c.publish(Problem{Slave: l.claim.id, Shard: -1, Err: l.claim.refusal})
		if l.hello.Protocol >= 2 { // or it would dial again and again without knowing why it is not let in
			c.emit(Send{Link: l.id, Type: wire.EvtFailure, Data: &wire.FailureData{
				Event: wire.EvtSlaveHello, Shard: -1, Code: lifecycle.FailureRefused, Text: reason,
			}})
		}
	case l.slave == "" && reason == "":
		reason = "the first frame was " + a.received.Type.String() + ", want " + wire.EvtSlaveHello.String()
		c.problem("", -1, ErrProtocol, "%s", reason)
	}
	c.emit(CloseLink{Link: l.id, Reason: reason})
}
