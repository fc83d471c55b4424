package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/shardbaton/baton/internal/chaos"
)

func (c *cli) chaosCommand() *cobra.Command {
	var (
		config chaos.Config
		only   string
		short  bool
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "chaos",
		Short: "Break things while a bot is replaced on this machine, and count what was lost",
		Long: `Chaos replaces a bot under load on this machine, again and again: a gateway, a
master and bots as processes of their own. Each time the master, the old or the new
bot is killed or stopped, or its links are cut or slowed down, in each phase of an
upgrade. Then what the gateway sent is compared with what the bots have handled.
New bots that are bad are tried as well: those upgrades must go back.
What breaks the original, v1.5.2, is played too; and a few cells break what nobody
can mend, to see that it is found.
The exit status is 0 only when nothing was lost, no shard was left without an owner
or had two, and nothing was handled twice but what a killed bot had done since its
last checkpoint.`,
		Example: `  baton chaos --only victim=old,phase=stopping
  baton chaos --only fault=kill --keep failures`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter, err := chaos.ParseFilter(only)
			if err != nil {
				return usagef("--only: %w", err)
			}
			if err := config.Validate(); err != nil {
				return usagef("%w", err)
			}
			if config, err = config.WithDefaults(); err != nil {
				return err
			}
			if short {
				config.Cells = chaos.Short()
			}
			if config.Cells = filter.Choose(config.Cells); len(config.Cells) == 0 {
				return usagef("--only %s: no cell is like that", only)
			}
			return c.chaos(cmd.Context(), config, asJSON)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&only, "only", "", "which cells to run, as in victim=old,phase=stopping,fault=kill (default: all)")
	flags.BoolVar(&short, "short", false, "run a choice of cells that takes a few minutes")
	numberFlag(flags, &config.Parallel, "parallel", 4, 1, "how many cells run at once")
	numberFlag(flags, &config.Shards, "shards", 8, 4, "number of shards")
	numberFlag(flags, &config.Guilds, "guilds", 5, 1, "guilds a shard")
	flags.Float64Var(&config.Rate, "rate", 50, "events a second and shard")
	spanFlag(flags, &config.Patience, "patience", 0, "how long a cell waits for an upgrade to end, and for the service to be whole again; 0 means a minute")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object as the last line of the output")
	flags.StringVar(&config.Bot, "bot", "", "the bot's program (default: disgobot beside this program)")
	flags.StringVar(&config.Program, "program", "", "the baton to run as master (default: this program)")
	flags.StringVar(&config.Keep, "keep", "", "directory to leave logs and ledgers of failing cells in (default: they are removed)")
	return cmd
}

// errChaosEnded: the user has seen enough.
var errChaosEnded = errors.New("interrupted; everything that was started was ended")

// chaos runs the cells and prints what they have shown.
func (c *cli) chaos(ctx context.Context, config chaos.Config, asJSON bool) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	signals, stop := c.notify(os.Interrupt, syscall.SIGTERM)
	defer stop()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-signals:
			cancel(errChaosEnded)
		case <-ctx.Done():
		}
	}()
	defer func() {
		cancel(nil)
		<-watched
	}()
	// With --json standard output is for the object alone.
	config.Out = c.out
	if asJSON {
		config.Out = c.err
	}
	report, err := chaos.Run(ctx, config)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(config.Out)
	err = errors.Join(err, report.Print(config.Out))
	if asJSON {
		err = errors.Join(err, json.NewEncoder(c.out).Encode(report))
	}
	if err == nil && !report.Kept() {
		err = fmt.Errorf("%d of %d cells did not keep their bounds; --keep DIR leaves the ledgers and logs that tell why", report.Failed, len(report.Outcomes))
	}
	return err
}
