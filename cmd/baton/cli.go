package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// The exit statuses.
const (
	statusDone   = 0
	statusFailed = 1
	statusUsage  = 2
	// statusReverted: an upgrade has ended as it began.
	statusReverted = 3
)

// cli is the command line with what it needs from the process around it.
type cli struct {
	out, err io.Writer
	// notify has signals sent to a channel until stop is called.
	notify func(...os.Signal) (received <-chan os.Signal, stop func())
}

// run executes one command line and returns the exit status. An error is one
// line on c.err.
func (c *cli) run(ctx context.Context, args []string) int {
	root := c.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return statusDone
	}
	_, _ = fmt.Fprintln(c.err, "baton: "+oneLine(err))
	var usage *usageError
	switch {
	case errors.As(err, &usage):
		return statusUsage
	case errors.Is(err, errReverted):
		return statusReverted
	}
	return statusFailed
}

// root is the command that has all others below it.
func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "baton",
		Short: "Replace a sharded bot's processes without losing an event",
		Long: `Baton starts the new version of a bot beside the old one and hands each shard's
state and gateway session over, so that nothing is lost, nothing is handled
twice, and nobody notices.`,
		// Errors are printed by run, and without the usage: one line says it.
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		// How far a name may be from the one that was meant.
		SuggestionsMinimumDistance: 2,
	}
	root.SetOut(c.out)
	root.SetErr(c.err)
	// Every command below inherits it.
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%w; see %s --help", err, cmd.CommandPath())
	})
	root.AddCommand(
		c.serveCommand(), c.upgradeCommand(), c.statusCommand(), c.forgetCommand(), c.diagramCommand(),
		c.pauseCommand(), c.resumeCommand(), c.abortCommand(), c.watchCommand(),
		c.gatewayCommand(), c.demoCommand(), c.chaosCommand(), c.versionCommand(),
	)
	strictHelp(root)
	return root
}

// strictHelp makes cobra's own commands refuse what they do not know; by default
// they print something and call it a success.
func strictHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion":
			cmd.Args = noCommand
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			for _, shell := range cmd.Commands() {
				shell.Args = noArguments
			}
		case "help":
			cmd.Run = nil
			cmd.RunE = func(_ *cobra.Command, args []string) error {
				topic, rest, err := root.Find(args)
				if err != nil || len(rest) > 0 {
					return usagef("no help on %q: no such command; see baton help", strings.Join(args, " "))
				}
				topic.InitDefaultHelpFlag()
				return topic.Help()
			}
		}
	}
}

// noCommand refuses the name of a command that is not below cmd.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usagef("unknown command %q%s; see %s --help", args[0], suggestions(cmd, args[0]), cmd.CommandPath())
}

// suggestions names the commands that may have been meant.
func suggestions(cmd *cobra.Command, name string) string {
	names := cmd.SuggestionsFor(name)
	if len(names) == 0 {
		return ""
	}
	return " (did you mean " + strings.Join(names, " or ") + "?)"
}

// usageError is a command line that makes no sense.
type usageError struct{ err error }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// Error returns what is wrong.
func (e *usageError) Error() string { return e.err.Error() }

// Unwrap returns the reason.
func (e *usageError) Unwrap() error { return e.err }

// noArguments refuses anything that is not a flag.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("unexpected argument %q; see %s --help", args[0], cmd.CommandPath())
	}
	return nil
}

// onlyCommand allows arguments behind "--" only: they are a bot's command.
func onlyCommand(cmd *cobra.Command, args []string) error {
	if at := cmd.ArgsLenAtDash(); len(args) > 0 && at != 0 {
		return usagef("unexpected argument %q: put the bot's command behind \"--\"; see %s --help", args[0], cmd.CommandPath())
	}
	return nil
}

// oneLine writes an error, which may be several joined ones, on one line, without the
// packages that it comes from.
func oneLine(err error) string {
	lines := strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' })
	for i, line := range lines {
		line = strings.TrimPrefix(line, "master: ")
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(line, "config: "), "control: ")
	}
	return strings.Join(lines, "; ")
}
