package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/shardbaton/baton/internal/control"
)

func (c *cli) forgetCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "forget SLAVE",
		Short: "Tell a running master that a slave's process is dead",
		Long: `Forget gives the master your word that a slave's process has ended, so that its
shards may be started elsewhere. The master needs it only for slaves that it did
not launch itself, whose end it cannot see: a lost connection proves nothing. Said
of a process that lives, it makes two owners of its shards.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("want the id of one slave, as baton status shows it; see %s --help", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := control.NewClient(path).Forget(cmd.Context(), args[0]); err != nil {
				return noMaster(err)
			}
			_, err := fmt.Fprintf(c.out, "slave %s is forgotten; its shards are started elsewhere\n", args[0])
			return err
		},
	}
	controlFlag(cmd, &path)
	return cmd
}
