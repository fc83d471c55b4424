package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/internal/control/children"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/master/journal"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	listen, control string
	insecure        bool
	config          master.Config
	journal         journalOptions
	logs            logOptions
}

func (c *cli) serveCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve [flags] [-- COMMAND...]",
		Short: "Launch a bot and coordinate its processes",
		Long: `Serve launches COMMAND as often as the shards need slaves, relaunches what dies,
and replaces processes when baton upgrade or SIGUSR1 asks for it. Without a
COMMAND it launches nothing: slaves are started by hand, and one more than is
needed begins an upgrade.

What the next master must know stands in the journal: should this one be killed,
the bot serves on, and the next master takes it up, with an open upgrade if there
is one. Only one master can run on a journal.

SIGTERM or SIGINT ends the slaves that this master has launched, or has found again
by its journal, in order, and then the master; a second one kills them and ends at
once. Slaves that were started by hand serve on. The sessions of those that ended are
in the journal: the next master has them resumed if they are not older than
--session-age, and the bot can do without the state that ended with the process.

With --lease a slave that has not been answered by its master for so long stops its
shards by itself, so that they can be started elsewhere although nobody knows what
became of it. Without, a lost connection alone never moves a shard.`,
		Example: `  baton serve --shards 16 -- ./mybot --verbose
  baton serve --listen 127.0.0.1:7447
  baton serve --lease 10s --journal /var/lib/mybot/baton.journal -- ./mybot`,
		Args: onlyCommand,
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if o.config.Command, err = program(args); err != nil {
				return err
			}
			if o.config.LeaseMargin > 0 && o.config.Lease == 0 {
				return usagef("--lease-margin is %v without a lease: set --lease", o.config.LeaseMargin)
			}
			return c.serve(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "unix:"+filepath.Join(control.Dir(), "slaves.sock"),
		"where slaves connect: unix:/path or host:port")
	flags.StringVar(&o.config.Addr, "tell", "", "the address that launched slaves are told, where it is not the one listened on: unix:/path or tcp:host:port")
	flags.BoolVar(&o.insecure, "insecure", false, "listen on an address that other hosts can reach, although nothing authenticates who connects")
	controlFlag(cmd, &o.control)
	numberFlag(flags, &o.config.Shards, "shards", 0, 0, "number of shards of the whole bot; 0 takes what the bot says")
	numberFlag(flags, &o.config.Slaves, "slaves", 1, 1, "how many slaves share the shards")
	numberFlag(flags, &o.config.MaxShardsPerSlave, "max-shards-per-slave", 0, 0, "raises the number of slaves until none has more; 0 means no limit")
	numberFlag(flags, &o.config.Parallel, "parallel", 8, 1, "how many shards an upgrade moves at once")
	spanFlag(flags, &o.config.Deadlines.Relaunch, "relaunch-after", 15*time.Second, "how long to wait for an earlier master's slaves before launching new ones")
	flags.BoolVar(&o.config.StartNow, "start-now", false, "launch slaves at once: no slave of an earlier master runs but those in the journal")
	spanFlag(flags, &o.config.Heartbeat, "heartbeat", time.Second, "how often slaves report; 0 means 1s")
	spanFlag(flags, &o.config.Lease, "lease", 0, "for how long a slave serves without an answer from the master; 0 means for ever")
	spanFlag(flags, &o.config.LeaseMargin, "lease-margin", 0, "how much longer than that the master waits before it starts the shards elsewhere; 0 means half of the lease, at least 1s")
	spanFlag(flags, &o.config.SessionAge, "session-age", master.DefaultSessionAge, "how old a session of the journal may be to be resumed where nobody serves the shard any more")
	o.journal.addFlags(cmd)
	o.logs.addFlags(cmd)
	return cmd
}

// serve runs a master, and another one if the first makes no sense of its journal and
// may set it aside.
func (c *cli) serve(ctx context.Context, o serveOptions) error {
	log, err := o.logs.logger(c.err)
	if err != nil {
		return err
	}
	err = c.serveOnce(ctx, &o, log)
	switch {
	case !unread(err):
		return err
	case !o.journal.setAside:
		return fmt.Errorf("journal %s: %w (%w)", o.journal.path, err, errUnread)
	}
	if err := o.journal.moveAside(err, log); err != nil {
		return err
	}
	return c.serveOnce(ctx, &o, log)
}

