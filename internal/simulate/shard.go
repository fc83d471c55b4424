package simulate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shardbaton/baton/slaveclient"
)

// shard is one shard of one bot: its gate, its state, and its life while it runs.
type shard struct {
	bot    *bot
	number int
	gate   *slaveclient.Gate
	dice   dice // of the reading goroutine

	mu      sync.Mutex
	life    *life // nil while it does not run
	armed   *gatewayConn
	session slaveclient.Session // the latest; its sequence is right while the shard does not run
	state   *state              // that goes with it
	// staged is what came from another slave for the next start.
	staged *state
	// dirty are the records that have changed since the copy ahead.
	dirty map[int]bool
}

func newShard(b *bot, number int) *shard {
	s := &shard{
		bot: b, number: number, gate: slaveclient.NewGate(), dirty: make(map[int]bool),
		dice: newDice(b.world.seed, fmt.Sprintf("shard %d of %s", number, b.process.name)),
	}
	s.gate.UseLease(b.lease)
	return s
}

// start connects the shard and returns when the gateway has said so.
func (s *shard) start(ctx context.Context, session slaveclient.Session) (slaveclient.Started, error) {
	switch {
	case s.bot.world.has(forgetful):
		session = slaveclient.Session{}
	case s.bot.world.has(neverConnects) && !session.IsZero():
		return slaveclient.Started{Session: session}, nil
	}
	l := &life{shard: s, up: make(chan slaveclient.Started, 1), ended: make(chan struct{})}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	if err := s.begin(l, session); err != nil {
		l.cancel()
		return slaveclient.Started{}, err
	}
	s.bot.lives.Go(func() { l.run(session) })
	select {
	case started := <-l.up:
		return started, s.bot.process.awake(ctx)
	case <-ctx.Done():
	case <-l.ended:
	}
	s.drop()
	if err := s.bot.process.awake(context.Background()); err != nil {
		return slaveclient.Started{}, err
	}
	return slaveclient.Started{}, fmt.Errorf("simulate: shard %d is not connected: %w", s.number, context.Cause(ctx))
}

// begin prepares the state for a session.
func (s *shard) begin(l *life, session slaveclient.Session) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life != nil {
		return errors.New("simulate: the shard runs already")
	}
	s.life = l
	kept := s.state != nil && s.session.ID == session.ID && s.session.Sequence == session.Sequence
	switch n, known := s.bot.world.gateway.at(session.ID, session.Sequence); {
	case kept:
	case s.bot.world.scenario.stateless && known:
		// It has a place of its own for the state, and cannot know whether what was
		// loaded belongs to this session or to that of a slave that was killed.
		s.state = stateAt(n, s.bot.world.scenario.records)
	case s.staged != nil:
		s.state = s.staged
	}
	s.staged = nil
	s.session = session
	ok := s.bot.process.do(func() { s.bot.world.ledger.opens(s.number, s.bot.process.name) })
	if !ok {
		s.life = nil
		return errDead
	}
	if !session.IsZero() {
		s.gate.Open(session.Sequence)
	}
	return nil
}

// stop lets go of the shard and returns its session.
func (s *shard) stop(ctx context.Context) (slaveclient.Session, error) {
	s.mu.Lock()
	l := s.life
	s.mu.Unlock()
	if l == nil {
		return slaveclient.Session{}, errors.New("simulate: the shard does not run")
	}
	if now, ok := s.checkpoint(); ok && s.bot.world.has(holdsOn) {
		return now, nil
	}
	l.settle(true)
	last, err := s.gate.Release(ctx)
	switch {
	case s.bot.world.has(receivedSequence):
		last++
	case s.bot.world.has(earlySequence):
		last = max(1, last-1)
	}
	if err != nil {
		l.settle(false)
		return slaveclient.Session{}, err
	}
	s.close(l)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session.ID == "" {
		return slaveclient.Session{}, nil
	}
	s.session.Sequence = last
	return s.session, nil
}

