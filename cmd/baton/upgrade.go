package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/master/core"
)

func (c *cli) upgradeCommand() *cobra.Command {
	var (
		path   string
		asJSON bool
		plan   control.Plan
	)
	cmd := &cobra.Command{
		Use:   "upgrade [flags] [-- COMMAND...]",
		Short: "Replace a running master's slaves by new processes",
		Long: `Upgrade has the master launch new slaves and hand over to them, and shows how it
goes. With a COMMAND that is what is launched, now and from now on.

A failure, a bot that says that it is unhealthy, a deadline that passes or baton abort
takes every shard back to the old slaves, by RESUME, until those were told to shut
down. With --canary some shards go first and are watched for as long as --hold and
--healthy say; then the rest follows.

The upgrade is the master's: it goes on when this command is interrupted, and baton
watch shows it again.
` + exitHelp,
		Example: `  baton upgrade -- ./mybot-v2
  baton upgrade --canary 1 --hold 2m --healthy 30s --on-failure pause`,
		Args: onlyCommand,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := plan.Validate(); err != nil {
				return usagef("%s", flagWords(err))
			}
			var err error
			if plan.Command, err = program(args); err != nil {
				return err
			}
			client := control.NewClient(path)
			err = c.follow(cmd.Context(), asJSON, plan, func(ctx context.Context, show func(control.Progress)) (control.Result, error) {
				return client.Upgrade(ctx, plan, show)
			})
			var refused *control.Error
			switch {
			case !errors.As(err, &refused):
				return err
			case strings.Contains(refused.Reason, core.ErrPlan.Error()):
				return errors.New(flagWords(err))
			case strings.Contains(refused.Reason, core.ErrBusy.Error()):
				return fmt.Errorf("%w; baton watch shows it, baton abort takes it back", err)
			}
			return err
		},
	}
	controlFlag(cmd, &path)
	planFlags(cmd, &plan)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// planFlags adds a flag for each field of a plan but the command.
func planFlags(cmd *cobra.Command, plan *control.Plan) {
	flags := cmd.Flags()
	flags.StringArrayVar(&plan.Slaves, "slave", nil, "id of a slave to replace, may be repeated (default: all)")
	numberFlag(flags, &plan.NumShards, "shards", 0, 0, "new number of shards; 0 keeps it, and with it the sessions")
	numberFlag(flags, &plan.Parallel, "parallel", 0, 0, "how many shards move at once; 0 leaves it to the master")
	numberFlag(flags, &plan.Canary, "canary", 0, 0, "how many shards move before the rest, the first ones; 0 means none")
	shardsFlag(flags, &plan.CanaryShards, "canary-shards", "the shards that move before the rest, as in 0,3 or 0-3")
	for _, f := range []struct {
		value *control.Duration
		name  string
		usage string
	}{
		{&plan.Hold, "hold", "how long the canary is watched before the rest moves"},
		{&plan.Healthy, "healthy", "for how long the new slaves must be healthy without a break before the rest moves, and before the old ones end"},
		{&plan.Progress, "progress-timeout", "how long the next shard may take to arrive; 0 leaves it to the master (5m)"},
		{&plan.Total, "timeout", "how long all of it may take until it turns back; 0 leaves it to the master (4h)"},
		{&plan.PauseLimit, "pause-limit", "how long a pause may last until it turns back; 0 leaves it to the master (1h)"},
	} {
		spanFlag(flags, (*time.Duration)(f.value), f.name, 0, f.usage)
	}
	choiceFlag(cmd, &plan.OnFailure, "on-failure", "", []string{string(core.Revert), string(core.Pause)},
		"whether a failure takes every shard back, as it usually does, or waits for baton resume or abort")
}

// flagWords says what is wrong with a plan in the words of the flags.
func flagWords(err error) string {
	return strings.NewReplacer(
		"NumShards", "--shards", "Parallel", "--parallel", "CanaryShards", "--canary-shards", "Canary", "--canary",
		"Hold", "--hold", "Healthy", "--healthy", "Progress", "--progress-timeout", "Total", "--timeout",
		"PauseLimit", "--pause-limit", "OnFailure", "--on-failure", "Slaves[", "--slave[",
	).Replace(err.Error())
}

// interruptible returns a context that SIGINT or SIGTERM ends with the cause.
// Call stop when it is no longer needed.
func (c *cli) interruptible(ctx context.Context, cause error) (interruptible context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals, ignore := c.notify(os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-signals:
			cancel(cause)
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		ignore()
		cancel(nil)
		<-done
	}
}

// noMaster adds to an error about an absent master what to do about it.
func noMaster(err error) error {
	if errors.Is(err, control.ErrNoMaster) {
		return fmt.Errorf("%w; start one with baton serve, or name its socket with --control", err)
	}
	return err
}
