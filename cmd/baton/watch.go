package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/internal/control/progress"
	"github.com/shardbaton/baton/master/core"
)

func (c *cli) watchCommand() *cobra.Command {
	var (
		path   string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Show the upgrade that runs, to its end",
		Long: `Watch shows how the upgrade goes that runs, from now on: one whose baton upgrade was
interrupted, that somebody else has asked for, or that the master has taken up from
its journal after a crash.
` + exitHelp,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client := control.NewClient(path)
			err := c.follow(cmd.Context(), asJSON, control.Plan{}, client.Watch)
			var refused *control.Error
			if !errors.As(err, &refused) {
				return err
			}
			text := refused.Reason + ", so there is nothing to watch"
			if status, err := client.Status(cmd.Context()); err == nil && status.Last != nil {
				text += "; the last one, " + status.Last.Upgrade + ", has ended: " + ending(*status.Last)
			}
			return errors.New(text)
		},
	}
	controlFlag(cmd, &path)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// exitHelp says what the exit status of a command that follows an upgrade means.
const exitHelp = `
The exit status is 0 when the upgrade is done, 3 when it was reverted, so that
everything is as it was before, 1 when it failed or could not begin, and 2 when the
command line makes no sense.`

// jsonFlag adds the flag for an upgrade's steps as JSON.
func jsonFlag(cmd *cobra.Command, asJSON *bool) {
	cmd.Flags().BoolVar(asJSON, "json", false, "print each step as a line of JSON, the result last")
}

var (
	// errDetached: the user no longer wants to watch.
	errDetached = errors.New("interrupted; the upgrade goes on: baton watch shows it, baton abort takes it back")
	// errReverted: everything is as it was before the upgrade.
	errReverted = errors.New("reverted")
)

// follow shows an upgrade until its end. watch gets its steps and its result; the
// plan is the one that it was begun with here.
func (c *cli) follow(ctx context.Context, asJSON bool, plan control.Plan, watch func(context.Context, func(control.Progress)) (control.Result, error)) error {
	ctx, stop := c.interruptible(ctx, errDetached)
	defer stop()
	var display progress.Display = jsonLines{json.NewEncoder(c.out)}
	if !asJSON {
		display = progress.New(c.out)
	}
	result, err := watch(ctx, display.Show)
	display.Close()
	switch {
	case err != nil && ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return noMaster(err)
	case asJSON:
		err = json.NewEncoder(c.out).Encode(control.Line{Result: &result})
	default:
		err = c.conclude(result, plan)
	}
	switch {
	case err != nil:
		return err
	case result.Result == control.ResultReverted:
		return &endError{errReverted, result.Error}
	case result.Error != "":
		return errors.New(result.Error)
	}
	return nil
}

// endError is an end of an upgrade that has an exit status of its own.
type endError struct {
	kind error
	text string
}

// Error says why the upgrade ended so.
func (e *endError) Error() string { return e.text }

// Unwrap returns the kind of end.
func (e *endError) Unwrap() error { return e.kind }

// conclude prints how an upgrade ended.
func (c *cli) conclude(r control.Result, plan control.Plan) error {
	switch {
	case r.Result == control.ResultLaunched:
		_, err := fmt.Fprintln(c.out, "no slave serves, so nothing was replaced; "+taken(plan)+": see baton status")
		return err
	case len(r.Sources) > 0:
		_, err := fmt.Fprintln(c.out, summary(r))
		return err
	}
	return nil
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
	switch {
	case anew:
		text += fmt.Sprintf("%d shards started anew on %s, in place of those on %s", len(r.Moved), to, from)
	case r.Result == control.ResultReverted:
		text += "all shards are on " + from + ", as before"
	default:
		text += fmt.Sprintf("%d shards moved from %s to %s", len(r.Moved), from, to)
	}
	for _, part := range []struct {
		what   string
		shards []int
	}{{"stayed", r.Kept}, {"have no owner", r.Lost}, {"are in doubt", r.InDoubt}} {
		if len(part.shards) > 0 && (part.what != "stayed" || r.Result != control.ResultReverted) {
			text += fmt.Sprintf("; shards %s %s", core.Ranges(part.shards), part.what)
		}
	}
	if r.Fresh > 0 && !anew {
		text += fmt.Sprintf("; %d by IDENTIFY", r.Fresh)
	}
	if r.Trouble != nil {
		text += "\nit is done because there was nobody to go back to; what went wrong: " + r.Trouble.String()
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
