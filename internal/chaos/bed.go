package chaos

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/chaos/links"
	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/testbed"
)

const (
	// heartbeat is shorter than Discord's 41 s, because it is by heartbeats that the
	// gateway learns what was handled. It is not too short for a busy machine: a client
	// whose heartbeat has no answer when the next one is due gives its connection up.
	heartbeat = 4 * time.Second
	// heartbeatGrace leaves the sessions of a process that stands still alone.
	heartbeatGrace = 30 * time.Second
	// sessionExpiry is what clients can count on at Discord.
	sessionExpiry = 30 * time.Second
	// endLimit bounds the wait for killed processes to end.
	endLimit = 10 * time.Second
)

// bed is what a cell runs in: a gateway, a master, bots, and the links between them.
type bed struct {
	cfg    Config
	dir    string
	load   *testbed.Load
	links  *links.Proxy
	births *births
	master *master
	// ctx ends with the run, or when a part of the bed itself fails.
	ctx  context.Context
	fail context.CancelCauseFunc

	// linksAddr is where slaves connect.
	linksAddr string
	// waits wait for processes that were started here by hand.
	waits []func() error

	files   []*os.File
	endLink context.CancelFunc
	linked  chan error
}

// makeBed makes everything but processes.
func makeBed(ctx context.Context, cfg Config) (b *bed, err error) {
	// The name is short: sockets stand in it.
	dir, err := os.MkdirTemp("", "chaos-")
	if err != nil {
		return nil, err
	}
	b = &bed{cfg: cfg, dir: dir}
	b.ctx, b.fail = context.WithCancelCause(ctx)
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
		}
	}()
	for _, name := range []string{"handled", "bots"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			return b, err
		}
	}
	gatewayLog, err := b.file("gateway.log")
	if err != nil {
		return b, err
	}
	if b.load, err = testbed.StartLoad(gatewaysim.Config{
		Shards: cfg.Shards, GuildsPerShard: cfg.Guilds, GuildBytes: 5000, Rate: cfg.Rate, Stopped: true,
		MaxConcurrency: 2 * cfg.Shards, IdentifyInterval: time.Second, SendLimit: 1000,
		HeartbeatInterval: heartbeat, HeartbeatGrace: heartbeatGrace, SessionExpiry: sessionExpiry,
		Logger: testbed.FileLogger(gatewayLog).WithOptions(zap.IncreaseLevel(zap.InfoLevel)),
	}, b.fail); err != nil {
		return b, err
	}
	b.load.Patience = cfg.Patience
	if b.births, err = newBirths(dir, filepath.Join(dir, "bots")); err != nil {
		return b, err
	}
	if err := b.connect(); err != nil {
		return b, err
	}
	return b, b.prepareMaster()
}

// file creates one of the files that a failing cell leaves behind.
func (b *bed) file(name string) (*os.File, error) {
	f, err := os.Create(filepath.Join(b.dir, name))
	if err == nil {
		b.files = append(b.files, f)
	}
	return f, err
}

// socket is where the master listens for slaves.
func (b *bed) socket() string { return filepath.Join(b.dir, "slaves.sock") }

// controlSocket is where the master takes commands.
func (b *bed) controlSocket() string { return filepath.Join(b.dir, "control.sock") }

// handled is where the bots write down what they handled.
func (b *bed) handled() string { return filepath.Join(b.dir, "handled") }

// connect starts the proxy between slaves and master.
func (b *bed) connect() error {
	// TCP on the slaves' side, where a cut is a reset.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("the links' address: %w", err)
	}
	dialer := &net.Dialer{}
	b.links = links.New(listener, func(ctx context.Context) (net.Conn, error) {
		return dialer.DialContext(ctx, "unix", b.socket())
	})
	b.links.Shape(links.Everyone, links.Conditions{Latency: usualLatency})
	var ctx context.Context
	ctx, b.endLink = context.WithCancel(context.Background())
	b.linked = make(chan error, 1)
	b.linksAddr = listener.Addr().String()
	go func() {
		err := b.links.Serve(ctx)
		if err != nil {
			b.fail(fmt.Errorf("the links: %w", err))
		}
		b.linked <- err
	}()
	b.master = &master{program: b.cfg.Program, control: control.NewClient(b.controlSocket())}
	b.master.args = []string{"serve", "--tell", "tcp:" + b.linksAddr}
	return nil
}

// prepareMaster puts the master's command line together.
func (b *bed) prepareMaster() (err error) {
	if b.master.log, err = b.file("master.log"); err != nil {
		return err
	}
	// Whatever it would put in the user's own place stays in the cell's.
	b.master.env = []string{"XDG_RUNTIME_DIR=" + b.dir}
	b.master.args = append(b.master.args,
		"--listen", "unix:"+b.socket(), "--control", b.controlSocket(),
		"--shards", strconv.Itoa(b.cfg.Shards), "--parallel", strconv.Itoa(b.cfg.moving()),
		"--log-level", "debug", "--relaunch-after", "5s", "--journal", filepath.Join(b.dir, "journal"),
	)
	return nil
}

