package explore

import (
	"encoding/binary"
	"slices"

	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// canon renames what only grows: slaves, links and sessions by the order in which
// they appear, epochs by their order within a shard. It serves one fingerprint at a
// time.
type canon struct {
	slaves   []string
	links    []uint64
	sessions []string
	marks    []mark
	// beats says that the numbers of heartbeats matter.
	beats bool
}

// mark is a place that waits for an epoch's rank.
type mark struct {
	shard int
	epoch uint64
	at    int
}

// maxGap is the largest distance between two epochs that is told from a larger one.
// A core gives out epochs one by one, so that no more of them than this can be given
// out between two before the difference matters.
const maxGap = 3

func (n *canon) reset() {
	n.slaves, n.links, n.sessions, n.marks = n.slaves[:0], n.links[:0], n.sessions[:0], n.marks[:0]
}

func (n *canon) name(dst []byte, id string) []byte {
	if id == "" {
		return append(dst, 0)
	}
	i := slices.Index(n.slaves, id)
	if i < 0 {
		i = len(n.slaves)
		n.slaves = append(n.slaves, id)
	}
	return append(dst, byte(i+1))
}

// Link implements the cores' Canon.
func (n *canon) number(dst []byte, id uint64) []byte {
	if id == 0 {
		return append(dst, 0)
	}
	i := slices.Index(n.links, id)
	if i < 0 {
		i = len(n.links)
		n.links = append(n.links, id)
	}
	return append(dst, byte(i+1))
}

// Session implements the cores' Canon.
func (n *canon) Session(dst []byte, id string) []byte {
	if id == "" {
		return append(dst, 0)
	}
	i := slices.Index(n.sessions, id)
	if i < 0 {
		i = len(n.sessions)
		n.sessions = append(n.sessions, id)
	}
	return append(dst, byte(i+1))
}

// Epoch implements the cores' Canon.
func (n *canon) Epoch(dst []byte, shard int, epoch uint64) []byte {
	if epoch > 0 {
		n.marks = append(n.marks, mark{shard, epoch, len(dst)})
	}
	return append(dst, 0)
}

// Slave implements the master's Canon.
func (n *canon) Slave(dst []byte, id mcore.SlaveID) []byte { return n.name(dst, string(id)) }

// Link implements the master's Canon.
func (n *canon) Link(dst []byte, id mcore.LinkID) []byte { return n.number(dst, uint64(id)) }

// settle writes the epochs' ranks.
func (n *canon) settle(dst []byte) {
	slices.SortFunc(n.marks, func(a, b mark) int {
		if a.shard != b.shard {
			return a.shard - b.shard
		}
		return int(a.epoch) - int(b.epoch)
	})
	rank, last := byte(0), mark{shard: -1}
	for _, m := range n.marks {
		switch {
		case m.shard != last.shard:
			rank = 1
		case m.epoch != last.epoch:
			rank += byte(min(m.epoch-last.epoch, maxGap))
		}
		dst[m.at], last = rank, m
	}
}

// Message implements the cores' Canon. Texts are for people and left out.
func (n *canon) Message(dst []byte, t wire.EventType, data any) []byte {
	dst = append(dst, byte(t))
	switch d := data.(type) {
	case *wire.StartData:
		if d != nil {
			dst = binary.AppendVarint(dst, int64(d.NumShards))
			dst = n.infos(dst, d.Shards)
		}
	case *wire.ShardMigrationStartData:
		dst = append(dst, flag(d.FromThisSlave))
		dst = binary.AppendVarint(dst, int64(d.NumShards))
		dst = n.infos(dst, d.Shards)
	case *wire.StopShardData:
		dst = append(dst, byte(d.Shard))
		dst = n.Epoch(dst, d.Shard, d.Epoch)
		dst = n.session(dst, d.SessionID, d.Sequence)
	case *wire.ShardStoppedData:
		dst = append(dst, byte(d.Shard), byte(d.Records))
		dst = n.Epoch(dst, d.Shard, d.Epoch)
		dst = n.session(dst, d.SessionID, d.Sequence)
		dst = append(dst, d.Digest...)
	case *wire.ResumeShardData:
		dst = append(dst, byte(d.Shard), byte(d.Records), flag(d.Fresh))
		dst = n.Epoch(dst, d.Shard, d.Epoch)
		dst = n.session(dst, d.SessionID, d.Sequence)
		dst = append(dst, d.Digest...)
	case *wire.SlaveHelloData:
		dst = append(dst, flag(d.Running), byte(d.Protocol), byte(d.NumShards), byte(len(d.Link)))
		dst = n.name(dst, d.SlaveID)
		dst = n.infos(dst, d.Shards)
	case *wire.WelcomeData:
		dst = n.name(dst, d.SlaveID)
		dst = binary.AppendVarint(dst, int64(d.Lease))
	case *wire.HeartbeatData:
		dst = append(dst, flag(d.Unhealthy != ""))
		if n.beats {
			dst = append(dst, byte(d.Beat))
		}
		dst = n.infos(dst, d.Shards)
	case *wire.FailureData:
		dst = append(dst, byte(d.Event), byte(d.Shard))
		dst = n.Epoch(dst, d.Shard, d.Epoch)
		dst = append(append(append(dst, d.Phase...), 0), d.Code...)
		dst = n.session(dst, d.SessionID, d.Sequence)
	case *wire.CopyShardData:
		dst = append(dst, byte(d.Shard), byte(d.Records))
		dst = n.Epoch(dst, d.Shard, d.Epoch)
	case *wire.ArmShardData:
		dst = append(dst, byte(d.Shard), byte(d.Records), flag(d.Armed))
		dst = n.Epoch(dst, d.Shard, d.Epoch)
	case *score.RecordIn:
		dst = append(dst, byte(d.Shard), byte(d.Number))
		dst = n.Epoch(dst, d.Shard, d.Epoch)
	}
	return dst
}

func (n *canon) infos(dst []byte, list []wire.ShardInfo) []byte {
	dst = append(dst, byte(len(list)))
	for _, i := range list {
		dst = append(append(append(dst, byte(i.Shard)), i.Phase...), 0)
		dst = n.Epoch(dst, i.Shard, i.Epoch)
		dst = n.session(dst, i.SessionID, i.Sequence)
	}
	return dst
}

func (n *canon) session(dst []byte, id string, sequence int64) []byte {
	return binary.AppendVarint(n.Session(dst, id), sequence)
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}
