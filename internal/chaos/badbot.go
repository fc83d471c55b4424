package chaos

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shardbaton/baton/internal/control"
)

// badBot is a version of the bot to which no upgrade may lead. It must go back, with
// everything as it was.
type badBot struct {
	name string
	// misbehave is what the bot is told, see disgobot's flag.
	misbehave string
	// watched has a canary go first, and is how long it and the new bot are watched;
	// 0 is no canary.
	watched time.Duration
	// within bounds the time from the request until everything is back: the deadline
	// by which the fault is noticed, and what a busy machine takes for the rest.
	within time.Duration
}

const (
	// hangFor is the deadline of a full start that hangs.
	hangFor = 2 * time.Second
	// unwellWithin is how long it takes a bot that is unhealthy to be known to be: a
	// heartbeat until it is asked, and one until it says so.
	unwellWithin = 2 * time.Second
	// cutWithin is how long it takes a bot at most to notice that it lost its gateway.
	cutWithin = time.Second
	// reachFor is after how long a start gives up that does not reach the gateway.
	reachFor = 10 * time.Second
	// backWithin is what the rest takes at most.
	backWithin = 20 * time.Second
)

func badBots(cfg Config) []badBot {
	return []badBot{
		{name: "cannot start", misbehave: "cannot-start", within: backWithin},
		{name: "fails full start", misbehave: "fail-full-start", within: backWithin},
		{name: "hangs in full start", misbehave: "hang-full-start=" + hangFor.String(), within: hangFor + backWithin},
		{name: "fails a resume", misbehave: "fail-resume=" + strconv.Itoa(cfg.watched()), within: backWithin},
		{name: "loses its gateway", misbehave: "lose-gateway", watched: unwellWithin + cutWithin, within: unwellWithin + cutWithin + backWithin},
		{name: "loses it unwatched", misbehave: "lose-gateway", within: reachFor + backWithin},
		{name: "unhealthy after canary", misbehave: "unhealthy", watched: unwellWithin, within: unwellWithin + backWithin},
	}
}

// badPrefix stands in front of a bad bot's name in the name of its cell.
const badPrefix = "bad bot: "

// BadBots returns a cell for each way in which a new bot can be bad.
func BadBots() []Cell {
	var cells []Cell
	for _, bad := range badBots(Config{}) {
		cells = append(cells, Cell{Scenario: badPrefix + bad.name})
	}
	return cells
}

// badBotOf returns the bad bot of the cell, if it is about one.
func badBotOf(cell Cell, cfg Config) (badBot, bool) {
	for _, bad := range badBots(cfg) {
		if cell.Scenario == badPrefix+bad.name {
			return bad, true
		}
	}
	return badBot{}, false
}

// plan is how the bad bot is meant to come in.
func (bad badBot) plan(b *bed) control.Plan {
	plan := control.Plan{Command: append(slices.Clone(b.command()), "--misbehave", bad.misbehave)}
	if watched := control.Duration(bad.watched); watched > 0 {
		plan.Canary, plan.Hold, plan.Healthy = 1, watched, watched
	}
	return plan
}

// bad asks for an upgrade to the bad bot, which must go back, and then for one to the
// good bot.
func (o *Outcome) bad(ctx context.Context, s *strike, bad badBot) error {
	b := s.bed
	limit, cancel := context.WithTimeout(ctx, b.cfg.Patience)
	defer cancel()
	s.at = time.Now()
	result, err := b.master.control.Upgrade(limit, bad.plan(b), func(control.Progress) {})
	took := time.Since(s.at)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		result.Result, result.Error = "refused", err.Error()
	}
	o.Upgrade, o.Why, o.UpgradeSeconds = result.Result, result.Error, result.Seconds
	o.note("%.1f s", took.Seconds())
	if result.Result != control.ResultReverted {
		o.violate("the upgrade ended as %s: %s", result.Result, result.Error)
	}
	if took > bad.within {
		o.violate("it took %v to go back, want at most %v", took.Round(time.Millisecond), bad.within)
	}
	if err := o.recover(ctx, s); err != nil {
		return err
	}
	return o.onOld(ctx, s)
}

// onOld wants every shard where it was.
func (o *Outcome) onOld(ctx context.Context, s *strike) error {
	status, err := s.bed.master.control.Status(ctx)
	if err != nil {
		return fmt.Errorf("the master's status: %w", err)
	}
	for _, shard := range status.Shards {
		if shard.Owner != s.old.slave {
			o.violate("shard %d is on %q, not back on %q", shard.Shard, shard.Owner, s.old.slave)
		}
	}
	return nil
}

// kept wants that no shard has needed a new session.
func (o *Outcome) kept() {
	if o.Identifies > 0 {
		o.violate("%d IDENTIFYs beyond each shard's first", o.Identifies)
	}
}
