package core_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shardbaton/baton/master/core"
)

// persist makes the first n changes of the journal's tail durable and returns the
// number of the last.
func (r *rig) persist(n int) uint64 {
	for _, j := range r.tail[:n] {
		r.record.Apply(j.Change)
	}
	seq := r.tail[n-1].Seq
	r.tail = slices.Clone(r.tail[n:])
	return seq
}

// reborn lets the master die and another begin: with it go the connections, the timers,
// and what was written down but is not durable, apart from the first keep changes.
func (r *rig) reborn(keep int) {
	r.t.Helper()
	if keep > 0 {
		r.persist(keep)
	}
	r.tail = nil
	r.lives++
	opt := r.opt
	opt.SlavePrefix = fmt.Sprintf("m%d-", r.lives)
	fresh := newRig(r.t, opt)
	r.core, r.shadow, r.timers, r.told, r.lessee = fresh.core, nil, fresh.timers, fresh.told, fresh.lessee
	for i, s := range r.record.Slaves { // an earlier master's slaves are known in this order
		r.lessee[uint64(i+1)] = r.called(s.Slave)
	}
	clear(r.who)
	clear(r.link)
	r.log = append(r.log, fmt.Sprintf("=== the master dies; life %d begins", r.lives))
}

// change puts a change of the journal into words.
func change(c core.Change) string {
	switch c := c.(type) {
	case core.SlaveKnown:
		text := fmt.Sprintf("slave %s", c.Slave)
		if c.Dialect > 0 {
			text += fmt.Sprintf(", dialect %d", c.Dialect)
		}
		if c.Launched {
			text += ", launched"
		}
		if c.Ending {
			text += ", ending"
		}
		return text
	case core.SlaveGone:
		return fmt.Sprintf("no slave %s", c.Slave)
	case core.ShardCount:
		return fmt.Sprintf("%d shards", c.Shards)
	case core.ShardChanged:
		text := fmt.Sprintf("shard %d of nobody", c.Shard)
		if c.Owner != "" {
			text = fmt.Sprintf("shard %d of %s", c.Shard, c.Owner)
		}
		text += fmt.Sprintf(", epoch %d of %d", c.Epoch, c.Issued)
		if c.Session.ID != "" {
			text += fmt.Sprintf(", %s/%d", c.Session.ID, c.Session.Sequence)
		}
		return text
	case core.CommandChanged:
		return fmt.Sprintf("command %q", c.Command)
	case core.UpgradeChanged:
		return upgradeChange(c.Upgrade)
	default:
		return fmt.Sprintf("%T %+v", c, c)
	}
}

func upgradeChange(u *core.UpgradeRecord) string {
	if u == nil {
		return "no upgrade"
	}
	var sources, targets []string
	for _, p := range u.Parts {
		who := fmt.Sprintf("%s(%s)", p.Slave, core.Ranges(p.Shards))
		if p.Source {
			sources = append(sources, who)
		} else {
			targets = append(targets, who)
		}
	}
	text := fmt.Sprintf("upgrade %s, %s → %s", u.Upgrade, strings.Join(sources, " "), strings.Join(targets, " "))
	if u.Committed {
		text += ", committed"
	}
	return text
}
