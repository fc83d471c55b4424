package core

import (
	"fmt"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

func (c *Core) prepared(p Prepared) {
	c.cause = cause{lifecycle.FailureBot, p.Err}
	if p.Callback == CallFullStart {
		if p.Err != "" {
			c.fire(lifecycle.SlaveBotNotStarted)
			return
		}
		c.full = fullDone
		c.fire(lifecycle.SlaveBotStarted)
		return
	}
	if !c.awaits(p.Callback) {
		return
	}
	if p.Err == "" && p.Callback == CallTransferFrom {
		p.Err = c.countedBy(p.NumShards)
		c.cause.text = p.Err
	}
	if p.Err != "" {
		c.fire(lifecycle.SlaveBotUnprepared)
	} else {
		c.fire(lifecycle.SlaveBotPrepared)
	}
}

// awaits reports whether the present state waits for this callback, rather than
// for another after this one was given up.
func (c *Core) awaits(callback Callback) bool {
	switch c.slave.State() {
	case lifecycle.SlaveSoftPreparing:
		return callback == CallSoftStart
	case lifecycle.SlavePreparingOut:
		return callback == CallTransferFrom
	case lifecycle.SlavePreparingIn:
		return callback == CallTransferTo
	default:
		return false
	}
}

// countedBy holds the bot's number of shards against the master's.
func (c *Core) countedBy(bot int) string {
	if c.numShards == bot {
		return ""
	}
	return fmt.Sprintf("StartShardTransferFrom says %d shards, but the bot was started with %d", bot, c.numShards)
}

func (c *Core) started(e Started) {
	s := c.find(e.Shard)
	if s == nil {
		return
	}
	if e.Err != "" {
		s.cause = cause{lifecycle.FailureBot, e.Err}
		s.fire(lifecycle.ShardBotNotStarted)
		return
	}
	if e.Session == (Session{}) && !e.Fresh {
		e.Session = s.startSession()
	}
	s.session, s.result.fresh = e.Session, e.Fresh
	s.cause = c.whyNot()
	s.fire(lifecycle.ShardBotStarted)
}

func (c *Core) letGo(e LetGo) {
	s := c.find(e.Shard)
	if s == nil {
		return
	}
	s.cause = cause{lifecycle.FailureBot, e.Err}
	if e.Err != "" && e.Session == (Session{}) {
		s.fire(lifecycle.ShardBotKept)
		return
	}
	s.session, s.kept = e.Session, true
	s.result.records, s.result.digest = e.Records, e.Digest
	if e.Err != "" {
		s.fire(lifecycle.ShardBotBrokeOff)
		return
	}
	if e.Session.ID == "" {
		c.note(Warn, s.number, "", "the shard stopped without a session: its next owner has to IDENTIFY")
	}
	s.fire(lifecycle.ShardBotLetGo)
}

func (c *Core) copied(e Copied) {
	s := c.find(e.Shard)
	if s == nil || s.epoch != e.Epoch {
		return
	}
	s.result.records = e.Records
	if e.Err != "" {
		s.cause = cause{lifecycle.FailureBot, e.Err}
		s.fire(lifecycle.ShardBotNotCopied)
		return
	}
	s.fire(lifecycle.ShardBotCopied)
}
