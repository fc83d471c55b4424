package core

import (
	"fmt"
	"testing"

	"github.com/shardbaton/baton/internal/perturb"
	"github.com/shardbaton/baton/wire"
)

// plainCanon writes everything as it is.
type plainCanon struct{}

func (plainCanon) Session(dst []byte, id string) []byte { return fmt.Appendf(dst, "<%s>", id) }
func (plainCanon) Epoch(dst []byte, shard int, epoch uint64) []byte {
	return fmt.Appendf(dst, "<%d@%d>", shard, epoch)
}

func (plainCanon) Message(dst []byte, t wire.EventType, data any) []byte {
	return fmt.Appendf(dst, "<%d %+v>", t, data)
}

// busyCore is a core in which everything that can be there is there.
func busyCore(t *testing.T) *Core {
	t.Helper()
	c, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	session := Session{ID: "session", Sequence: 1, ResumeURL: "url"}
	ask := func() *request {
		return &request{event: 1, link: 1, shards: []wire.ShardInfo{{Shard: 0, Epoch: 1, Phase: "x", SessionID: "s", Sequence: 1, ResumeURL: "u"}}}
	}
	c.link.number, c.link.lease = 1, 1
	c.asked, c.kept = ask(), ask()
	c.state = []Record{{Kind: "k", Key: "k", Payload: []byte{1}}}
	c.refusal = &wire.FailureData{}
	c.shards = []*shard{{
		core: c, machine: c.program.shard.New(), epoch: 1, session: session,
		order:  order{event: 1, epoch: 1, link: 1, answer: &answer{1, &wire.StartData{}}, want: &wire.ResumeShardData{}, session: session},
		inbox:  inbox{open: true, epoch: 1},
		arming: arming{epoch: 1, link: 1, url: "url"},
	}}
	return c
}

// TestTheFingerprintLeavesNothingOut changes every field of a core, one at a time. A
// search that takes two cores for one although they differ proves nothing.
func TestTheFingerprintLeavesNothingOut(t *testing.T) {
	c := busyCore(t)
	const (
		constant = "never changes in the life of a core"
		people   = "only for people"
		passing  = "has no meaning between two steps"
		pauses   = "decides only for how long a pause lasts"
		message  = "is written as part of a message, by the caller"
	)
	blind, stale := perturb.Blind(c, func() string { return string(c.AppendFingerprint(nil, plainCanon{})) }, map[string]string{
		"Core.program": constant, "Core.options": constant, "Machine.def": constant, "shard.core": constant,
		"Core.out": passing, "Core.req": passing, "Core.passed": passing,
		"Core.cause": people, "Core.endErr": people, "shard.cause": people, "FailureData.Text": people, "FailureData.Code": people,
		"FailureData.Event": people, "FailureData.Shard": people, "FailureData.Epoch": people, "FailureData.Phase": people,
		"FailureData.SessionID": people, "FailureData.Sequence": people, "FailureData.ResumeURL": people,
		"link.tries": pauses, "link.stateTries": pauses, "shard.timeout": pauses,
		"ResumeShardData.Digest": message,
		"inbox.fault":            "only whether there is one matters",
	})
	for _, name := range blind {
		t.Error(perturb.Explain(name))
	}
	for _, name := range stale {
		t.Errorf("%s is in the list of what decides nothing, but there is no such field here", name)
	}
}