// close ends a life whose gate is shut.
func (s *shard) close(l *life) {
	l.cancel()
	<-l.ended
	s.bot.process.do(func() { s.bot.world.ledger.shuts(s.number, s.bot.process.name, !s.bot.lease.Held()) })
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life == l {
		s.life = nil
	}
}

// drop ends whatever the shard has.
func (s *shard) drop() {
	s.mu.Lock()
	l, armed := s.life, s.armed
	s.armed = nil
	s.mu.Unlock()
	if armed != nil {
		armed.close()
	}
	if l == nil {
		return
	}
	l.settle(true)
	last, err := s.gate.Release(context.Background())
	s.close(l)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && s.session.ID != "" {
		s.session.Sequence = last
	}
}

// arm keeps a connection for the next start, for a while.
func (s *shard) arm(c *gatewayConn) {
	s.mu.Lock()
	before := s.armed
	s.armed = c
	s.mu.Unlock()
	if before != nil {
		before.close()
	}
	s.bot.world.clock.after(armLimit, func() {
		s.mu.Lock()
		unused := s.armed == c
		if unused {
			s.armed = nil
		}
		s.mu.Unlock()
		if unused {
			c.close()
		}
	})
}

// disarm takes the connection that was dialled ahead, if there is one.
func (s *shard) disarm() *gatewayConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.armed
	s.armed = nil
	return c
}

// take stages a record.
func (s *shard) take(r slaveclient.Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life != nil {
		return errors.New("simulate: state for a shard that runs")
	}
	if s.staged == nil {
		s.staged = stateAt(0, s.bot.world.scenario.records)
	}
	return s.staged.load(r)
}

// ahead returns the state as it is now, and from now on notes what changes.
func (s *shard) ahead() []slaveclient.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.dirty)
	return s.all()
}

// owed returns what the next owner does not have yet.
func (s *shard) owed(copied bool) []slaveclient.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !copied || s.state == nil {
		return s.all()
	}
	var records []slaveclient.Record
	for i := range s.state.guild {
		if s.dirty[i] && !s.bot.world.has(staleCopy) {
			records = append(records, s.state.record(i, s.bot.world.scenario.recordSize))
		}
	}
	return append(records, s.state.summary())
}

// all returns every record. s.mu is held.
func (s *shard) all() []slaveclient.Record {
	if s.state == nil {
		return nil
	}
	records := []slaveclient.Record{s.state.summary()}
	for i := range s.state.guild {
		records = append(records, s.state.record(i, s.bot.world.scenario.recordSize))
	}
	return records
}

// checkpoint returns the session of the running shard.
func (s *shard) checkpoint() (slaveclient.Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life == nil || s.session.ID == "" {
		return slaveclient.Session{}, false
	}
	now := s.session
	now.Sequence = s.gate.Last()
	return now, true
}

// handle is the bot's handler of an event.
func (s *shard) handle(f frame) {
	p := s.bot.process
	if d := s.bot.world.scenario.handlerTime(s.dice); d > 0 {
		if p.pause(context.Background(), d) != nil {
			return
		}
	}
	if p.awake(context.Background()) != nil || !s.bot.lease.Held() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p.do(func() {
		ledger := s.bot.world.ledger
		if s.state == nil || s.state.n != f.n-1 {
			have := int64(-1)
			if s.state != nil {
				have = s.state.n
			}
			ledger.fault("shard %d: %s handles event %d with the state of event %d", s.number, p.name, f.n, have)
		}
		ledger.handles(s.number, p.name, f.n)
		if s.bot.world.has(repeats) && f.n%50 == 0 {
			ledger.handles(s.number, p.name, f.n)
		}
		if s.state != nil {
			s.dirty[s.state.apply(f.n)] = true
		}
	})
}

// String is for messages.
func (s *shard) String() string { return fmt.Sprintf("shard %d of %s", s.number, s.bot.process.name) }

// reconnectPause is what the client library waits between two attempts.
const reconnectPause = 100 * time.Millisecond
