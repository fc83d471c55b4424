package slaveclient

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/shardbaton/baton/slaveclient/core"
)

// Run serves the bot's side of the protocol until this process is no longer
// needed. It returns nil when that end came in order: the master said Shutdown
// and the bot's Shutdown returned nil, or ctx ended and it did.
//
// Otherwise it returns a [*ConfigError] before anything was started, a
// [*RefusedError] when the master does not want this slave, or a [*ShutdownError]
// when the bot's Shutdown failed. A master that cannot be reached is no reason to
// return.
//
// The output of a bot that the master launched goes to the master, which the bot
// outlives: in a process with $BATON_TOKEN, as long as Run runs, writing to a pipe
// that nobody reads gives an error, rather than end the process as Go's default is
// for standard output.
func Run(ctx context.Context, cfg Config, bot Bot) error {
	cfg, err := cfg.withDefaults(os.Getenv)
	if err != nil {
		return err
	}
	r, err := newRunner(ctx, cfg, bot)
	if err != nil {
		return err
	}
	if os.Getenv(EnvToken) != "" {
		pipes := make(chan os.Signal, 1) // nobody reads it: that the signal has a taker is enough
		signal.Notify(pipes, syscall.SIGPIPE)
		defer signal.Stop(pipes)
	}
	return r.run(ctx)
}

// runner runs one core. What has no lock belongs to the goroutine of run.
type runner struct {
	cfg  Config
	bot  Bot
	core *core.Core

	// posts are things to do on the goroutine of run; done is closed when it takes
	// none any more. There is no buffer: what was taken is done.
	posts chan func()
	done  chan struct{}

	timers *timers
	links  map[core.Link]*dialled

	// calls is the context of the bot's callbacks, but for Shutdown.
	calls       context.Context
	cancelCalls context.CancelCauseFunc
	workers     map[int]*worker            // by shard, core.NoShard for what concerns none
	working     sync.WaitGroup             // the workers' goroutines
	helpers     sync.WaitGroup             // all other goroutines
	cancels     map[int]context.CancelFunc // of the shards' last CopyShard or StartShard
	transfers   map[int]*transfer
	stateLink   *stateLink
	budget      *budget
	lease       *Lease
	leased      bool      // a lease is to be asked
	sent        sentTimes // of the present control link
	unanswered  int       // heartbeats of the present control link

	end         *core.End
	shutdownErr error // what the bot's Shutdown returned
}

func newRunner(ctx context.Context, cfg Config, bot Bot) (*runner, error) {
	_, preCopy := bot.(PreCopier)
	_, arm := bot.(Armer)
	_, health := bot.(HealthChecker)
	c, err := core.New(core.Options{
		SlaveID: cfg.SlaveID, Token: cfg.Token, Version: cfg.Version, NumShards: cfg.NumShards,
		PreCopy: preCopy, Arm: arm, Health: health, Stateless: cfg.Stateless, OnlyDialect1: cfg.OnlyDialect1,
		BackoffMin: cfg.BackoffMin, BackoffMax: cfg.BackoffMax, Deadlines: cfg.Deadlines,
	})
	if err != nil {
		return nil, err
	}
	r := &runner{
		cfg: cfg, bot: bot, core: c,
		posts: make(chan func()), done: make(chan struct{}),
		timers: newTimers(), links: make(map[core.Link]*dialled),
		workers: make(map[int]*worker), cancels: make(map[int]context.CancelFunc),
		transfers: make(map[int]*transfer), stateLink: newStateLink(), budget: newBudget(cfg.StateBudget),
		lease: newLease(),
	}
	// The end of ctx reaches the callbacks through the core, which then shuts down.
	r.calls, r.cancelCalls = context.WithCancelCause(context.WithoutCancel(ctx))
	return r, nil
}

// errEnding is why a callback's context ends before its time.
var errEnding = errors.New("slaveclient: the bot is shutting down")

// run is the one goroutine that owns the core.
func (r *runner) run(ctx context.Context) error {
	if user, ok := r.bot.(LeaseUser); ok {
		user.UseLease(r.lease)
	}
	r.step(core.Begin{})
	stop := ctx.Done()
	for r.end == nil {
		select {
		case do := <-r.posts:
			do()
		case <-r.timers.clock.C:
			for name, due := r.timers.due(); due && r.end == nil; name, due = r.timers.due() {
				r.step(core.Fired{Timer: name})
			}
		case <-stop:
			stop = nil
			r.step(core.StopAsked{})
		}
	}

	// Nothing is decided any more; what was said last still goes out.
	r.farewell()
	close(r.done)
	r.cancelCalls(errEnding)
	r.closeLinks()
	r.timers.clock.Stop()
	r.working.Wait()
	r.helpers.Wait()
	return r.verdict()
}

