package batondisgo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// healthUnit is how exactly Health says for how long something has been so.
const healthUnit = 100 * time.Millisecond

// Health implements [slaveclient.HealthChecker]. The error names the shards that have
// been without a connection for longer than [Config.Unwell], and those that are down
// for good, with the time since their connections were lost; and it wraps that of
// [Config.Health].
func (b *Bot) Health(ctx context.Context) error {
	return errors.Join(b.connections(time.Now()), b.cfg.Health(ctx, b.client))
}

// connections returns an error that names the shards which are not connected.
func (b *Bot) connections(now time.Time) error {
	var names []string
	for _, s := range b.all() {
		if name := s.unwell(now); name != "" {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("batondisgo: shard %s is not connected", names[0])
	default:
		return fmt.Errorf("batondisgo: shards %s are not connected", strings.Join(names, ", "))
	}
}

// unwell names the shard and says for how long it has been without a connection, when
// that is too long; else it returns nothing.
func (s *shard) unwell(now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	without := now.Sub(s.lost)
	switch {
	case s.ended:
		return fmt.Sprintf("%d (down for good, %v)", s.id, without.Round(healthUnit))
	case !s.running || s.lost.IsZero() || s.life != nil && s.life.serves() || without <= s.bot.cfg.Unwell:
		return ""
	default:
		return fmt.Sprintf("%d (%v)", s.id, without.Round(healthUnit))
	}
}

// noteLoss notes that the life's connection is over. A life that never came to be up
// leaves the time at which the one before it ended.
func (s *shard) noteLoss(l *life) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost.IsZero() || l.wasUp() {
		s.lost = time.Now()
	}
}

// noteConnection notes that the shard is connected again.
func (s *shard) noteConnection() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost = time.Time{}
}

// forget notes that the shard is not asked for any more.
func (s *shard) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = false
}

// wasUp tells whether RESUMED or READY was handled.
func (l *life) wasUp() bool {
	select {
	case <-l.up:
		return true
	default:
		return false
	}
}

// serves tells whether events come in.
func (l *life) serves() bool { return l.wasUp() && !l.link.isOver() }
