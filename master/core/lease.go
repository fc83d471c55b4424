package core

import (
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

func leaseEffects() map[string]func(*Core, *slave) {
	return map[string]func(*Core, *slave){
		lifecycle.LeaseBury: func(c *Core, s *slave) {
			c.later = append(c.later, func() {
				if c.byID[s.id] == s {
					c.kill(s) // where that is possible, what is left of it need not linger
					c.bury(s, about{
						slave: s.id, shard: -1, kind: ErrLease, code: -1,
						reason: "it was not heard of for " + c.patience(s).String() + ": its lease of " + s.lent.String() + " has run out, so it has stopped its shards",
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
	if s.lent > 0 {
		c.fireLease(s, lifecycle.LeaseAnswered)
	} else {
		c.fireLease(s, lifecycle.LeaseWaived)
	}
}

// lend is the lease that a slave of this dialect is given.
func (c *Core) lend(dialect int) time.Duration {
	if dialect == 2 {
		return c.opt.Lease
	}
	return 0
}

// patience is how long the master waits for a slave whose lease it counts.
func (c *Core) patience(s *slave) time.Duration {
	return s.lent + or(c.opt.LeaseMargin, max(s.lent/2, time.Second))
}

// byNumber returns the slave whose lease's timer has a number, or nil.
func (c *Core) byNumber(n uint64) *slave {
	for _, s := range c.slaves {
		if s.number == n {
			return s
		}
	}
	return nil
}
