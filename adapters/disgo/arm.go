package batondisgo

import (
	"context"
	"time"
)

// armed is a parked life with an open connection to Discord that waits for the
// session. The connection is given up when the session does not come.
type armed struct {
	life *life
	url  string
	up   *upstream
	off  *time.Timer
}

// arm opens a connection for the shard ahead of its session.
func (s *shard) arm(ctx context.Context, url string) error {
	dialURL := url
	if dialURL == "" {
		discord, err := s.bot.discover(ctx)
		if err != nil {
			return err
		}
		dialURL = discord.url
	}
	l, err := s.bot.pool.take(ctx)
	if err != nil {
		return err
	}
	up, err := s.bot.dialer.open(ctx, dialURL, l.link.query)
	if err != nil {
		s.bot.pool.put(l)
		return err
	}
	a := &armed{life: l, url: url, up: up}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.disarmLocked()
	s.armed = a
	a.off = time.AfterFunc(s.bot.cfg.ArmFor, func() { s.disarm(a) })
	return nil
}

// takeArmed returns the life that was armed for this URL, if there still is one.
// An empty URL on either side stands for any.
func (s *shard) takeArmed(url string) *armed {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.armed
	if a == nil {
		return nil
	}
	if a.url != url && a.url != "" && url != "" {
		s.disarmLocked()
		return nil
	}
	a.off.Stop()
	s.armed = nil
	return a
}

// disarm gives an armed connection up, unless it was taken.
func (s *shard) disarm(a *armed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.armed == a {
		s.disarmLocked()
	}
}

func (s *shard) disarmLocked() {
	if s.armed == nil {
		return
	}
	s.armed.off.Stop()
	_ = s.armed.up.Close()
	s.bot.pool.put(s.armed.life)
	s.armed = nil
}

// disarmAny gives up whatever is armed.
func (s *shard) disarmAny() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.disarmLocked()
}