// command is how the master launches a bot.
func (b *bed) command() []string {
	bot := testbed.BotCommand(b.cfg.Bot, b.load.URLs, b.handled())
	// Its cache is of no consequence for what it handles, so it can do without.
	return b.births.command(append(bot, "--stateless"))
}

// launching are the arguments of a master that launches bots; more stand in front.
func (b *bed) launching(more ...string) []string {
	return append(append(more, "--"), b.command()...)
}

// start starts master and bot, and returns when there is load and every shard
// handles it.
func (b *bed) start(ctx context.Context) (bot, error) {
	if err := b.master.start(b.launching("--start-now")...); err != nil {
		return bot{}, err
	}
	if _, err := b.settled(ctx); err != nil {
		return bot{}, fmt.Errorf("the first bot does not serve: %w", err)
	}
	// Before there is any load, so that no event meets a bot without its cache.
	if err := b.quiesce(ctx); err != nil {
		return bot{}, err
	}
	b.load.StartEvents()
	if err := b.load.AwaitHandling(ctx, b.cfg.Shards); err != nil {
		return bot{}, err
	}
	return b.births.after(ctx, 0)
}

// settled returns when the master has no upgrade open and every shard an owner.
func (b *bed) settled(ctx context.Context) (control.Status, error) {
	limit, cancel := context.WithTimeoutCause(ctx, b.cfg.Patience, fmt.Errorf("not within %v", b.cfg.Patience))
	defer cancel()
	status, err := b.master.await(limit, func(s control.Status) bool { return unsettled(s) == "" })
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%w: %s", err, unsettled(status))
	}
	return status, err
}

// noticed returns when the master no longer takes the bot for one that serves.
func (b *bed) noticed(ctx context.Context, dead bot) error {
	limit, cancel := context.WithTimeoutCause(ctx, b.cfg.Patience, fmt.Errorf("the master has not noticed the death of %s within %v", dead.slave, b.cfg.Patience))
	defer cancel()
	_, err := b.master.await(limit, func(s control.Status) bool {
		return !slices.ContainsFunc(s.Shares, func(share control.Share) bool {
			return share.Slave == dead.slave && share.State == string(lifecycle.ShareServing)
		})
	})
	return err
}

// unsettled says why service is not whole; it is empty when it is.
func unsettled(s control.Status) string {
	if s.Upgrade != nil {
		return fmt.Sprintf("upgrade %s is open: %s", s.Upgrade.ID, s.Upgrade.State)
	}
	if s.NumShards == 0 {
		return "the number of shards is unknown"
	}
	for _, shard := range s.Shards {
		if shard.Owner == "" || shard.InDoubt {
			return fmt.Sprintf("shard %d has no owner, or one in doubt (%q)", shard.Shard, shard.Owner)
		}
	}
	for _, share := range s.Shares {
		if share.State != string(lifecycle.ShareServing) {
			return fmt.Sprintf("a share is %s", share.State)
		}
	}
	if len(s.Shares) == 0 || len(s.Shards) != s.NumShards {
		return "not every shard is in a share"
	}
	return ""
}

// quiesce stops the load and waits until all of it was handled.
func (b *bed) quiesce(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, b.cfg.Patience)
	defer cancel()
	// Nobody comes back for the session that a shard had before an IDENTIFY; what was
	// lost with it the ledger knows.
	b.load.ExpireAbandoned()
	_, err := b.load.Quiesce(limit)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// endProcesses kills master and bots and waits until the bots are gone. No order is
// kept: what matters has happened.
func (b *bed) endProcesses() error {
	var errs []error
	if b.master != nil {
		errs = append(errs, b.master.kill())
	}
	if b.births != nil {
		errs = append(errs, b.births.kill())
	}
	for _, wait := range b.waits {
		_ = wait() // it was killed
	}
	b.waits = nil
	if b.load != nil {
		limit, cancel := context.WithTimeout(context.Background(), endLimit)
		defer cancel()
		if _, err := b.load.Await(limit, func(s gatewaysim.Stats) bool { return s.Open == 0 }); err != nil {
			errs = append(errs, errors.New("bots that were killed are still connected to the gateway"))
		}
	}
	return errors.Join(errs...)
}

// close ends whatever runs and removes the files.
func (b *bed) close() error {
	defer b.fail(nil)
	errs := []error{b.endProcesses()}
	if b.endLink != nil {
		b.endLink()
		errs = append(errs, <-b.linked)
	}
	if b.births != nil {
		errs = append(errs, b.births.close())
	}
	if b.load != nil {
		errs = append(errs, b.load.Stop())
	}
	for _, f := range b.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(b.dir))...)
}

// keep copies the files that tell what happened.
func (b *bed) keep(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var errs []error
	for _, name := range []string{"handled", "bots"} {
		errs = append(errs, os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(b.dir, name))))
	}
	for _, f := range b.files {
		text, err := os.ReadFile(f.Name())
		errs = append(errs, err, os.WriteFile(filepath.Join(dir, filepath.Base(f.Name())), text, 0o644))
	}
	return errors.Join(errs...)
}
