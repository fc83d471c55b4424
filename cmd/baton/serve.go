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

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/internal/control/children"
	"github.com/shardbaton/baton/master"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	listen, control string
	insecure        bool
	config          master.Config
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

SIGTERM or SIGINT ends the slaves that this master has launched, in order, and
then the master; a second one kills them and ends at once. Slaves that were there
before serve on.`,
		Example: `  baton serve --shards 16 -- ./mybot --verbose
  baton serve --listen 127.0.0.1:7447`,
		Args: onlyCommand,
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if o.config.Command, err = program(args); err != nil {
				return err
			}
			return c.serve(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "unix:"+filepath.Join(control.Dir(), "slaves.sock"),
		"where slaves connect: unix:/path or host:port")
	flags.BoolVar(&o.insecure, "insecure", false, "listen on an address that other hosts can reach, although nothing authenticates who connects")
	controlFlag(cmd, &o.control)
	numberFlag(flags, &o.config.Shards, "shards", 0, 0, "number of shards of the whole bot; 0 takes what the bot says")
	numberFlag(flags, &o.config.Slaves, "slaves", 1, 1, "how many slaves share the shards")
	numberFlag(flags, &o.config.MaxShardsPerSlave, "max-shards-per-slave", 0, 0, "raises the number of slaves until none has more; 0 means no limit")
	numberFlag(flags, &o.config.Parallel, "parallel", 8, 1, "how many shards an upgrade moves at once")
	spanFlag(flags, &o.config.Deadlines.Relaunch, "relaunch-after", 15*time.Second, "how long to wait for an earlier master's slaves before launching new ones")
	flags.BoolVar(&o.config.StartNow, "start-now", false, "launch slaves at once: there is no earlier master")
	o.logs.addFlags(cmd)
	return cmd
}

// serve runs the master and its control API until a signal or a failure.
func (c *cli) serve(ctx context.Context, o serveOptions) error {
	log, err := o.logs.logger(c.err)
	if err != nil {
		return err
	}
	var launched children.Launcher
	config := o.config
	config.Logger = log
	if config.UpgradeOnHello = len(config.Command) == 0; !config.UpgradeOnHello {
		config.Launcher = &launched
	}
	// To the master no time means its default; here it means none.
	config.StartNow = config.StartNow || config.Deadlines.Relaunch == 0
	m, err := master.New(config)
	if err != nil {
		return usagef("%w", err)
	}
	slaves, commands, err := o.open()
	if err != nil {
		return err
	}
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
	go func() { ended <- c.actors(ctx, m, slaves, commands, log) }()
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
func (c *cli) actors(ctx context.Context, m *master.Master, slaves, commands net.Listener, log *zap.Logger) error {
	commanding, end := context.WithCancel(context.WithoutCancel(ctx))
	var group errgroup.Group
	group.Go(func() error {
		defer end()
		return m.Serve(ctx, slaves)
	})
	group.Go(func() error {
		server := control.NewServer(control.ForMaster(m, control.About{Listen: slaves.Addr().String(), Version: version()}), log)
		// The bots matter more than the means to command them.
		if err := server.Serve(commanding, commands); err != nil {
			log.Error("the control socket failed; only signals command this master now", zap.Error(err))
		}
		return nil
	})
	return group.Wait()
}

// upgradeAll begins an upgrade of every slave; the master logs how it goes.
func upgradeAll(ctx context.Context, m *master.Master, log *zap.Logger) {
	if _, err := m.Upgrade(ctx, master.Plan{}); err != nil {
		log.Error("SIGUSR1 begins no upgrade", zap.Error(err))
	}
}

// open opens the sockets for slaves and for commands.
func (o serveOptions) open() (slaves, commands net.Listener, err error) {
	// The socket for slaves stands in Dir unless it was put elsewhere.
	for _, dir := range []string{control.Dir(), filepath.Dir(o.control)} {
		if err := control.MakeDir(dir); err != nil {
			return nil, nil, err
		}
	}
	commands, err = master.Listen("unix:"+o.control, false)
	if err != nil {
		return nil, nil, fmt.Errorf("control socket: %w; name another one with --control", err)
	}
	slaves, err = master.Listen(o.listen, o.insecure)
	switch {
	case err == nil:
		return slaves, commands, nil
	case errors.Is(err, master.ErrInsecure):
		err = fmt.Errorf("%w with --insecure", err)
	case errors.Is(err, master.ErrAddress):
		err = usagef("%w", err)
	}
	return nil, nil, errors.Join(err, commands.Close())
}
