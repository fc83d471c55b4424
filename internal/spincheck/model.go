package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// model is what SPIN is given, and the searches to make in it.
type model struct {
	name string
	// text is all of it, in one file: SPIN does not say where a line of an included
	// file comes from once an inline of another one is among them.
	text string
	// claims names the properties in linear temporal logic that are checked. Without
	// one, deadlocks are searched for. Failed assertions are found either way.
	claims []string
	// large has the search compiled for speed, which takes longer than a small
	// search does.
	large bool
}

// file is what the model is called on disk.
func (m model) file() string { return strings.ReplaceAll(m.name, " ", "-") + ".pml" }

// line returns what stands in a line, numbered from 1, without indentation.
func (m model) line(number int) string {
	lines := strings.Split(m.text, "\n")
	if number < 1 || number > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[number-1])
}

// state returns the name of the state in whose option a line of a process stands, or
// nothing.
func (m model) state(number int) string {
	option := regexp.MustCompile(`^:: (?:event != 0 && )?state\S* == (\w+) ->(?: assert\(true\); break)?$`)
	for ; number > 0 && m.line(number) != "}"; number-- {
		if found := option.FindStringSubmatch(m.line(number)); found != nil {
			return found[1]
		}
	}
	return ""
}

// describe says what stands in a line, and in which state's option.
func (m model) describe(number int) string {
	text := fmt.Sprintf("%s:%d: %s", m.file(), number, m.line(number))
	if state := m.state(number); state != "" {
		text += ", in " + state
	}
	return text
}

// rows lists the rows that the model has an option for, each once, in the order of
// the tables: those of which an option was reached, and those of which none was.
func (m model) rows(unreached []int) (reached, missed []string) {
	table := ""
	var all []string
	taken := make(map[string]bool)
	for i, line := range strings.Split(m.text, "\n") {
		if name, ok := strings.CutPrefix(strings.TrimSuffix(line, " = {"), "mtype:state_"); ok && !strings.Contains(name, " ") {
			table = name
		}
		if name, ok := strings.CutPrefix(line, "proctype p_"); ok {
			table, _, _ = strings.Cut(name, "(")
		}
		if number, ok := rowOf(line); ok {
			row := table + " " + number
			all = append(all, row)
			taken[row] = taken[row] || !slices.Contains(unreached, i+1)
		}
	}
	for i, row := range all {
		switch {
		case slices.Contains(all[:i], row):
		case taken[row]:
			reached = append(reached, row)
		default:
			missed = append(missed, row)
		}
	}
	return reached, missed
}

// rowOf returns the row that a line of a model carries out.
func rowOf(line string) (string, bool) {
	_, note, ok := strings.Cut(line, "/* row ")
	if !ok {
		return "", false
	}
	row, _, _ := strings.Cut(strings.TrimSuffix(note, " */"), ":")
	return row, true
}
