package slaveclient

import (
	"container/heap"
	"time"

	"github.com/shardbaton/baton/slaveclient/core"
)

// timers are the core's timers. They belong to the goroutine of the loop, so one
// that was stopped cannot fire any more.
type timers struct {
	byName map[core.Timer]*alarm
	queue  alarms
	clock  *time.Timer
}

type alarm struct {
	timer core.Timer
	at    time.Time
	index int
}

func newTimers() *timers {
	clock := time.NewTimer(time.Hour)
	clock.Stop()
	return &timers{byName: make(map[core.Timer]*alarm), clock: clock}
}

func (t *timers) arm(name core.Timer, after time.Duration) {
	at := time.Now().Add(after)
	if a := t.byName[name]; a != nil {
		a.at = at
		heap.Fix(&t.queue, a.index)
	} else {
		a = &alarm{timer: name, at: at}
		t.byName[name] = a
		heap.Push(&t.queue, a)
	}
	t.wind()
}

// disarm stops a timer and reports whether it was armed.
func (t *timers) disarm(name core.Timer) bool {
	a := t.byName[name]
	if a == nil {
		return false
	}
	heap.Remove(&t.queue, a.index)
	delete(t.byName, name)
	t.wind()
	return true
}

// due takes one timer whose time has come.
func (t *timers) due() (name core.Timer, ok bool) {
	if len(t.queue) == 0 || time.Now().Before(t.queue[0].at) {
		t.wind()
		return core.Timer{}, false
	}
	a := heap.Pop(&t.queue).(*alarm)
	delete(t.byName, a.timer)
	return a.timer, true
}

// wind sets the clock to the next alarm.
func (t *timers) wind() {
	if len(t.queue) == 0 {
		t.clock.Stop()
		return
	}
	t.clock.Reset(time.Until(t.queue[0].at))
}

// alarms is a heap, the next alarm first.
type alarms []*alarm

func (q alarms) Len() int           { return len(q) }
func (q alarms) Less(i, j int) bool { return q[i].at.Before(q[j].at) }

func (q alarms) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *alarms) Push(x any) {
	a := x.(*alarm)
	a.index = len(*q)
	*q = append(*q, a)
}

func (q *alarms) Pop() any {
	last := len(*q) - 1
	a := (*q)[last]
	*q = (*q)[:last]
	return a
}
