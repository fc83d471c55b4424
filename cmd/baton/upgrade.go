package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/internal/control/progress"
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

The upgrade is the master's: it goes on when this command is interrupted.`,
		Args: onlyCommand,
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if plan.Command, err = program(args); err != nil {
				return err
			}
			return c.upgrade(cmd.Context(), control.NewClient(path), plan, asJSON)
		},
	}
	controlFlag(cmd, &path)
	flags := cmd.Flags()
	flags.StringArrayVar(&plan.Slaves, "slave", nil, "id of a slave to replace, may be repeated (default: all)")
	numberFlag(flags, &plan.NumShards, "shards", 0, 0, "new number of shards; 0 keeps it, and with it the sessions")
	numberFlag(flags, &plan.Parallel, "parallel", 0, 0, "how many shards move at once; 0 leaves it to the master")
	flags.BoolVar(&asJSON, "json", false, "print each step as a line of JSON, the result last")
	return cmd
}

// errDetached: the user no longer wants to watch.
var errDetached = errors.New("interrupted; the upgrade goes on, see baton status")

// upgrade asks for the upgrade and shows it until its end.
func (c *cli) upgrade(ctx context.Context, client *control.Client, plan control.Plan, asJSON bool) error {
	ctx, stop := c.interruptible(ctx, errDetached)
	defer stop()
	var display progress.Display = jsonLines{json.NewEncoder(c.out)}
	if !asJSON {
		display = progress.New(c.out)
	}
	result, err := client.Upgrade(ctx, plan, display.Show)
	display.Close()
	switch {
	case err != nil && ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return noMaster(err)
	case asJSON:
		err = json.NewEncoder(c.out).Encode(control.Line{Result: &result})
	case result.Result == control.ResultLaunched:
		_, err = fmt.Fprintln(c.out, "no slave serves, so nothing was replaced; "+taken(plan)+": see baton status")
	case len(result.Sources) > 0:
		_, err = fmt.Fprintln(c.out, summary(result))
	}
	if err == nil && result.Error != "" {
		err = errors.New(result.Error)
	}
	return err
}

// taken says what becomes of a plan that finds nobody to replace.
func taken(plan control.Plan) string {
	if len(plan.Command) > 0 {
		return "the command was taken and is launched next"
	}
	return "the bot is launched once more"
}

// summary says in a line how an upgrade ended.
func summary(r control.Result) string {
	from, to := orDash(strings.Join(r.Sources, ", ")), orDash(strings.Join(r.Targets, ", "))
	text := fmt.Sprintf("%s in %.3f s: ", r.Result, r.Seconds)
	// No shard has moved that left its session behind.
	anew := len(r.Moved) > 0 && r.Fresh >= len(r.Moved)
	if anew {
		text += fmt.Sprintf("%d shards started anew on %s, in place of those on %s", len(r.Moved), to, from)
	} else {
		text += fmt.Sprintf("%d shards moved from %s to %s", len(r.Moved), from, to)
	}
	for _, part := range []struct {
		what   string
		shards []int
	}{{"stayed", r.Kept}, {"have no owner", r.Lost}, {"are in doubt", r.InDoubt}} {
		if len(part.shards) > 0 {
			text += fmt.Sprintf("; shards %s %s", core.Ranges(part.shards), part.what)
		}
	}
	if r.Fresh > 0 && !anew {
		text += fmt.Sprintf("; %d by IDENTIFY", r.Fresh)
	}
	return text
}

// jsonLines shows progress as lines of JSON.
type jsonLines struct{ encoder *json.Encoder }

// Show implements progress.Display.
func (j jsonLines) Show(p control.Progress) {
	// A reader that is gone does not end the upgrade.
	_ = j.encoder.Encode(control.Line{Progress: &p})
}

// Close implements progress.Display.
func (jsonLines) Close() {}

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
