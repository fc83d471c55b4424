package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/internal/control/progress"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
	"github.com/shardbaton/baton/internal/testbed"
	"github.com/shardbaton/baton/master"
)

// quietLimit bounds the wait until everything sent was handled.
const quietLimit = time.Minute

// Run demonstrates what cfg says. The report is complete, with its result, when
// the error is nil; a demonstration that found losses has none. When the context
// ends, everything is ended in order and its cause returned. A bot that ends by
// itself is a [*BotError].
func Run(ctx context.Context, cfg Config) (report Report, err error) {
	if err := cfg.Validate(); err != nil {
		return Report{}, err
	}
	cfg = cfg.WithDefaults()
	bot, err := testbed.FindBot(cfg.Bot)
	if err != nil {
		return Report{}, err
	}
	files, err := makeFiles(cfg.Scratch, cfg.Keep)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, files.close()) }()

	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	d := &demo{cfg: cfg, files: files, fail: fail, log: files.log}
	d.report = Report{Result: Done, Shards: cfg.Shards, Slaves: cfg.Slaves, Upgrades: []Upgrade{}}
	if d.load, err = startLoad(cfg, files.log.Named("gateway"), fail); err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, d.load.Stop()) }()
	d.command = testbed.BotCommand(bot, d.load.URLs, files.handled())
	if err := d.play(ctx); err != nil {
		return Report{}, err
	}
	if err := d.judge(); err != nil {
		return Report{}, err
	}
	return d.report, nil
}

// demo is a demonstration that runs.
type demo struct {
	cfg     Config
	files   *files
	log     *zap.Logger
	fail    context.CancelCauseFunc
	load    *testbed.Load
	fleet   *fleet
	command []string
	meter   meter
	report  Report
}

func (d *demo) say(format string, args ...any) { _, _ = fmt.Fprintf(d.cfg.Out, format+"\n", args...) }

// play does everything up to the end of the bots.
func (d *demo) play(ctx context.Context) (err error) {
	defer func() {
		if d.fleet != nil {
			err = errors.Join(err, d.retire())
		}
	}()
	d.say("gateway on %s: %d shards, %d guilds a shard, %v events/s a shard, round trip %v",
		d.load.URLs.Gateway, d.cfg.Shards, d.cfg.Guilds, d.cfg.Rate, d.cfg.RTT)
	if err := d.start(ctx); err != nil {
		return err
	}
	// Before there is any load, so that no event meets a bot without its cache.
	if err := d.quiesce(ctx); err != nil {
		return err
	}
	d.load.StartEvents()
	if err := d.load.AwaitHandling(ctx, d.cfg.Shards); err != nil {
		return err
	}
	d.say("load is on, and every shard handles events")
	for n := 1; n <= d.cfg.Upgrades && d.report.Result == Done; n++ {
		if err := d.replace(ctx, n); err != nil {
			return err
		}
	}
	return d.finish(ctx)
}

// start launches bots and waits until their shards run.
func (d *demo) start(ctx context.Context) (err error) {
	d.say("starting %d × %s", d.cfg.Slaves, d.command[0])
	began := time.Now()
	d.fleet, err = launch(d.cfg, d.command, d.files.scratch, &d.meter, d.log, d.fail)
	if err != nil {
		return err
	}
	if err := d.fleet.awaitRunning(ctx); err != nil {
		return err
	}
	d.say("all %d shards run after %.3f s", d.cfg.Shards, time.Since(began).Seconds())
	return nil
}

// replace makes upgrade n, or restarts the bots the plain way.
func (d *demo) replace(ctx context.Context, n int) error {
	how, shards := d.upgrade, d.cfg.Shards
	if d.cfg.Cold {
		how = d.restart
	}
	if d.cfg.Reshard != 0 {
		shards = d.cfg.Reshard
	}
	before := d.load.Stats().Identifies
	u, err := how(ctx, n, shards)
	if err != nil {
		return err
	}
	u.Identifies = d.load.Stats().Identifies - before
	d.report.Upgrades = append(d.report.Upgrades, u)
	d.report.Identifies += u.Identifies
	d.report.UpgradeSeconds = max(d.report.UpgradeSeconds, u.Seconds)
	if d.report.Result != Done {
		return nil
	}
	d.report.Shards = shards
	return d.load.AwaitHandling(ctx, shards)
}

