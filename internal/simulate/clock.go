package simulate

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// clock does what the simulated world has planned, one thing after another, each at
// an instant of its own.
type clock struct {
	began time.Time

	mu    sync.Mutex
	queue plans
	taken map[time.Time]struct{} // the instants of queue
	timer *time.Timer
}

func newClock() *clock {
	c := &clock{began: time.Now(), taken: make(map[time.Time]struct{}), timer: time.NewTimer(time.Hour)}
	c.timer.Stop()
	return c
}

// run does what is planned until ctx ends.
func (c *clock) run(ctx context.Context) {
	for {
		select {
		case <-c.timer.C:
			for do := c.due(); do != nil; do = c.due() {
				do()
			}
		case <-ctx.Done():
			return
		}
	}
}

// elapsed is the simulated time since the beginning.
func (c *clock) elapsed() time.Duration { return time.Since(c.began) }

// at plans something for an instant: the given one, or the next that is free. It is
// done on the clock's goroutine and must not wait for anything. The instant is
// returned.
func (c *clock) at(when time.Time, do func()) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); !when.After(now) {
		when = now.Add(1)
	}
	for {
		if _, taken := c.taken[when]; !taken {
			break
		}
		when = when.Add(1)
	}
	c.taken[when] = struct{}{}
	heap.Push(&c.queue, plan{when, do})
	c.wind()
	return when
}

// after is at, counted from now.
func (c *clock) after(d time.Duration, do func()) { c.at(time.Now().Add(d), do) }

// pass returns a channel that is closed after that time.
func (c *clock) pass(d time.Duration) <-chan struct{} {
	passed := make(chan struct{})
	c.after(d, func() { close(passed) })
	return passed
}

// due takes what is to be done now, or returns nil.
func (c *clock) due() func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 || time.Now().Before(c.queue[0].when) {
		c.wind()
		return nil
	}
	p := heap.Pop(&c.queue).(plan)
	delete(c.taken, p.when)
	return p.do
}

// wind sets the timer to the next plan. c.mu is held.
func (c *clock) wind() {
	if len(c.queue) > 0 {
		c.timer.Reset(time.Until(c.queue[0].when))
	}
}

// plan is one thing to do. No two have the same instant.
type plan struct {
	when time.Time
	do   func()
}

// plans implements [heap.Interface], the earliest first.
type plans []plan

func (q plans) Len() int           { return len(q) }
func (q plans) Less(i, j int) bool { return q[i].when.Before(q[j].when) }
func (q plans) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push implements [heap.Interface].
func (q *plans) Push(x any) { *q = append(*q, x.(plan)) }

// Pop implements [heap.Interface].
func (q *plans) Pop() any {
	last := len(*q) - 1
	p := (*q)[last]
	(*q)[last] = plan{}
	*q = (*q)[:last]
	return p
}
