package master

import (
	"container/heap"
	"time"
)

// timers is the set of armed timers of the loop: any number of names on one
// clock. Only the loop touches it, so a timer that was disarmed never fires
// afterwards.
type timers[K comparable] struct {
	byName map[K]*deadline[K]
	queue  deadlines[K]
	clock  *time.Timer
	// set is what the clock is set to; zero while it is not running.
	set time.Time
}

// deadline is one armed timer and its place in the queue.
type deadline[K comparable] struct {
	name K
	at   time.Time
	slot int
}

func newTimers[K comparable]() *timers[K] {
	t := &timers[K]{byName: make(map[K]*deadline[K]), clock: time.NewTimer(time.Hour)}
	t.clock.Stop()
	return t
}

// arm sets the timer of that name, replacing an earlier setting.
func (t *timers[K]) arm(name K, at time.Time) {
	if d, ok := t.byName[name]; ok {
		d.at = at
		heap.Fix(&t.queue, d.slot)
	} else {
		d = &deadline[K]{name: name, at: at}
		t.byName[name] = d
		heap.Push(&t.queue, d)
	}
	t.wind()
}

// disarm forgets the timer of that name, if there is one. The clock is left
// alone: if it was set for this timer it fires for nothing, once.
func (t *timers[K]) disarm(name K) {
	if d, ok := t.byName[name]; ok {
		heap.Remove(&t.queue, d.slot)
		delete(t.byName, name)
	}
}

// fired is what the loop waits on; each time it receives it calls next until
// nothing is due.
func (t *timers[K]) fired() <-chan time.Time { return t.clock.C }

// next removes and returns the earliest timer that has run out. They come one by
// one because what is done about the first may disarm the second.
func (t *timers[K]) next(now time.Time) (name K, ok bool) {
	if len(t.queue) > 0 && !t.queue[0].at.After(now) {
		name = t.queue[0].name
		t.disarm(name)
		return name, true
	}
	t.set = time.Time{}
	t.wind()
	return name, false
}

// stop ends the clock.
func (t *timers[K]) stop() { t.clock.Stop() }

// wind sets the clock to the earliest deadline unless it rings before that.
func (t *timers[K]) wind() {
	if len(t.queue) == 0 {
		return
	}
	if next := t.queue[0].at; t.set.IsZero() || next.Before(t.set) {
		t.set = next
		t.clock.Reset(time.Until(next))
	}
}

// deadlines implements [heap.Interface], the earliest deadline first.
type deadlines[K comparable] []*deadline[K]

func (q deadlines[K]) Len() int           { return len(q) }
func (q deadlines[K]) Less(i, j int) bool { return q[i].at.Before(q[j].at) }

func (q deadlines[K]) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].slot, q[j].slot = i, j
}

// Push implements [heap.Interface].
func (q *deadlines[K]) Push(x any) {
	if d, ok := x.(*deadline[K]); ok {
		d.slot = len(*q)
		*q = append(*q, d)
	}
}

// Pop implements [heap.Interface].
func (q *deadlines[K]) Pop() any {
	last := len(*q) - 1
	d := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return d
}
