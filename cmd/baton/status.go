package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/master/core"
)

func (c *cli) statusCommand() *cobra.Command {
	var (
		path   string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show a running master's slaves and shards",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			status, err := control.NewClient(path).Status(cmd.Context())
			switch {
			case err != nil:
				return noMaster(err)
			case asJSON:
				return json.NewEncoder(c.out).Encode(status)
			}
			return printStatus(c.out, status)
		},
	}
	controlFlag(cmd, &path)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// printStatus prints a status as a head and a table of slaves.
func printStatus(w io.Writer, s control.Status) error {
	shards := "unknown"
	if s.NumShards > 0 {
		shards = strconv.Itoa(s.NumShards)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(format string, args ...any) { _, _ = fmt.Fprintf(table, format+"\n", args...) }
	row("master:\t%s, process %d, version %s", s.State, s.PID, s.Version)
	row("listens:\t%s", s.Listen)
	row("shards:\t%s, %d without an owner", shards, orphans(s))
	if u := s.Upgrade; u != nil {
		row("upgrade:\t%s, %s: %d of %d shards moved, %d on their way", u.ID, u.State, u.Moved, u.Total, u.InFlight)
		if u.Failure != nil {
			row("failure:\t%s", u.Failure.Reason)
		}
	}
	for _, share := range s.Shares {
		if share.State != string(lifecycle.ShareServing) {
			row("%s:\t%s", whose(share), condition(share))
		}
	}
	if s.GaveUp {
		row("attention:\tthe bot ended too often while it started and is not relaunched; mend it, then run baton upgrade")
	}
	// What stands above is a table of its own: flushing keeps the columns apart.
	if err := table.Flush(); err != nil {
		return err
	}
	if len(s.Slaves) == 0 {
		return nil
	}
	row("\nSLAVE\tROLE\tLINK\tPROCESS\tVERSION\tDIALECT\tSHARDS")
	for _, one := range s.Slaves {
		row("%s\t%s\t%s\t%s\t%s\t%s\t%s", one.ID, one.Role, orDash(one.Link), dashIfZero(one.PID),
			orDash(one.Version), dashIfZero(one.Dialect), core.Ranges(one.Shards))
	}
	return table.Flush()
}

// whose names a share by its shards.
func whose(s control.Share) string {
	if len(s.Shards) == 0 { // their number is unknown as yet
		return "all shards"
	}
	return "shards " + core.Ranges(s.Shards)
}

// condition says how a share fares that is not fully served.
func condition(s control.Share) string {
	text := s.State
	if s.Slave != "" {
		text += ", slave " + s.Slave
	}
	switch {
	case s.Ends == 1:
		text += ", the bot ended once"
	case s.Ends > 1:
		text += fmt.Sprintf(", %d ends in a row", s.Ends)
	}
	return text
}

// orphans counts the shards that nobody owns.
func orphans(s control.Status) int {
	n := 0
	for _, shard := range s.Shards {
		if shard.Owner == "" {
			n++
		}
	}
	return n
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func dashIfZero(n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(n)
}
