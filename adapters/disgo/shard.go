package batondisgo

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/shardbaton/baton/slaveclient"
)

// shard is one shard as it runs, or once ran, in this process.
type shard struct {
	bot     *Bot
	id      int
	gateway *facade
	count   tally

	// turn is held by whoever starts or stops the shard.
	turn chan struct{}

	mu       sync.Mutex
	shards   int                 // how many shards the bot has
	session  slaveclient.Session // its sequence is kept by the life while there is one
	life     *life               // nil while there is no connection
	running  bool                // the shard is this process's, connected or not
	lost     time.Time           // when its connection was lost; zero while there is one
	ended    bool                // it went down for good, and nobody has said otherwise since
	armed    *armed
	watching context.CancelFunc
	watched  chan struct{} // closed when the watcher has ended
}

func newShard(b *Bot, id int) *shard {
	s := &shard{bot: b, id: id, turn: make(chan struct{}, 1)}
	s.gateway = &facade{shard: s}
	return s
}

func (s *shard) lock(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *shard) unlock() { <-s.turn }

// start connects the shard, by RESUME if there is a session, and keeps it
// connected from then on. One that has a session and does not reach the gateway fails
// soon: somebody else may get through while the session can be resumed.
func (s *shard) start(ctx context.Context, shards int, session slaveclient.Session) (slaveclient.Started, error) {
	if err := s.lock(ctx); err != nil {
		return slaveclient.Started{}, err
	}
	defer s.unlock()
	if s.isRunning() {
		return slaveclient.Started{}, ErrShardRuns
	}
	s.mu.Lock()
	s.shards, s.session, s.lost, s.ended = shards, session, time.Time{}, false
	s.mu.Unlock()
	var unreached time.Duration
	if session.ID != "" {
		unreached = s.bot.cfg.ReachFor
	}
	if err := s.connect(ctx, unreached); err != nil {
		s.abandon()
		return slaveclient.Started{}, err
	}
	s.mu.Lock()
	s.running = true
	s.mu.Unlock()
	s.watch()
	now, _ := s.checkpoint()
	return slaveclient.Started{Session: now, Fresh: now.ID != session.ID}, nil
}

// abandon closes what a failed start has left open.
func (s *shard) abandon() {
	l := s.connected()
	if l == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.bot.cfg.CloseWait)
	defer cancel()
	if _, err := s.leave(ctx, l); err != nil {
		// A handler hangs. What it may still do to the gate is of no use to anyone.
		l.link.finish(resumableCode, s.bot.cfg.CloseWait)
		l.discard()
	}
}

// watch keeps the shard connected until it is stopped.
func (s *shard) watch() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	s.mu.Lock()
	s.watching, s.watched = cancel, done
	s.mu.Unlock()
	s.bot.lives.Go(func() {
		defer close(done)
		defer cancel()
		if err := s.stay(ctx); ctx.Err() == nil {
			s.down(err)
		}
	})
}

// stay connects the shard whenever it is not, until that is of no use or ctx
// ends. What it leaves behind then, release or another stay can go on with.
func (s *shard) stay(ctx context.Context) error {
	for {
		if l := s.connected(); l != nil {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-l.link.over:
			}
			s.noteLoss(l)
			s.bot.log.Info("a shard's connection is over", slog.Int("shard", s.id), slog.Any("reason", l.link.why()))
			code, err := s.leave(ctx, l)
			if err != nil {
				return err
			}
			if err := s.fatal(code); err != nil {
				return err
			}
		}
		if err := s.connect(ctx, 0); err != nil {
			return err
		}
		s.noteConnection()
	}
}

// leave puts a life away: it waits for the handler that runs, closes the
// connection, and keeps the sequence that the life reached. It returns the code
// with which the gateway closed the connection. When ctx ends before the handler
// does, the life stays as it was.
func (s *shard) leave(ctx context.Context, l *life) (code int, err error) {
	last, err := l.gate.Release(ctx)
	if err != nil {
		return 0, err
	}
	code = l.link.finish(resumableCode, s.bot.cfg.CloseWait)
	l.discard()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.life = nil
	s.session.Sequence = last
	if sessionIsOver(code) {
		s.session = slaveclient.Session{}
	}
	s.bot.drain(l.gate.Drained())
	return code, nil
}

// down gives the shard up.
func (s *shard) down(err error) {
	s.mu.Lock()
	s.running, s.ended = false, true
	s.mu.Unlock()
	s.bot.log.Error("a shard is down for good", slog.Int("shard", s.id), slog.Any("err", err))
	s.bot.cfg.ShardDown(s.id, err)
}

// release lets go of the shard: when it returns no handler runs that it waits
// for, no event will be handled, and nothing will connect again. While the
// connection is being closed, send runs. An error with the zero session means
// that the shard runs on, as one without a session does unless anyway is true:
// nobody is going to need it.
func (s *shard) release(ctx context.Context, anyway bool, send func() error) (slaveclient.Session, error) {
	if err := s.lock(ctx); err != nil {
		return slaveclient.Session{}, err
	}
	defer s.unlock()
	if !s.isRunning() {
		return slaveclient.Session{}, ErrShardNotHere
	}
	s.unwatch()
	if !s.isRunning() { // it went down meanwhile
		return slaveclient.Session{}, ErrShardNotHere
	}
	session, ok := s.checkpoint()
	l := s.connected()
	if !ok && !anyway {
		s.watch()
		return slaveclient.Session{}, errors.New("batondisgo: the shard is about to IDENTIFY and has no session to hand over: try again")
	}
	if l == nil { // it was about to connect
		return session, s.gone(send())
	}
	if _, err := l.gate.Release(ctx); err != nil {
		s.watch()
		return slaveclient.Session{}, err
	}
	l.link.end(errReleased)
	var left sync.WaitGroup
	left.Go(func() {
		// The gate is shut: there is no handler that this might wait for.
		if code, _ := s.leave(context.WithoutCancel(ctx), l); code == 0 {
			s.bot.log.Warn("the gateway did not answer the close of a shard's connection in time",
				slog.Int("shard", s.id), slog.Duration("waited", s.bot.cfg.CloseWait))
		}
	})
	err := send()
	left.Wait()
	session, _ = s.checkpoint()
	return session, s.gone(err)
}

// stop stops the shard for good.
func (s *shard) stop(ctx context.Context) error {
	_, err := s.release(ctx, true, func() error { return nil })
	return err
}

// gone notes that the shard is no longer this process's.
func (s *shard) gone(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = false
	return err
}

// unwatch ends the watcher and waits for it.
func (s *shard) unwatch() {
	s.mu.Lock()
	cancel, done := s.watching, s.watched
	s.mu.Unlock()
	cancel()
	<-done
}

// identified takes in the session that READY brought.
func (s *shard) identified(session slaveclient.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session = session
}

// checkpoint returns the session with the sequence of the last handled event.
func (s *shard) checkpoint() (slaveclient.Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.session
	if session.ID == "" {
		return slaveclient.Session{}, false
	}
	if s.life != nil {
		session.Sequence = s.life.gate.Last()
	}
	return session, true
}

func (s *shard) connected() *life {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.life
}

func (s *shard) total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shards
}

// isHere reports whether the shard runs or is being connected.
func (s *shard) isHere() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running || s.life != nil
}

func (s *shard) isRunning() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running
}
