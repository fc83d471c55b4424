package core

import (
	"strconv"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// failed takes a slave's word that it could not do what it was asked for.
func (c *Core) failed(s *slave, d *wire.FailureData) {
	a := about{
		slave: s.id, shard: -1, kind: ErrReported,
		reason:  d.Event.String() + " (" + d.Code + "): " + d.Text,
		session: session{id: d.SessionID, sequence: d.Sequence, url: d.ResumeURL},
	}
	if d.Shard >= 0 {
		a.shard = d.Shard
		a.reason += "; the shard is " + or(d.Phase, "in no phase")
	}
	if c.reg.has(d.Shard) && d.Event == wire.EvtFullStart {
		sh := &c.reg.shards[d.Shard]
		sh.refused = sh.refused || sh.owner == s.id && sh.epoch == d.Epoch && sh.doubt && serves(d.Phase)
	}
	switch m := c.up.openMove(d.Shard); {
	case c.notStarted(s, d) && (m == nil || !m.m.State().InFlight()):
		c.shardNotStarted(s, d.Shard, a)
	case m != nil:
		c.moveFailed(s, d, a)
	case c.up.part(s.id) != nil && d.Event == wire.EvtFullStart && c.up.part(s.id).source && c.up.unasked():
		c.problem(s.id, a.shard, a.kind, "%s", a.reason) // it has to do with what was before the upgrade
	case c.up.part(s.id) != nil:
		c.fireUpgrade(lifecycle.UpgradeFailure, a)
	case c.shareOf(s.id) != nil && d.Event == wire.EvtFullStart && d.Shard < 0:
		c.fireShare(c.shareOf(s.id), lifecycle.ShareNotStarted, a)
	default:
		c.problem(s.id, a.shard, a.kind, "%s", a.reason)
	}
}

// notStarted reports whether a failure says that the slave does not run a shard which
// was given to it.
func (c *Core) notStarted(s *slave, d *wire.FailureData) bool {
	if !c.reg.has(d.Shard) || d.Event != wire.EvtFullStart && d.Event != wire.EvtResume || serves(d.Phase) {
		return false
	}
	sh := &c.reg.shards[d.Shard]
	return sh.owner == s.id && sh.epoch == d.Epoch && !sh.up
}

// shardNotStarted says that nobody has the shard. Whoever serves the share sees to it,
// or the upgrade, as with any shard that nobody has.
func (c *Core) shardNotStarted(s *slave, n int, a about) {
	if sh := c.shareOf(s.id); sh != nil {
		c.fireShare(sh, lifecycle.ShareShardFailed, a)
		return
	}
	c.noteShardFailed(nil, a)
	if m := c.up.move(n); m != nil && m.m.State() == lifecycle.MoveOnOld {
		m.source = -1
		c.up.pending = append(c.up.pending, n)
	}
}

// moveFailed finds out what a failure means for the move of its shard: what counts is
// where the shard is now.
func (c *Core) moveFailed(s *slave, d *wire.FailureData, a about) {
	m, asTaker, ok := c.moveOf(s, d.Shard, d.Epoch)
	if m == nil || !ok {
		c.problem(s.id, d.Shard, ErrStale, "%s", a.reason)
		return
	}
	phase := lifecycle.ShardState(d.Phase)
	runs := runs(d.Phase)
	switch {
	case d.Event == wire.EvtCopyShard && !asTaker:
		c.shardCopied(s, d.Shard, d.Epoch, 0, a)
	case d.Event == wire.EvtArmShard && asTaker:
		c.shardArmed(s, d.Shard, d.Epoch, a)
	case d.Event == wire.EvtStopShard && !asTaker && runs:
		c.fireMove(m, lifecycle.MoveStopRefused, a)
	case d.Event == wire.EvtStopShard && !asTaker && !phase.Serves():
		c.fireMove(m, lifecycle.MoveStopBroken, a)
	case d.Event == wire.EvtResume && asTaker && runs:
		c.fireMove(m, lifecycle.MoveResumed, a)
	case d.Event == wire.EvtResume && asTaker && !phase.Serves():
		c.fireMove(m, lifecycle.MoveNotResumed, a)
	case d.Event == wire.EvtResume && !asTaker && runs:
		c.fireMove(m, lifecycle.MoveReturned, a)
	case d.Event == wire.EvtResume && !asTaker && !phase.Serves():
		if m.fresh {
			m.keeps(a.session) // what it kept may have gone with that try
		}
		c.fireMove(m, lifecycle.MoveNotReturned, a)
	case d.Event == wire.EvtStopShard || d.Event == wire.EvtResume:
		if phase == lifecycle.ShardOverdue {
			c.fireMove(m, lifecycle.MoveUnclear, a)
			return
		}
		c.problem(s.id, d.Shard, a.kind, "%s", a.reason) // still at it: the answer will come
	default:
		c.fireUpgrade(lifecycle.UpgradeFailure, a)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
