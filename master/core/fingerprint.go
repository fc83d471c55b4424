package core

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

// Canon writes what has a name or a number that is only ever compared: two cores
// that differ in nothing but such names are the same core to a search. Each method
// appends to dst and returns it.
type Canon interface {
	// Slave writes a slave's id. The empty id is nobody.
	Slave(dst []byte, id SlaveID) []byte
	// Link writes a link's number. 0 is none.
	Link(dst []byte, id LinkID) []byte
	// Epoch writes an epoch of a shard. Epochs of one shard are compared by order.
	Epoch(dst []byte, shard int, epoch uint64) []byte
	// Session writes the id of a gateway session. The empty id is none.
	Session(dst []byte, id string) []byte
	// Message writes a message, with or without data.
	Message(dst []byte, t wire.EventType, data any) []byte
}

// AppendFingerprint appends everything that decides what the core does from now on.
// Two cores of the same options with equal fingerprints answer every event alike,
// but for names that n makes equal and for texts that are only for people.
//
// What a timer waits for is told by [Core.Waits].
func (c *Core) AppendFingerprint(dst []byte, n Canon) []byte {
	dst = append(dst, byte(c.life.Index()), byte(len(c.slaves)))
	for _, s := range c.slaves {
		dst = c.appendSlave(dst, n, s)
	}
	for _, l := range c.strayLinks() {
		dst = appendLink(dst, n, l)
	}
	dst = append(dst, byte(len(c.shares)))
	for _, sh := range c.shares {
		dst = append(dst, byte(sh.m.Index()), byte(sh.ends))
		dst = n.Slave(dst, sh.slave)
		dst = appendInts(dst, sh.shards)
	}
	dst = c.reg.appendTo(dst, n)
	dst = appendTexts(dst, c.command)
	dst = appendFlags(dst, c.recovered)
	dst = append(dst, byte(len(c.dead)))
	for _, id := range c.dead {
		dst = n.Slave(dst, id)
	}
	dst = binary.AppendUvarint(dst, c.journal.written-c.journal.durable)
	return c.up.appendTo(dst, n, &c.journal)
}

// Waits calls yield for each machine whose state has a deadline, in an order that
// cores with equal fingerprints share: its timer has to be armed, and no other. The core
// has been given [Started].
func (c *Core) Waits(yield func(t Timer, deadline string)) {
	tell := func(t Timer, deadline string) {
		if deadline != "" {
			yield(t, deadline)
		}
	}
	name, _ := c.life.Deadline()
	tell(Timer{Of: MasterLife}, name)
	link := func(l *link) {
		name, _ := l.m.Deadline()
		tell(l.timer(), name)
	}
	for _, s := range c.slaves {
		if s.link != nil {
			link(s.link)
		}
		name, _ := s.lease.Deadline()
		tell(s.leaseTimer(), name)
	}
	for _, l := range c.strayLinks() {
		link(l)
	}
	for _, sh := range c.shares {
		name, _ := sh.m.Deadline()
		tell(sh.timer(), name)
	}
	if c.up == nil {
		return
	}
	name, _ = c.up.m.Deadline()
	tell(c.up.timer(), name)
	if c.up.clock {
		tell(Timer{Of: TotalLife}, lifecycle.TotalDeadline)
	}
	for i := range c.up.moves {
		if m := c.up.move(i); m != nil {
			name, _ := m.m.Deadline()
			tell(m.timer(), name)
		}
	}
}

// LeaseOf returns the slave whose lease a timer counts, or nobody.
func (c *Core) LeaseOf(t Timer) SlaveID {
	if s := c.byNumber(t.ID); s != nil && t.Of == LeaseLife {
		return s.id
	}
	return ""
}

// strayLinks lists the links that are no slave's latest and still matter, in order.
func (c *Core) strayLinks() []*link {
	var list []*link
	for _, l := range c.links {
		if s := c.byID[l.slave]; !l.m.Final() && (s == nil || s.link != l) {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b *link) int { return int(a.id) - int(b.id) })
	return list
}

func (c *Core) appendSlave(dst []byte, n Canon, s *slave) []byte {
	dst = n.Slave(dst, s.id)
	dst = append(dst, byte(s.dialect), byte(s.owns))
	dst = binary.AppendUvarint(dst, uint64(s.wish))
	dst = appendFlags(dst, s.preCopy, s.arm, s.nameless, s.launched, s.killed, s.stateUp, s.link != nil, s.met != 0)
	dst = appendFlags(dst, s.ending, s.told, s.goodbye, s.retired, s.owed, s.link != nil && s.met == s.link.id, s.link != nil && c.links[s.link.id] == s.link)
	dst = appendFlags(dst, s.stateless, s.unhealthy != "", s.mine, s.unheard)
	dst = append(dst, byte(s.lease.Index()))
	dst = binary.AppendVarint(dst, int64(s.lent))
	dst = binary.AppendUvarint(dst, c.journal.behind(s.recorded))
	if s.link != nil {
		dst = appendLink(dst, n, s.link)
	}
	return dst
}

// behind is how many changes are not safe yet up to a number: only that decides.
func (j *journal) behind(seq uint64) uint64 { return max(seq, j.durable) - j.durable }

