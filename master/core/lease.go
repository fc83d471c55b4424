package core

import "github.com/shardbaton/baton/fsm/lifecycle"

func leaseEffects() map[string]func(*Core, *slave) {
	return map[string]func(*Core, *slave){
		lifecycle.LeaseBury: func(c *Core, s *slave) {
			c.later = append(c.later, func() {
				if c.byID[s.id] == s {
					c.kill(s) // where that is possible, what is left of it need not linger
					c.bury(s, about{
						slave: s.id, shard: -1, kind: ErrLease, code: -1,
						reason: "it was not heard of for " + (c.opt.Lease + c.opt.LeaseMargin).String() + ": its lease has run out, so it has stopped its shards",
					})
				}
			})
		},
	}
}

func (s *slave) leaseTimer() Timer { return Timer{LeaseLife, s.number} }

func (c *Core) fireLease(s *slave, e lifecycle.LeaseEvent) {
	o, taken := fire(c, &s.lease, lifecycle.LeaseView(nil), e, s.leaseTimer(), about{slave: s.id, shard: -1})
	if !taken {
		return
	}
	for _, do := range c.tables.leaseDo.Of(o.Row) {
		do(c, s)
	}
}

// answered notes that the slave was answered: its lease counts from before this
// moment.
func (c *Core) answered(s *slave) {
	if c.opt.Lease > 0 && s.dialect == 2 {
		c.fireLease(s, lifecycle.LeaseAnswered)
	}
}
