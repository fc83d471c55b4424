package master

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/master/core"
)

// How long a scribe waits before it tries again to write, at first and at most; the
// wait doubles each time.
const (
	firstRewrite = 100 * time.Millisecond
	lastRewrite  = 30 * time.Second
)

// scribe writes the changes of a master's record to its journal, on a goroutine of
// its own: whoever hands it a change never waits. What came up during one write is
// written by the next, all or none, so the journal is always what the record was at
// some moment. When the journal fails, the scribe tries again until it is closed.
type scribe struct {
	journal Journal
	log     *zap.Logger

	// ledger and broken belong to the goroutine. broken is why the ledger does not
	// know all changes any more.
	ledger *ledger
	broken error

	wake    chan struct{} // says that there is something to write
	changed chan struct{} // says that there is something new in reached
	closing chan struct{}
	done    chan struct{}
	life    context.Context // ends when no time is left to write what is left
	end     context.CancelFunc

	mu      sync.Mutex
	backlog backlog
	reached progress
}

// progress is how far a scribe has got.
type progress struct {
	// Safe is the number of the last change that outlives the process and the machine.
	Safe uint64
	// Trouble is why the last write failed; nil when it did not.
	Trouble error
}

// newScribe starts to write what differs from the ledger, which belongs to the scribe
// from now on.
func newScribe(j Journal, l *ledger, log *zap.Logger) *scribe {
	life, end := context.WithCancel(context.Background())
	s := &scribe{
		journal: j, log: log, ledger: l, backlog: newBacklog(), life: life, end: end,
		wake: make(chan struct{}, 1), changed: make(chan struct{}, 1),
		closing: make(chan struct{}), done: make(chan struct{}),
	}
	go s.run()
	return s
}

// change takes a change of the record that came up at that time. Numbers grow, and
// the change itself does not change any more.
func (s *scribe) change(seq uint64, c core.Change, at time.Time) {
	s.mu.Lock()
	s.backlog.add(seq, c, at)
	s.mu.Unlock()
	nudge(s.wake)
}

// launch takes what the shell knows of a launched slave. It is written together with
// the changes that came before it, and not after those that come next.
func (s *scribe) launch(id core.SlaveID, r launchRecord) {
	s.mu.Lock()
	s.backlog.addLaunch(id, r)
	s.mu.Unlock()
	nudge(s.wake)
}

// news is received from when progress returns something new.
func (s *scribe) news() <-chan struct{} { return s.changed }

// progress returns how far the scribe has got.
func (s *scribe) progress() progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reached
}

// close writes what is left, for as long as the context lets it, and waits for the
// scribe's end. The error says that something is not written, and why. It is called
// once, and nothing is handed over any more.
func (s *scribe) close(ctx context.Context) error {
	stop := context.AfterFunc(ctx, s.end)
	close(s.closing)
	<-s.done
	stop()
	s.end()
	if err := s.progress().Trouble; err != nil {
		return fmt.Errorf("master: the journal is not up to date: %w", err)
	}
	return nil
}

// run writes until the scribe is closed and nothing is left, or no time is.
func (s *scribe) run() {
	defer close(s.done)
	closing, wait := s.closing, firstRewrite
	for {
		seq, err := s.writeAll()
		s.report(seq, err)
		if err == nil {
			wait = firstRewrite
			if !s.moreToCome() {
				return
			}
			continue
		}
		s.log.Error("the journal cannot be written", zap.Error(err), zap.Duration("next_try_in", wait))
		timer := time.NewTimer(wait)
		wait = min(2*wait, lastRewrite)
		select {
		case <-timer.C:
		case <-closing:
			closing, wait = nil, firstRewrite
		case <-s.life.Done():
		}
		timer.Stop()
		if s.life.Err() != nil {
			return
		}
	}
}

// moreToCome waits for something to write, and reports false when the scribe is
// closed instead.
func (s *scribe) moreToCome() bool {
	select {
	case <-s.wake:
		return true
	case <-s.closing:
	}
	select {
	case <-s.wake:
		return true
	default:
		return false
	}
}

// writeAll writes down what there is, with what a failed write has left, and returns
// the number of its last change.
func (s *scribe) writeAll() (seq uint64, err error) {
	if s.broken != nil {
		return 0, s.broken
	}
	s.mu.Lock()
	taken := s.backlog
	s.backlog = newBacklog()
	s.backlog.seq = taken.seq
	s.mu.Unlock()
	for n := taken.first; n != nil; n = n.next {
		if n.change == nil {
			s.ledger.launch(n.topic.slave, n.launch)
		} else if err := s.ledger.apply(n.change, n.at); err != nil {
			s.broken = err
			return 0, err
		}
	}
	changes, err := s.ledger.unwritten()
	if err != nil {
		return 0, err
	}
	if len(changes) > 0 {
		if err := s.journal.Write(s.life, changes); err != nil {
			return 0, err
		}
		s.ledger.settle()
	}
	return taken.seq, nil
}

// report tells what became of a write.
func (s *scribe) report(seq uint64, err error) {
	s.mu.Lock()
	before := s.reached
	if s.reached.Trouble = err; err == nil {
		s.reached.Safe = seq
	}
	after := s.reached
	s.mu.Unlock()
	if before.Trouble != nil && err == nil {
		s.log.Info("the journal can be written again")
	}
	if after.Safe != before.Safe || after.Trouble != nil || before.Trouble != nil {
		nudge(s.changed)
	}
}

// nudge leaves a word for whoever waits for one, if none is there yet.
func nudge(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