// serveOnce runs the master and its control API until a signal or a failure.
func (c *cli) serveOnce(ctx context.Context, o *serveOptions, log *zap.Logger) error {
	var launched children.Launcher
	config := o.config
	config.Logger = log
	if config.UpgradeOnHello = len(config.Command) == 0; !config.UpgradeOnHello {
		config.Launcher = &launched
	}
	// To the master no time means its default; here it means none.
	config.StartNow = config.StartNow || config.Deadlines.Relaunch == 0
	config.SessionAge = max(config.SessionAge, 1)
	if err := config.Validate(); err != nil {
		return usagef("%w", err)
	}
	slaves, commands, kept, err := o.open(log)
	if err != nil {
		return err
	}
	if kept != nil {
		config.Journal = kept
	}
	m, err := master.New(config)
	if err != nil {
		return errors.Join(err, closeAll(slaves, commands, kept))
	}
	o.journal.announce(log)
	// The first signal may come as soon as there is something to end.
	signals, stop := c.notify(os.Interrupt, syscall.SIGTERM, syscall.SIGUSR1)
	defer stop()

	if config.Launcher != nil && !config.StartNow {
		log.Info("waiting for an earlier master's slaves before launching new ones; --start-now does not wait",
			zap.Duration("for", config.Deadlines.Relaunch))
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	about := control.About{Listen: slaves.Addr().String(), Version: version(), Lease: config.Lease}
	if kept != nil {
		about.Journal = o.journal.path
	}
	go func() { ended <- c.actors(ctx, m, slaves, commands, about, log) }()
	for {
		select {
		case err := <-ended:
			return err
		case sig := <-signals:
			switch {
			case sig == syscall.SIGUSR1:
				upgradeAll(ctx, m, log)
			case ctx.Err() == nil:
				log.Info("ending in order; a second signal ends at once", zap.Stringer("signal", sig))
				cancel()
			default:
				n, err := launched.Kill()
				return errors.Join(fmt.Errorf("ended at once by a second signal; processes killed: %d", n), err)
			}
		}
	}
}

// actors runs the master until the context ends, and the control API for as long
// as the master does.
func (c *cli) actors(ctx context.Context, m *master.Master, slaves, commands net.Listener, about control.About, log *zap.Logger) error {
	commanding, end := context.WithCancel(context.WithoutCancel(ctx))
	var group errgroup.Group
	news, asked := m.Subscribe(0), m.Status().NumShards
	group.Go(func() error {
		defer news.Close()
		warnOfOtherShards(m, news, asked, log)
		return nil
	})
	group.Go(func() error {
		defer end()
		return m.Serve(ctx, slaves)
	})
	group.Go(func() error {
		server := control.NewServer(control.ForMaster(m, about), log)
		// The bots matter more than the means to command them.
		if err := server.Serve(commanding, commands); err != nil {
			log.Error("the control socket failed; only signals command this master now", zap.Error(err))
		}
		return nil
	})
	return group.Wait()
}

// warnOfOtherShards tells the log when the number of shards that was asked for gives
// way to the one that slaves run, or that the journal holds, by the time that the
// master serves.
func warnOfOtherShards(m *master.Master, news *master.Subscription, asked int, log *zap.Logger) {
	for event := range news.All(context.Background()) {
		state, ok := event.Notice.(core.MasterState)
		if !ok || state.State != lifecycle.MasterServing {
			continue
		}
		if n := m.Status().NumShards; asked > 0 && n != asked {
			log.Warn("--shards is not in effect: the bot has another number of shards; baton upgrade --shards changes it",
				zap.Int("asked", asked), zap.Int("shards", n))
		}
		return
	}
}

// upgradeAll begins an upgrade of every slave; the master logs how it goes.
func upgradeAll(ctx context.Context, m *master.Master, log *zap.Logger) {
	before := m.Status()
	_, err := m.Upgrade(ctx, master.Plan{})
	switch {
	case errors.Is(err, core.ErrNoSlave):
		if result := control.Unserved(control.Plan{}, before); result.Error != "" {
			log.Error("SIGUSR1 begins no upgrade: " + result.Error)
		} else {
			log.Info("SIGUSR1: no slave serves, so nothing was replaced; " + taken(control.Plan{}))
		}
	case err != nil:
		log.Error("SIGUSR1 begins no upgrade", zap.Error(err))
	}
}

// open opens the sockets for slaves and for commands, and the journal, which may be
// nil.
func (o *serveOptions) open(log *zap.Logger) (slaves, commands net.Listener, kept *journal.File, err error) {
	// The socket for slaves stands in Dir unless it was put elsewhere.
	for _, dir := range []string{control.Dir(), filepath.Dir(o.control)} {
		if err := control.MakeDir(dir); err != nil {
			return nil, nil, nil, err
		}
	}
	commands, err = master.Listen("unix:"+o.control, false)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("control socket: %w; name another one with --control", err)
	}
	if kept, err = o.journal.open(o.control, log); err != nil {
		return nil, nil, nil, errors.Join(err, closeAll(nil, commands, nil))
	}
	slaves, err = master.Listen(o.listen, o.insecure)
	switch {
	case err == nil:
		return slaves, commands, kept, nil
	case errors.Is(err, master.ErrInsecure):
		err = fmt.Errorf("%w with --insecure", err)
	case errors.Is(err, master.ErrAddress):
		err = usagef("%w", err)
	}
	return nil, nil, nil, errors.Join(err, closeAll(nil, commands, kept))
}

// closeAll closes those that are there.
func closeAll(slaves, commands net.Listener, kept *journal.File) error {
	var errs []error
	for _, l := range []net.Listener{slaves, commands} {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	if kept != nil {
		errs = append(errs, kept.Close())
	}
	return errors.Join(errs...)
}
