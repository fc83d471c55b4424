package chaos

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"

	"github.com/shardbaton/baton/internal/chaos/links"
	"github.com/shardbaton/baton/internal/control"
)

// strike is a fault that waits for its moment.
type strike struct {
	cell   Cell
	course course
	bed    *bed
	old    bot
	// known is how many bots had been born before the upgrade was asked for: the next
	// one is the new slave.
	known int

	// meanwhile is what goes on beside the upgrade because of the strike.
	meanwhile sync.WaitGroup
	mu        sync.Mutex
	refusals  []error // why commands that the course has given were not carried out

	prompted int // so many of the course's prompts were done
	relented bool
	deaths   []death // of slaves that were killed
	// unheard is since when slaves are kept away from every master; zero where they are
	// not.
	unheard time.Time
	// masterKilled: the master was killed and the next one not started yet.
	masterKilled bool
	// What follows is set when the moment has come.
	at     time.Time // zero until then
	victim bot       // zero where it is the master
	links  int       // that were cut
	note   string
	found  error // what is wrong at that moment
	err    error // the strike itself failed
	// thawErr is why what stood still was not set going again.
	thawErr error
}

// death is the end of a slave that was killed.
type death struct {
	bot
	at time.Time
	// checkpointed is until when a master heard of it: when it died, or when its master
	// did.
	checkpointed time.Time
}

// observe strikes at the first step that shows the cell's phase. It is called for
// each step as soon as it is known, and nothing must delay it.
func (s *strike) observe(step control.Progress) {
	if s.err == nil {
		s.err = s.prompt(step)
	}
	if s.err != nil || !s.at.IsZero() || !s.cell.Phase.seen(step, s.bed.cfg.watched()) {
		return
	}
	s.err = s.hit()
	if scenario, _ := scenarioOf(s.cell); s.err == nil && scenario.meanwhile != nil {
		s.note, s.found = scenario.meanwhile(s.bed.ctx, s.bed)
	}
	if !s.masterKilled {
		s.relent()
	}
}

// relent has the course undo what would keep the upgrade from its end, once.
func (s *strike) relent() {
	if s.course.relent != nil && !s.relented {
		s.relented = true
		s.course.relent(s)
	}
}

// refused notes that a command was not carried out.
func (s *strike) refused(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusals = append(s.refusals, err)
}

// hit does what the cell's fault says to the cell's victim.
func (s *strike) hit() error {
	signal, target, err := s.aim()
	if err != nil {
		return err
	}
	s.at = time.Now()
	switch s.cell.Fault {
	case Kill:
		if s.cell.Victim == Master {
			return killMaster(s)
		}
		return s.kill(s.victim)
	case Stop:
		if err := signal(syscall.SIGSTOP); err != nil {
			return err
		}
		s.meanwhile.Go(func() {
			// The bed's end kills the process, so it need not be thawed then.
			if pause(s.bed.ctx, StopFor) == nil {
				s.err = errors.Join(s.err, signal(syscall.SIGCONT))
			}
		})
	case Cut:
		s.links = s.bed.links.Cut(target)
	case Slow:
		s.bed.links.Shape(target, links.Conditions{Latency: SlowLatency, BytesPerSecond: SlowBytes})
		s.links = s.bed.links.Cut(target)
	}
	return nil
}

// aim returns how the victim is sent a signal, and the name of its links.
func (s *strike) aim() (signal func(syscall.Signal) error, target string, err error) {
	switch s.cell.Victim {
	case Master:
		return s.bed.master.signal, links.Everyone, nil
	case Old:
		s.victim = s.old
	default:
		if s.victim, err = s.replacement(); err != nil {
			return nil, "", err
		}
	}
	signal = func(sig syscall.Signal) error { return s.bed.births.signal(s.victim, sig) }
	return signal, s.victim.slave, nil
}

// replacement returns the new slave. Its process may not be there yet: its birth is
// then the moment.
func (s *strike) replacement() (bot, error) {
	limit, cancel := context.WithTimeout(s.bed.ctx, s.bed.cfg.Patience)
	defer cancel()
	return s.bed.births.after(limit, s.known)
}

// done returns once nothing goes on any more because of the strike, with what kept it
// from being as it should.
func (s *strike) done() error {
	s.meanwhile.Wait()
	if s.at.IsZero() {
		// Otherwise it was in time, or it was the master that was struck down.
		return errors.Join(append(s.refusals, s.err)...)
	}
	return errors.Join(s.err, s.thawErr)
}

// pause returns after so long, or with the context's cause.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("interrupted: %w", context.Cause(ctx))
	}
}
