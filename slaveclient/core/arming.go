package core

import "github.com/shardbaton/baton/wire"

// arming is the last ArmShard of a shard.
type arming struct {
	// waits says that the records sent ahead are not all applied yet.
	waits bool
	// link is the control link on which it came.
	link    uint64
	epoch   uint64
	records uint64
	url     string
}

// arm has the bot dial ahead once what was sent ahead is applied. The dial comes
// last, because a gateway does not wait long for whoever has dialled. State that
// cannot become whole is not waited for: the Resume will say so.
func (s *shard) arm() {
	a := &s.arming
	switch {
	case !a.waits || s.core.closing():
		return
	case !s.inbox.awaits(a.epoch):
		a.waits = false
		return
	case s.inbox.loaded < a.records && s.inbox.fault == "":
		return
	}
	a.waits = false
	if !s.core.options.Arm {
		s.armed(a.epoch, false)
		return
	}
	s.core.emit(Call{
		Callback: CallArm, Shard: s.number, Epoch: a.epoch, NumShards: s.core.numShards, ResumeURL: a.url,
		Timeout: s.core.options.Deadlines.Arm,
	})
}

// armed echoes the ArmShard, unless the shard is no longer expected.
func (s *shard) armed(epoch uint64, dialled bool) {
	if s.inbox.awaits(epoch) {
		s.core.toMaster(s.arming.link, wire.EvtArmShard, &wire.ArmShardData{Shard: s.number, Epoch: epoch, Armed: dialled})
	}
}

// armed takes the bot's answer.
func (c *Core) armed(e Armed) {
	s := c.find(e.Shard)
	if s == nil {
		return
	}
	if e.Err != "" {
		c.note(Info, s.number, e.Err, "not armed; the shard will be dialled when its session comes")
	}
	s.armed(e.Epoch, e.Err == "")
}
