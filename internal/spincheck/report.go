package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// report is what one search has said.
type report struct {
	states, transitions, depth int
	// finding is what is wrong, in SPIN's words, or empty.
	finding string
	// unreached are the lines that the search never came to.
	unreached []int
}

// read takes in what pan has printed. An error means that it is no report of a
// search that went to its end or to a finding.
func read(output string) (report, error) {
	var r report
	section := ""
	for _, line := range strings.Split(output, "\n") {
		switch text := strings.TrimSpace(line); {
		case strings.HasPrefix(line, "pan:1: "):
			r.finding = strings.TrimPrefix(line, "pan:1: ")
		case strings.HasPrefix(line, "error: "), strings.HasPrefix(line, "pan: out of memory"):
			// The search is cut short, so what it did not find says nothing.
			return r, fmt.Errorf("the search was not completed: %s", text)
		case strings.HasSuffix(text, "states, stored"), strings.Contains(text, "states, stored ("):
			r.states = leading(text)
		case strings.Contains(text, "transitions (="):
			r.transitions = leading(text)
		case strings.HasPrefix(line, "unreached in "):
			section = text
		case strings.HasPrefix(section, "unreached in proctype"):
			if at, ok := unreachedLine(line); ok && !slices.Contains(r.unreached, at) {
				r.unreached = append(r.unreached, at)
			}
		}
		if found := depthReached().FindStringSubmatch(line); found != nil {
			r.depth = leading(found[1])
			// pan counts its findings, and this program knows each kind: none is lost.
			if found[2] != "0" && r.finding == "" {
				return r, fmt.Errorf("the search reports %s errors and names none", found[2])
			}
		}
	}
	if r.states == 0 {
		return r, fmt.Errorf("the search reports no states: %q", output)
	}
	return r, nil
}

func depthReached() *regexp.Regexp {
	return regexp.MustCompile(`depth reached (\d+), errors: (\d+)`)
}

// leading is the number with which a text starts, or 0.
func leading(text string) int {
	number, _, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		return 0
	}
	return n
}

// unreachedLine reads one entry of the list of what was not reached. The end of a
// process is not a line of the table.
func unreachedLine(entry string) (int, bool) {
	found := regexp.MustCompile(`^\t\S+:(\d+), state \d+, "(.*)"`).FindStringSubmatch(entry)
	if found == nil || found[2] == "-end-" {
		return 0, false
	}
	return leading(found[1]), true
}

// way reads what leads to a finding from what pan prints when it replays it: steps
// with a remark, but not the conditions before them, and what the model says of an
// assertion that failed.
func (m model) way(replay string) []string {
	step := regexp.MustCompile(`^\s*\d+:\tproc\s+\d+ \((\w+)\) \S+:(\d+) \(state \d+\)\s+\[(.*)`)
	var lines []string
	for _, line := range strings.Split(replay, "\n") {
		if said := strings.TrimSpace(line); strings.HasPrefix(said, "violated: ") {
			lines = append(lines, said)
		}
		if strings.Contains(line, "START OF CYCLE") {
			lines = append(lines, "from here on for ever:")
		}
		found := step.FindStringSubmatch(line)
		if found == nil {
			continue
		}
		at, statement := leading(found[2]), found[3]
		condition := strings.HasPrefix(statement, "(") && statement != "(1)]"
		text := found[1] + ": " + m.describe(at)
		if condition || !strings.Contains(text, "/*") || len(lines) > 0 && lines[len(lines)-1] == text {
			continue
		}
		lines = append(lines, text)
	}
	return lines
}
