package slaveclient_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

// patient is a bot with a health check.
type patient struct {
	testBot
	asked   chan struct{}
	answers chan error
}

func newPatient(t *testing.T) *patient {
	t.Helper()
	return &patient{testBot: testBot{t: t, numShards: 1}, asked: make(chan struct{}, 100), answers: make(chan error, 100)}
}

func (p *patient) Health(context.Context) error {
	p.asked <- struct{}{}
	return <-p.answers // whatever its context says
}

func TestABotTellsItsMasterHowItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newPatient(t)
		m := run(t, t.Context(), bot, slaveclient.Config{})
		control, _, _ := m.link()
		for range 3 {
			<-control.beats
		}
		if len(bot.asked) > 0 {
			t.Error("a bot that has nothing to do was asked")
		}
		m.coldStart(control, 1)
		if got := (<-control.beats).Unhealthy; got != "" {
			t.Errorf("before the first check has answered %q is claimed", got)
		}
		bot.answers <- errors.New(strings.Repeat("no database; ", 100))
		if got := (<-control.beats).Unhealthy; !strings.HasPrefix(got, "no database; ") || len(got) > 300 {
			t.Errorf("a long verdict is told as %q", got)
		}
		bot.answers <- errors.New("no database")
		if got := (<-control.beats).Unhealthy; got != "no database" {
			t.Errorf("told %q", got)
		}
		bot.answers <- nil
		if got := (<-control.beats).Unhealthy; got != "" {
			t.Errorf("a bot that is well again is told as %q", got)
		}
		close(bot.answers)
		m.shutDown(control)
	})
}

func TestAHealthCheckThatHangsIsAVerdict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := newPatient(t)
		cfg := slaveclient.Config{}
		cfg.Deadlines.Health = 2 * time.Second
		m := run(t, t.Context(), bot, cfg)
		control, _, _ := m.link()
		m.coldStart(control, 1)
		asked := time.Now()
		for {
			beat := <-control.beats
			late := time.Since(asked) >= cfg.Deadlines.Health
			if late != strings.Contains(beat.Unhealthy, "2s") {
				t.Errorf("after %v the heartbeat says %q", time.Since(asked), beat.Unhealthy)
			}
			if time.Since(asked) > time.Minute {
				break
			}
		}
		if n := len(bot.asked); n != 1 {
			t.Errorf("%d checks were begun, want one at a time", n)
		}
		// It holds nobody up.
		handOut(control, 0, 2)
		control.send(wire.EvtStopShard, &wire.StopShardData{Shard: 0, Epoch: 2})
		expect[*wire.ShardStoppedData](control, wire.EvtShardStopped)
		close(bot.answers)
		<-control.beats // asks, and is answered
		if got := (<-control.beats).Unhealthy; got != "" {
			t.Errorf("the bot answers again and is told as %q", got)
		}
		m.shutDown(control)
	})
}
