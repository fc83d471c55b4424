package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/shardbaton/baton/internal/control/children"
	"github.com/shardbaton/baton/internal/demo"
)

func (c *cli) demoCommand() *cobra.Command {
	var (
		config demo.Config
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Replace a bot under load on this machine, and count what was lost",
		Long: `Demo starts a local gateway, a master and a bot as a process of its own, puts the
bot under load, replaces it by a second process, and compares what the gateway
sent with what the bots have handled.

The exit status is 0 only when nothing was lost, duplicated, reordered or handled
on stale state, and no shard had to IDENTIFY anew; with --revert, when the bot was
also taken back. With --cold or --reshard these
cannot all be 0: the figures are printed as they are, and the exit status is 0
when everything ran to its end.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			// To the demonstration no rate means its default.
			if !(config.Rate > 0) {
				return usagef("--rate is %v: want more than 0 events a second", config.Rate)
			}
			if err := config.Validate(); err != nil {
				return usagef("%w", err)
			}
			return c.demo(cmd.Context(), config, asJSON)
		},
	}
	flags := cmd.Flags()
	usual := demo.Config{}.WithDefaults()
	numberFlag(flags, &config.Shards, "shards", usual.Shards, 1, "number of shards")
	numberFlag(flags, &config.Guilds, "guilds", usual.Guilds, 1, "guilds a shard")
	numberFlag(flags, &config.StateBytes, "state-bytes", usual.StateBytes, 1, "about how much state a guild has; about 5000 is the least")
	flags.Float64Var(&config.Rate, "rate", usual.Rate, "events a second and shard")
	spanFlag(flags, &config.RTT, "rtt", 0, "simulated round-trip time between bots and gateway")
	numberFlag(flags, &config.Slaves, "slaves", usual.Slaves, 1, "how many processes share the shards")
	numberFlag(flags, &config.Parallel, "parallel", usual.Parallel, 1, "how many shards move at once")
	numberFlag(flags, &config.Upgrades, "upgrades", usual.Upgrades, 1, "how many times the bot is replaced")
	numberFlag(flags, &config.Reshard, "reshard", 0, 0, "number of shards that the first upgrade leads to; 0 keeps it")
	flags.BoolVar(&config.Cold, "cold", false, "stop the old bot and start the new one the plain way, to compare")
	flags.BoolVar(&config.Revert, "revert", false, "have the new bot fail when all shards are there, so that every shard goes back")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object as the last line of the output")
	flags.StringVar(&config.Bot, "bot", "", "the bot's program (default: disgobot beside this program)")
	flags.StringVar(&config.Keep, "keep", "", "directory to leave logs and ledgers in (default: they are removed)")
	return cmd
}

// errInterrupted: the user has seen enough.
var errInterrupted = errors.New("interrupted; the bots were ended in order")

// demo runs a demonstration and prints its report. A first signal ends it in
// order, a second one at once.
func (c *cli) demo(ctx context.Context, config demo.Config, asJSON bool) (err error) {
	// Made here, so that an end at once removes it, too.
	config.Scratch, err = os.MkdirTemp("", "baton-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(config.Scratch)) }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	signals, stop := c.notify(os.Interrupt, syscall.SIGTERM)
	defer stop()

	// With --json standard output is for the object alone.
	config.Out = c.out
	if asJSON {
		config.Out = c.err
	}
	config.Launcher = new(children.Launcher)
	type outcome struct {
		report demo.Report
		err    error
	}
	ended := make(chan outcome, 1)
	go func() {
		report, err := demo.Run(ctx, config)
		ended <- outcome{report, err}
	}()
	for {
		select {
		case o := <-ended:
			if o.err != nil {
				return o.err
			}
			return c.report(o.report, config, asJSON)
		case <-signals:
			if ctx.Err() != nil {
				n, err := config.Launcher.Kill()
				return errors.Join(fmt.Errorf("ended at once by a second signal; processes killed: %d", n), err)
			}
			_, _ = fmt.Fprintln(config.Out, "interrupted: ending the bots in order; a second signal ends at once")
			cancel(errInterrupted)
		}
	}
}

// report prints what the demonstration has shown, and returns an error when that
// is not what it should.
func (c *cli) report(r demo.Report, config demo.Config, asJSON bool) error {
	var err error
	if asJSON {
		err = errors.Join(r.Print(c.err), json.NewEncoder(c.out).Encode(r))
	} else {
		_, err = io.WriteString(c.out, "\n")
		err = errors.Join(err, r.Print(c.out))
	}
	switch {
	case err != nil:
		return err
	case r.Result != demo.Done:
		return errors.New(r.Error)
	case r.OldExitCode != 0:
		return fmt.Errorf("a bot ended with status %d", r.OldExitCode)
	case !r.Clean() && !config.Cold && config.Reshard == 0:
		return errors.New("the upgrade was not seamless; --keep DIR leaves the ledgers that tell which events")
	}
	return nil
}
