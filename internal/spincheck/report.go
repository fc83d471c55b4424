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
	unreached []place
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
			if at, ok := unreachedPlace(line); ok && !slices.Contains(r.unreached, at) {
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

// unreachedPlace reads one line of the list of what was not reached. The end of a
// process is not a line of the table.
func unreachedPlace(line string) (place, bool) {
	found := regexp.MustCompile(`^\t(\S+):(\d+), state \d+, "(.*)"`).FindStringSubmatch(line)
	if found == nil || found[3] == "-end-" {
		return place{}, false
	}
	return place{file: found[1], line: leading(found[2])}, true
}

// way reads the places that lead to a finding from what pan prints when it replays
// one. Lines without a remark are steps on the way to one that has it.
func (m model) way(replay string) []string {
	step := regexp.MustCompile(`^\s*\d+:\tproc\s+\d+ \((\w+)\) (\S+):(\d+) `)
	var lines []string
	for _, line := range strings.Split(replay, "\n") {
		if strings.Contains(line, "START OF CYCLE") {
			lines = append(lines, "from here on for ever:")
			continue
		}
		found := step.FindStringSubmatch(line)
		if found == nil {
			continue
		}
		at := place{file: found[2], line: leading(found[3])}
		if !strings.Contains(m.text(at), "/*") {
			continue
		}
		if text := found[1] + ": " + m.describe(at); len(lines) == 0 || lines[len(lines)-1] != text {
			lines = append(lines, text)
		}
	}
	return lines
}
