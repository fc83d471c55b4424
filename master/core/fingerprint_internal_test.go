package core

import (
	"errors"
	"fmt"
	"testing"

	"github.com/shardbaton/baton/internal/perturb"
	"github.com/shardbaton/baton/wire"
)

// plainCanon writes everything as it is.
type plainCanon struct{}

func (plainCanon) Slave(dst []byte, id SlaveID) []byte  { return fmt.Appendf(dst, "<%s>", id) }
func (plainCanon) Link(dst []byte, id LinkID) []byte    { return fmt.Appendf(dst, "<%d>", id) }
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
	c, err := New(Options{Shards: 2})
	if err != nil {
		t.Fatal(err)
	}
	c.Step(Started{})
	l := &link{id: 1, m: *c.tables.link.New(), slave: "s1"}
	s := &slave{id: "s1", link: l, met: 1, number: 1, lease: *c.tables.lease.New()}
	c.slaves, c.byID["s1"], c.links[1] = []*slave{s}, s, l
	c.links[2] = &link{id: 2, m: *c.tables.link.New()}
	told := Session{ID: "session", Sequence: 1, ResumeURL: "url"}
	c.reg.shards = []shard{{owner: "s1", epoch: 1, session: told}, {owner: "s1", epoch: 1, session: told}}
	c.reg.issued = []uint64{2, 1}
	kept := session{id: "session", sequence: 1, url: "url", records: 1, digest: []byte{1}}
	c.up = &upgrade{
		id: "u1", m: *c.tables.upgrade.New(), failure: &UpgradeError{Kind: errors.New("x")},
		plan: Plan{
			Slaves: []SlaveID{"s1"}, Command: []string{"bot"}, CanaryShards: []int{1},
		},
		parts: []*part{{id: "s1", ask: Send{Link: 1, Type: 1, Data: &wire.StartData{}}, shards: []int{0}}, {}},
		next:  []shard{{owner: "s1", epoch: 1, session: told}},
		word:  []map[int]wire.ShardInfo{{0: {Shard: 0, Epoch: 1, Phase: "running", SessionID: "session", Sequence: 1, ResumeURL: "url"}}},
		moves: []move{
			{m: *c.tables.move.New(), source: 0, target: 1, epoch: 2, session: kept, kept: kept, left: kept, url: "url", asked: asked{state: "x", link: 1}},
		},
		pending: []int{0}, last: kept,
	}
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
		named    = "only the name of something that is known by its place"
	)
	blind, stale := perturb.Blind(c, func() string { return string(c.AppendFingerprint(nil, plainCanon{})) }, map[string]string{
		"Core.opt": constant, "Core.tables": constant, "Core.within": constant, "Machine.def": constant,
		"Core.out": passing, "Core.later": passing, "Core.linkView": passing, "Core.shareView": passing, "Core.upView": passing, "Core.moveView": passing,
		"Core.byID":  "follows from slaves",
		"Core.named": named, "Core.begun": named, "Core.formed": named, "Core.met": named, "slave.number": named, "share.n": named, "upgrade.id": named,
		"slave.version": people, "slave.pid": people, "upgrade.fresh": people, "UpgradeError.Kind": people, "UpgradeError.Upgrade": people,
		"UpgradeError.Step": people, "UpgradeError.Slave": people, "UpgradeError.Shard": people, "UpgradeError.Reason": people, "upgrade.stepped": people, "UpgradeError.Reverted": people,
		"link.hello":  "used up in the step in which it comes",
		"link.claim":  "used up in the step in which it is made",
		"upgrade.now": "set anew before it is read",
	})
	for _, name := range blind {
		t.Error(perturb.Explain(name))
	}
	for _, name := range stale {
		t.Errorf("%s is in the list of what decides nothing, but there is no such field here", name)
	}
}
