package main

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/master/core"
)

// number is a flag's whole number with a lower bound.
type number struct {
	value *int
	least int
}

// numberFlag adds a flag for a whole number that is not below least.
func numberFlag(flags *pflag.FlagSet, value *int, name string, usual, least int, usage string) {
	*value = usual
	flags.Var(&number{value, least}, name, usage)
}

// Set implements pflag.Value.
func (n *number) Set(text string) error {
	v, err := strconv.Atoi(text)
	if err != nil || v < n.least {
		return fmt.Errorf("want a whole number of at least %d", n.least)
	}
	*n.value = v
	return nil
}

// String implements pflag.Value.
func (n *number) String() string {
	if n.value == nil {
		return "0"
	}
	return strconv.Itoa(*n.value)
}

// Type implements pflag.Value.
func (n *number) Type() string { return "number" }

// span is a flag's duration that is not negative.
type span struct{ value *time.Duration }

// spanFlag adds a flag for a duration of at least 0.
func spanFlag(flags *pflag.FlagSet, value *time.Duration, name string, usual time.Duration, usage string) {
	*value = usual
	flags.Var(&span{value}, name, usage)
}

// Set implements pflag.Value.
func (s *span) Set(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return errors.New("want a duration such as 300ms or 15s")
	}
	*s.value = d
	return nil
}

// String implements pflag.Value.
func (s *span) String() string {
	if s.value == nil || *s.value == 0 {
		return "0" // which help does not call a default
	}
	return s.value.String()
}

// Type implements pflag.Value.
func (s *span) Type() string { return "duration" }

// shards is a flag's set of shards.
type shards struct{ value *[]int }

// shardsFlag adds a flag for shards, as in "0-3,7".
func shardsFlag(flags *pflag.FlagSet, value *[]int, name, usage string) {
	flags.Var(&shards{value}, name, usage)
}

// Set implements pflag.Value.
func (s *shards) Set(text string) error {
	var list []int
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		from, err := strconv.ParseUint(first, 10, 16)
		to, toErr := strconv.ParseUint(last, 10, 16)
		if err != nil || toErr != nil || from > to {
			return errors.New("want shards such as 0,3 or 0-3")
		}
		for n := from; n <= to; n++ {
			list = append(list, int(n))
		}
	}
	*s.value = list
	return nil
}

// String implements pflag.Value.
func (s *shards) String() string {
	if s.value == nil || len(*s.value) == 0 {
		return ""
	}
	return core.Ranges(*s.value)
}

// Type implements pflag.Value.
func (s *shards) Type() string { return "shards" }

// choice is a flag's word that is one of several.
type choice struct {
	value *string
	among []string
}

// choiceFlag adds a flag for one of several words, with completion.
func choiceFlag(cmd *cobra.Command, value *string, name, usual string, among []string, usage string) {
	*value = usual
	cmd.Flags().Var(&choice{value, among}, name, usage+": "+strings.Join(among, ", "))
	completeFlag(cmd, name, among)
}

// Set implements pflag.Value.
func (c *choice) Set(text string) error {
	if !slices.Contains(c.among, text) {
		return fmt.Errorf("want one of %s", strings.Join(c.among, ", "))
	}
	*c.value = text
	return nil
}

// String implements pflag.Value.
func (c *choice) String() string {
	if c.value == nil {
		return ""
	}
	return *c.value
}

// Type implements pflag.Value.
func (c *choice) Type() string { return "word" }

// completeFlag lets the shell complete a flag's value.
func completeFlag(cmd *cobra.Command, name string, values []string) {
	// The error is for a flag that does not exist.
	_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// controlFlag adds the flag for the control socket's path.
func controlFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "control", control.Path(), "path of the master's control socket")
}

// program returns a bot's command with the program as an absolute path, so that
// it means the same wherever it is launched, now or later.
func program(command []string) ([]string, error) {
	if len(command) == 0 {
		return nil, nil
	}
	path, err := exec.LookPath(command[0])
	if err != nil && !errors.Is(err, exec.ErrDot) {
		var reason *exec.Error
		if errors.As(err, &reason) {
			err = reason.Err
		}
		return nil, fmt.Errorf("the bot's program %q: %w", command[0], err)
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("the bot's program %q: %w", command[0], err)
	}
	return append([]string{path}, command[1:]...), nil
}
