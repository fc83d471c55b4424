package batondisgo

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/disgoorg/disgo/gateway"

	"github.com/shardbaton/baton/slaveclient"
)

// longestRetry is the longest pause between two tries, as a multiple of
// [Config.Retry].
const longestRetry = 20

// trial is one run of tries to connect a shard.
type trial struct {
	began    time.Time // when the first try failed
	reached  time.Time // when the gateway was reached last, at first when the trial began
	failures int
	refusals int // of the session by the gateway
}

// connect gives the shard a connection: by RESUME as long as there is a session,
// else by IDENTIFY. It tries until it succeeds, ctx ends, trying is of no use, or the
// gateway could not be reached for so long; 0 is for ever. After an error the shard
// may be left with a life that is not up.
func (s *shard) connect(ctx context.Context, unreached time.Duration) error {
	t := trial{reached: time.Now()}
	for {
		if err := s.barred(ctx); err != nil {
			return err
		}
		err := s.attempt(ctx, t.reached, unreached)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("batondisgo: shard %d: not connected: %w", s.id, context.Cause(ctx))
		}
		l := s.connected()
		if l == nil && unreached > 0 && time.Since(t.reached) >= unreached {
			return fmt.Errorf("batondisgo: shard %d: not connected: the gateway was not reached for %v: %w", s.id, unreached, err)
		}
		if l != nil {
			t.reached = time.Now()
			code, err := s.leave(ctx, l)
			if err != nil {
				return fmt.Errorf("batondisgo: shard %d: not connected: %w", s.id, err)
			}
			if err := s.fatal(code); err != nil {
				return err
			}
		}
		if err := s.barred(ctx); err != nil { // nobody has refused anything
			return err
		}
		pause := s.judge(&t, l != nil, l != nil && l.refused.Load())
		s.bot.log.Warn("a shard could not connect", slog.Int("shard", s.id), slog.Any("err", err), slog.Duration("next_try_in", pause))
		if err := wait(ctx, pause); err != nil {
			return fmt.Errorf("batondisgo: shard %d: not connected: %w", s.id, err)
		}
	}
}

// judge decides how to go on after a failed try: for how long to wait, and
// whether to give the session up. As long as the gateway is not reached there would be
// no other one to be had, and somebody else may be able to resume it.
func (s *shard) judge(t *trial, reached, refused bool) (pause time.Duration) {
	cfg := &s.bot.cfg
	if t.failures == 0 {
		t.began = time.Now()
	} else {
		pause = min(cfg.Retry<<min(t.failures-1, 10), longestRetry*cfg.Retry)
		pause += time.Duration((rand.Float64() - 0.5) * 0.4 * float64(pause))
	}
	t.failures++
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session.ID == "" {
		if refused {
			// "Invalid Session" asks for a wait of one to five seconds.
			return time.Second + rand.N(4*time.Second)
		}
		return pause
	}
	if refused {
		t.refusals++
	}
	if t.refusals >= cfg.Refusals || reached && time.Since(t.began) >= cfg.ResumeFor {
		s.bot.log.Warn("a shard gives its session up", slog.Int("shard", s.id), slog.Int("refusals", t.refusals), slog.Duration("after", time.Since(t.began)))
		s.session = slaveclient.Session{}
	}
	return pause
}

// attempt tries once. Its life, if it came to one, is then the shard's. It gives up
// when the gateway is not reached, for so long after it was reached last; 0 is for
// ever.
func (s *shard) attempt(ctx context.Context, reached time.Time, unreached time.Duration) error {
	prepare := s.prepareIdentify
	if _, resumable := s.checkpoint(); resumable {
		prepare = s.prepareResume
	}
	reach, cancel := ctx, context.CancelFunc(func() {})
	if unreached > 0 {
		reach, cancel = context.WithDeadline(ctx, reached.Add(unreached))
	}
	defer cancel()
	l, up, err := prepare(reach)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.life = l
	s.mu.Unlock()
	if !l.link.join(up) {
		_ = up.Close()
		return l.link.why()
	}
	select {
	case <-l.up:
		return nil
	case <-l.link.over:
		return fmt.Errorf("batondisgo: shard %d: the connection was over before RESUMED or READY: %w", s.id, l.link.why())
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// prepareResume takes the armed life, or a parked one and dials.
func (s *shard) prepareResume(ctx context.Context) (*life, *upstream, error) {
	session, _ := s.checkpoint()
	if a := s.takeArmed(session.ResumeURL); a != nil {
		a.life.resume(s, session)
		return a.life, a.up, nil
	}
	url := session.ResumeURL
	if url == "" {
		discord, err := s.bot.discover(ctx)
		if err != nil {
			return nil, nil, err
		}
		url = discord.url
	}
	l, err := s.bot.pool.take(ctx)
	if err != nil {
		return nil, nil, err
	}
	up, err := s.bot.dialer.open(ctx, url, l.link.query)
	if err != nil {
		s.bot.pool.put(l)
		return nil, nil, err
	}
	l.resume(s, session)
	return l, up, nil
}

// prepareIdentify makes a life and dials when it is this shard's turn.
func (s *shard) prepareIdentify(ctx context.Context) (*life, *upstream, error) {
	discord, err := s.bot.discover(ctx)
	if err != nil {
		return nil, nil, err
	}
	l := s.bot.identifying(s)
	select {
	case <-l.link.parked:
		var up *upstream
		if up, err = s.bot.dialer.open(ctx, discord.url, l.link.query); err == nil {
			return l, up, nil
		}
	case <-l.link.over:
		err = l.link.why()
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	l.discard()
	return nil, nil, err
}

// fatal returns the error for a close code after which connecting again makes no
// sense, else nil.
func (s *shard) fatal(code int) error {
	if gateway.CloseEventCodeByCode(code).Reconnect {
		return nil
	}
	return &CloseError{Shard: s.id, Code: code}
}

// sessionIsOver reports whether a close code says that the session cannot be
// resumed.
func sessionIsOver(code int) bool {
	return code == gateway.CloseEventCodeInvalidSeq.Code || code == gateway.CloseEventCodeSessionTimed.Code
}

// wait waits for the pause or until ctx ends.
func wait(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
