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
	row("journal:\t%s", orNone(s.Journal))
	if s.Lease > 0 {
		row("lease:\t%v", s.Lease)
	}
	row("shards:\t%s, %d without an owner%s", shards, orphans(s), doubts(s))
	if u := s.Upgrade; u != nil {
		row("upgrade:\t%s", standing(u))
		if u.Failure != nil {
			row("failure:\t%s", u.Failure)
		}
		if hint := choices(u); hint != "" {
			row("choices:\t%s", hint)
		}
	}
	if last := s.Last; last != nil && s.Upgrade == nil {
		row("last:\t%s, %s", last.Upgrade, ending(*last))
	}
	for _, share := range s.Shares {
		if share.State != string(lifecycle.ShareServing) {
			row("%s:\t%s", whose(share), condition(share))
		}
	}
	for _, one := range s.Slaves {
		if one.Missing {
			row("attention:\tslave %s has not been heard of since the earlier master; if its process is dead, run baton forget %s", one.ID, one.ID)
		}
		if one.Unhealthy != "" {
			row("attention:\tslave %s is not healthy: %s", one.ID, one.Unhealthy)
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

// standing says where an upgrade stands.
func standing(u *control.Upgrade) string {
	text := u.ID + ", " + u.State
	switch {
	case u.Pausing:
		text += ", will pause when the slaves have answered"
	case u.Back:
		text += ", on the way back"
	}
	return text + fmt.Sprintf(": %d of %d shards moved, %d on their way", u.Moved, u.Total, u.InFlight)
}

// choices says what an operator can do about an upgrade that waits for that, or is on
// its way back.
func choices(u *control.Upgrade) string {
	switch {
	case u.State == string(lifecycle.UpgradePaused) || u.Pausing:
		return "baton resume lets it go on, baton abort takes every shard back"
	case u.Back:
		return "baton watch shows it to its end"
	}
	return ""
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

// ending says in a few words how an upgrade ended.
func ending(r control.Result) string {
	switch {
	case r.Failure != nil:
		return r.Result + ", " + r.Failure.String()
	case r.Trouble != nil:
		return r.Result + " in spite of this: " + r.Trouble.String()
	}
	return r.Result
}

// doubts counts the shards that may run on their owner or not, if there are any.
func doubts(s control.Status) string {
	n := 0
	for _, shard := range s.Shards {
		if shard.Owner != "" && shard.InDoubt {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d in doubt", n)
}

func orNone(path string) string {
	if path == "" {
		return "none: what this master knows ends with it"
	}
	return path
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
