package core

import (
	"maps"
	"slices"

	"github.com/shardbaton/baton/wire"
)

// Clone returns a core in the same state that shares nothing with this one which
// either could change. It is meant for searches through many states. Timers are the
// caller's and have to be copied by it.
func (c *Core) Clone() *Core {
	d := *c
	d.out, d.later = nil, nil
	d.linkView, d.shareView, d.upView, d.moveView = linkView{}, shareView{}, upgradeView{}, moveView{}
	links := make(map[*link]*link)
	copyLink := func(l *link) *link {
		if l == nil {
			return nil
		}
		if links[l] == nil {
			copied := *l
			links[l] = &copied
		}
		return links[l]
	}
	d.links = make(map[LinkID]*link, len(c.links))
	for id, l := range c.links {
		d.links[id] = copyLink(l)
	}
	d.slaves, d.byID = make([]*slave, len(c.slaves)), make(map[SlaveID]*slave, len(c.slaves))
	for i, s := range c.slaves {
		copied := *s
		copied.link = copyLink(s.link)
		d.slaves[i], d.byID[s.id] = &copied, &copied
	}
	d.shares = make([]*share, len(c.shares))
	for i, sh := range c.shares {
		copied := *sh
		d.shares[i] = &copied
	}
	d.reg.shards, d.reg.issued = slices.Clone(c.reg.shards), slices.Clone(c.reg.issued)
	d.dead = slices.Clone(c.dead)
	d.up = c.up.clone()
	return &d
}

// clone copies an upgrade. Digests, plans and lists of shards never change.
func (u *upgrade) clone() *upgrade {
	if u == nil {
		return nil
	}
	v := *u
	v.parts = make([]*part, len(u.parts))
	for i, p := range u.parts {
		copied := *p
		v.parts[i] = &copied
	}
	if u.word != nil {
		v.word = make([]map[int]wire.ShardInfo, len(u.word))
		for i, w := range u.word {
			v.word[i] = maps.Clone(w)
		}
	}
	v.next, v.moves, v.pending = slices.Clone(u.next), slices.Clone(u.moves), slices.Clone(u.pending)
	return &v
}