func appendLink(dst []byte, n Canon, l *link) []byte {
	dst = append(dst, byte(l.m.Index()))
	dst = n.Link(dst, l.id)
	dst = n.Slave(dst, l.slave)
	return appendFlags(dst, l.broken)
}

func (r *registry) appendTo(dst []byte, n Canon) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(r.shards)))
	for i, sh := range r.shards {
		dst = sh.appendTo(dst, n, i)
	}
	dst = binary.AppendUvarint(dst, uint64(len(r.issued)))
	for i, epoch := range r.issued {
		dst = n.Epoch(dst, i, epoch)
	}
	return n.Slave(dst, r.all)
}

func (sh shard) appendTo(dst []byte, n Canon, number int) []byte {
	dst = n.Slave(dst, sh.owner)
	dst = n.Epoch(dst, number, sh.epoch)
	return sh.session.appendTo(appendFlags(dst, sh.up, sh.doubt, sh.refused), n)
}

func (s Session) appendTo(dst []byte, n Canon) []byte {
	dst = n.Session(dst, s.ID)
	return appendText(binary.AppendVarint(dst, s.Sequence), s.ResumeURL)
}

func (u *upgrade) appendTo(dst []byte, n Canon, j *journal) []byte {
	if u == nil {
		return append(dst, 0)
	}
	dst = append(dst, 1, byte(u.m.Index()))
	dst = u.plan.appendTo(dst, n)
	dst = appendFlags(dst, u.all, u.soft, u.first, u.cut, u.failure != nil)
	dst = appendFlags(dst, u.turned, u.pausing, u.held, u.committed, u.clock, u.word != nil)
	dst = binary.AppendUvarint(dst, j.behind(u.written))
	for _, word := range u.word {
		dst = append(dst, byte(len(word)))
		for _, shard := range slices.Sorted(maps.Keys(word)) {
			i := word[shard]
			dst = n.Epoch(append(appendText(dst, i.Phase), byte(i.Shard)), i.Shard, i.Epoch)
			dst = said(i).public().appendTo(dst, n)
		}
	}
	for _, v := range []int{u.num, u.parallel, u.awaited, u.inFlight, u.onNew, u.total, u.giving} {
		dst = binary.AppendVarint(dst, int64(v))
	}
	dst = append(dst, byte(len(u.parts)))
	for _, p := range u.parts {
		dst = n.Slave(dst, p.id)
		dst = appendFlags(dst, p.source, p.gone, p.awaited, p.involved, p.ready)
		dst = n.Link(dst, p.ask.Link)
		dst = n.Message(dst, p.ask.Type, p.ask.Data)
		dst = appendInts(dst, p.shards)
		dst = binary.AppendVarint(dst, int64(p.count))
	}
	dst = append(dst, byte(len(u.next)))
	for i, sh := range u.next {
		dst = sh.appendTo(dst, n, i)
	}
	dst = append(dst, byte(len(u.moves)))
	for i := range u.moves {
		dst = u.moves[i].appendTo(dst, n)
	}
	dst = appendInts(dst, u.pending)
	return u.last.appendTo(dst, n)
}

func (m *move) appendTo(dst []byte, n Canon) []byte {
	if !m.planned() {
		return append(dst, 0)
	}
	dst = append(dst, 1, byte(m.m.Index()), byte(m.shard), byte(m.source), byte(m.target))
	dst = n.Epoch(dst, m.shard, m.epoch)
	dst = m.session.appendTo(dst, n)
	dst = appendText(dst, m.url)
	dst = binary.AppendUvarint(dst, m.ahead)
	dst = m.left.appendTo(m.kept.appendTo(dst, n), n)
	dst = appendFlags(dst, m.fresh, m.routed, m.forwarded, m.spoiled, m.back, m.used, m.announced)
	dst = append(dst, byte(m.failures))
	dst = appendText(dst, string(m.asked.state))
	return n.Link(dst, m.asked.link)
}

func (s session) appendTo(dst []byte, n Canon) []byte {
	dst = n.Session(dst, s.id)
	dst = binary.AppendVarint(dst, s.sequence)
	dst = appendText(dst, s.url)
	dst = binary.AppendUvarint(dst, s.records)
	return appendText(dst, string(s.digest))
}

func (p Plan) appendTo(dst []byte, n Canon) []byte {
	dst = append(dst, byte(len(p.Slaves)))
	for _, s := range p.Slaves {
		dst = n.Slave(dst, s)
	}
	for _, v := range []int64{
		int64(p.NumShards), int64(p.Parallel), int64(p.Canary), int64(p.Hold), int64(p.Healthy), int64(p.Progress), int64(p.Total), int64(p.PauseLimit),
	} {
		dst = binary.AppendVarint(dst, v)
	}
	dst = appendTexts(dst, p.Command)
	dst = appendInts(dst, p.CanaryShards)
	return appendText(dst, string(p.OnFailure))
}

// appendFlags writes up to eight answers.
func appendFlags(dst []byte, flags ...bool) []byte {
	var b byte
	for i, f := range flags {
		if f {
			b |= 1 << i
		}
	}
	return append(dst, b)
}

func appendInts(dst []byte, list []int) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	for _, v := range list {
		dst = binary.AppendVarint(dst, int64(v))
	}
	return dst
}

func appendTexts(dst []byte, list []string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	for _, s := range list {
		dst = appendText(dst, s)
	}
	return dst
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}