// post has something done on the goroutine of run, if that still runs.
func (r *runner) post(do func()) {
	select {
	case r.posts <- do:
	case <-r.done:
	}
}

// report gives the core an event from another goroutine.
func (r *runner) report(e core.Event) { r.post(func() { r.step(e) }) }

// verdict is what Run returns.
func (r *runner) verdict() error {
	switch {
	case r.end.Refused != nil:
		return &RefusedError{Code: r.end.Refused.Code, Text: r.end.Refused.Text}
	case r.end.Err != "" && r.shutdownErr != nil:
		return &ShutdownError{Err: r.shutdownErr}
	case r.end.Err != "":
		return &ShutdownError{Err: errors.New(r.end.Err)}
	default:
		return nil
	}
}

// step gives the core an event and runs what it answers. That the lease is over
// comes first: nothing may be decided on one that is.
func (r *runner) step(e core.Event) {
	if !r.lease.Held() && r.timers.disarm(core.Timer{Kind: core.TimerLease}) {
		r.take(core.Fired{Timer: core.Timer{Kind: core.TimerLease}})
	}
	r.take(e)
}

func (r *runner) take(e core.Event) {
	if r.end != nil {
		return
	}
	for _, effect := range r.core.Step(e) {
		r.perform(effect)
	}
}

func (r *runner) perform(effect core.Effect) {
	switch e := effect.(type) {
	case core.Dial:
		r.dial(e.Link)
	case core.CloseLink:
		r.closeLink(e.Link)
	case core.Send:
		r.send(e)
	case core.Arm:
		r.arm(e)
	case core.Disarm:
		r.timers.disarm(e.Timer)
	case core.Call:
		r.call(e)
	case core.Cancel:
		if cancel := r.cancels[e.Shard]; cancel != nil {
			cancel()
		}
	case core.Hold:
		r.hold(e)
	case core.Load:
		r.load(e)
	case core.Discard:
		r.budget.give(weight(e.Record))
	case core.Note:
		r.log(e)
	case core.End:
		r.end = &e
	}
}

// hold lets the lease run. One that ran out while the core decided on an answer
// stays over, which the core is told next.
func (r *runner) hold(e core.Hold) {
	timer := core.Timer{Kind: core.TimerLease}
	if _, asks := r.bot.(LeaseUser); !asks && !r.leased && e.For > 0 {
		r.log(core.Note{
			Level: core.Warn, Shard: core.NoShard,
			Text: "the master grants leases, and this bot does not ask its own: a process that stood still may act when it should not, see slaveclient.LeaseUser",
		})
	}
	r.leased = e.For > 0
	sent := r.sent.answered(e.Beat)
	var until time.Time
	if r.leased {
		until = sent.Add(e.For)
	}
	if e.Again {
		r.lease.grant(until)
	} else {
		r.lease.extend(until)
	}
	if r.leased {
		r.timers.arm(timer, time.Until(until))
	} else {
		r.timers.disarm(timer)
	}
}

// arm starts a timer; a varied one within a fifth of its time, either way.
func (r *runner) arm(e core.Arm) {
	after := e.After
	if e.Vary {
		after += time.Duration((r.cfg.Jitter() - 0.5) * 0.4 * float64(after))
	}
	r.timers.arm(e.Timer, after)
}

func (r *runner) log(n core.Note) {
	fields := make([]zap.Field, 0, 2)
	if n.Shard != core.NoShard {
		fields = append(fields, zap.Int("shard", n.Shard))
	}
	if n.Err != "" {
		fields = append(fields, zap.String("reason", n.Err))
	}
	r.cfg.Logger.Log(zapLevel(n.Level), n.Text, fields...)
}

func zapLevel(l core.Level) zapcore.Level {
	switch l {
	case core.Info:
		return zap.InfoLevel
	case core.Warn:
		return zap.WarnLevel
	default:
		return zap.ErrorLevel
	}
}
