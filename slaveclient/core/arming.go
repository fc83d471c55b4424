package core

import (
	"fmt"

	"github.com/shardbaton/baton/wire"
)

// arming is the last ArmShard of a shard.
type arming struct {
	stage   armStage
	epoch   uint64
	link    uint64 // the control link on which it was asked for last
	records uint64 // how many were sent ahead
	url     string
	dialled bool // how it ended
}

// armStage is how far an ArmShard is.
type armStage int

const (
	armNone    armStage = iota
	armWaits            // not all that was sent ahead is applied yet
	armDialing          // the bot was asked to dial
	armDone             // it has answered
)

// toldArm has the shard made ready: what was sent ahead is applied, and then the
// bot dials ahead. No state depends on it. Asked again, it answers again.
func (s *shard) toldArm(o order, d *wire.ArmShardData) {
	late := !s.inbox.awaits(o.epoch)
	if !s.expect(o) {
		return
	}
	if late && d.Records > 0 { // there was no inbox for them: they are lost, and must not be waited for
		s.inbox.fault = fmt.Sprintf("%d records were sent before the shard's coming was announced", d.Records)
	}
	if a := &s.arming; a.stage != armNone && a.epoch == o.epoch {
		a.link = o.link
		s.sayArmed()
		return
	}
	s.arming = arming{stage: armWaits, epoch: o.epoch, link: o.link, records: d.Records, url: d.ResumeURL}
	s.arm()
}

// arm has the bot dial ahead once what was sent ahead is applied. The dial comes
// last, because a gateway does not wait long for whoever has dialled. State that
// cannot become whole is not waited for: the Resume will say so.
func (s *shard) arm() {
	a := &s.arming
	switch {
	case a.stage != armWaits || !s.inbox.awaits(a.epoch) || s.core.closing():
		return
	case s.inbox.loaded < a.records && s.inbox.fault == "":
		return
	case !s.core.options.Arm, s.state().Serves(): // it is too late to dial ahead
		a.stage = armDone
		s.sayArmed()
		return
	}
	a.stage = armDialing
	s.core.emit(Call{
		Callback: CallArm, Shard: s.number, Epoch: a.epoch, NumShards: s.core.numShards, ResumeURL: a.url,
		Timeout: s.core.options.Deadlines.Arm,
	})
}

// armed takes the bot's answer. One to an attempt that has been given up since is
// of no interest.
func (c *Core) armed(e Armed) {
	s := c.find(e.Shard)
	if s == nil || s.arming.epoch != e.Epoch {
		return
	}
	if e.Err != "" {
		c.note(Info, s.number, e.Err, "not armed; the shard will be dialled when its session comes")
	}
	s.arming.stage, s.arming.dialled = armDone, e.Err == ""
	s.sayArmed()
}

// sayArmed echoes the ArmShard, if it is done and the shard is still awaited.
func (s *shard) sayArmed() {
	if a := s.arming; a.stage == armDone && s.inbox.awaits(a.epoch) {
		s.core.toMaster(a.link, wire.EvtArmShard, &wire.ArmShardData{Shard: s.number, Epoch: a.epoch, Armed: a.dialled})
	}
}