// failingBot are the flags of a bot that fails when all shards are there.
func failingBot() []string { return []string{"--misbehave", "fail-full-start"} }

// upgrade has the master replace the bots, or try to.
func (d *demo) upgrade(ctx context.Context, n, shards int) (Upgrade, error) {
	plan, want := master.Plan{NumShards: shards}, control.ResultDone
	if d.cfg.Revert {
		plan.Command, want = append(slices.Clone(d.command), failingBot()...), control.ResultReverted
	}
	d.say("upgrade %d of %d", n, d.cfg.Upgrades)
	display := progress.New(d.cfg.Out)
	result, crashes, err := d.fleet.upgrade(ctx, plan, display)
	display.Close()
	if err != nil {
		return Upgrade{}, err
	}
	why := ""
	if result.Failure != nil {
		why = ": " + result.Failure.String()
	}
	d.say("upgrade %d: %s after %.3f s%s", n, result.Result, result.Seconds, why)
	switch {
	case result.Result == want:
	case result.Done():
		d.failed(errors.New("the upgrade is done, although it should have gone back"))
	default:
		d.failed(errors.Join(append([]error{errors.New(result.Error)}, crashes...)...))
	}
	return Upgrade{Result: result.Result, Seconds: result.Seconds, Moved: len(result.Moved), Kept: len(result.Kept)}, nil
}

// restart stops the bots and starts them anew, at the pace that Discord allows.
func (d *demo) restart(ctx context.Context, n, _ int) (Upgrade, error) {
	d.load.SetIdentifyLimit(discordConcurrency, discordInterval)
	d.say("cold restart %d of %d: from now on the gateway starts %d session every %v, as Discord does",
		n, d.cfg.Upgrades, discordConcurrency, discordInterval)
	began := time.Now()
	if err := d.retire(); err != nil {
		return Upgrade{}, err
	}
	if err := d.start(ctx); err != nil {
		return Upgrade{}, err
	}
	took := time.Since(began)
	d.say("cold restart %d took %.3f s", n, took.Seconds())
	return Upgrade{Result: Done, Seconds: took.Seconds()}, nil
}

// finish stops the load and waits until everything sent was handled. The bots
// must still run: what they have not handled by now is lost.
func (d *demo) finish(ctx context.Context) error {
	d.say("stopping the load")
	err := d.quiesce(ctx)
	if err != nil && ctx.Err() == nil {
		// The ledger will tell what is missing.
		d.failed(err)
		return nil
	}
	return err
}

// quiesce stops the load, if it is on, and waits until all of it was handled.
func (d *demo) quiesce(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, quietLimit)
	defer cancel()
	_, err := d.load.Quiesce(limit)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// failed notes a failure that does not keep the ledger from being judged.
func (d *demo) failed(err error) {
	d.report.Result = Failed
	if d.report.Error != "" {
		d.report.Error += "\n"
	}
	d.report.Error += err.Error()
}

// retire ends the bots and their master in order.
func (d *demo) retire() error {
	d.say("ending the bots")
	err := d.fleet.stop()
	if d.report.OldExitCode == 0 {
		d.report.OldExitCode = d.fleet.exitCode()
	}
	d.fleet = nil
	return err
}

// judge compares what was sent with what was handled.
func (d *demo) judge() error {
	sent := d.load.Sent()
	lines, torn, err := ledger.ReadHandled(d.files.handled())
	if err != nil {
		return err
	}
	verdict := ledger.Compare(sent, lines)
	verdict.Torn = torn
	d.report.judge(verdict, lines)
	d.report.State = d.meter.state()
	if d.cfg.Keep == "" {
		return nil
	}
	return d.files.save(sent, verdict, d.report)
}
