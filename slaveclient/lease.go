package slaveclient

import (
	"errors"
	"math"
	"sync/atomic"
	"time"
)

// ErrLeaseOver says that this process may not act as the bot now: it has a lease
// and has not heard from its master for as long, so its shards may be somebody
// else's by now.
var ErrLeaseOver = errors.New("slaveclient: the lease is over: wait until the master says what runs here")

// Lease tells whether this process may act for its shards. A master that grants
// leases gives a silent slave's shards to another after a time that is longer than
// the lease, and need not know what has become of the silent one. [Run] stops the
// shards when the lease runs out; until that is done, and because the whole process
// may have been standing still, the lease is to be asked before each action that
// the world outside can see: a handler (see [Gate.UseLease]), a write to the
// gateway, a request to the REST API.
//
// It runs from the moment at which this process sent what the master has answered
// last, and is over by the clock: Held is false from then on, whether Run has come
// to notice it or not. Once over it stays so until every shard has stopped and the
// master is heard again.
//
// The clock is Go's monotonic one. On Linux it goes on while a process is stopped
// (SIGSTOP, a frozen cgroup, a paused debugger), but stands still while the whole
// machine is suspended, or a virtual machine paused: the time of a suspend does not
// count, and a machine that wakes up may believe that it still holds a lease which
// the master has seen end. Do not rely on leases on machines that are suspended.
//
// Without leases it is always held. The zero value is of no use: Run makes one, see
// [LeaseUser]. A nil *Lease is always held. All methods may be called by any
// goroutine.
type Lease struct {
	began time.Time    // what until counts from
	until atomic.Int64 // nanoseconds, or forever, or ended
}

// The values of Lease.until that are no time.
const (
	leaseForever = math.MaxInt64
	leaseEnded   = math.MinInt64
)

func newLease() *Lease { return LeaseUntil(time.Time{}) }

// LeaseUntil returns a lease that ends at this time, or never if it is zero. It is
// for the tests of a bot, which need a lease without a master.
func LeaseUntil(at time.Time) *Lease {
	l := &Lease{began: time.Now()}
	l.until.Store(l.mark(at))
	return l
}

// Held reports whether the lease is held at this moment. It never blocks.
func (l *Lease) Held() bool {
	if l == nil {
		return true
	}
	for {
		switch until := l.until.Load(); {
		case until == leaseForever:
			return true
		case until == leaseEnded:
			return false
		case int64(time.Since(l.began)) < until:
			return true
		case l.until.CompareAndSwap(until, leaseEnded):
			// Whoever has seen it end must not be contradicted by an answer of the
			// master's that is read just now.
			return false
		}
	}
}

// Check returns nil while the lease is held, and else [ErrLeaseOver].
func (l *Lease) Check() error {
	if l.Held() {
		return nil
	}
	return ErrLeaseOver
}

// extend lets the lease end at another time, unless it is over.
func (l *Lease) extend(at time.Time) {
	for until := l.until.Load(); l.Held(); until = l.until.Load() {
		if l.until.CompareAndSwap(until, l.mark(at)) {
			return
		}
	}
}

// grant begins the lease anew after it was over.
func (l *Lease) grant(at time.Time) { l.until.Store(l.mark(at)) }

// mark returns a time as until has it; the zero time is for ever.
func (l *Lease) mark(at time.Time) int64 {
	if at.IsZero() {
		return leaseForever
	}
	return int64(at.Sub(l.began))
}

// sentTimes are the moments at which a control link's hello, with number 0, and its
// heartbeats were sent.
type sentTimes map[uint64]time.Time

// answered returns when what is answered now was sent, and forgets what is older. What
// nobody has noted was sent long ago.
func (s sentTimes) answered(beat uint64) time.Time {
	at := s[beat]
	for n := range s {
		if n < beat {
			delete(s, n)
		}
	}
	return at
}
