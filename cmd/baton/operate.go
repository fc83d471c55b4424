package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shardbaton/baton/internal/control"
)

func (c *cli) pauseCommand() *cobra.Command {
	return c.operation(&cobra.Command{
		Use:   "pause",
		Short: "Hold a running upgrade up",
		Long: `Pause lets the shards that are on their way arrive and moves no other. The
upgrade waits for baton resume or baton abort; after the pause limit of its plan
(1 hour, see baton upgrade --pause-limit) it takes every shard back.`,
		Args: noArguments,
	}, func(ctx context.Context, client *control.Client, _ []string) (control.Status, error) {
		return client.Pause(ctx)
	})
}

func (c *cli) resumeCommand() *cobra.Command {
	return c.operation(&cobra.Command{
		Use:   "resume",
		Short: "Let a paused upgrade go on",
		Long: `Resume lets an upgrade go on that was paused by baton pause, or by a failure of
which its plan says --on-failure pause. What has failed is tried again.`,
		Args: noArguments,
	}, func(ctx context.Context, client *control.Client, _ []string) (control.Status, error) {
		return client.Resume(ctx)
	})
}

func (c *cli) abortCommand() *cobra.Command {
	return c.operation(&cobra.Command{
		Use:   "abort [REASON]",
		Short: "Take a running upgrade back",
		Long: `Abort has the upgrade hand every shard back to the old slaves, by RESUME, and
then ends the new ones. That is possible until the old slaves have been told to shut
down. The reason stands in the result of the upgrade.

It returns when the way back has begun; baton watch shows how it goes.`,
		Example: `  baton abort "too many errors in the new version"`,
		Args:    cobra.ArbitraryArgs,
	}, func(ctx context.Context, client *control.Client, args []string) (control.Status, error) {
		return client.Abort(ctx, strings.Join(args, " "))
	})
}

// operation completes a command about the upgrade that runs: it prints where that
// stands then.
func (c *cli) operation(cmd *cobra.Command, do func(context.Context, *control.Client, []string) (control.Status, error)) *cobra.Command {
	var path string
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		status, err := do(cmd.Context(), control.NewClient(path), args)
		if err != nil {
			return noMaster(err)
		}
		text := "the upgrade has ended: see baton status"
		if u := status.Upgrade; u != nil {
			text = "upgrade " + standing(u)
			if hint := choices(u); hint != "" {
				text += "\n" + hint
			}
		}
		_, err = fmt.Fprintln(c.out, text)
		return err
	}
	controlFlag(cmd, &path)
	return cmd
}
