package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// model is what SPIN is given, and the searches to make in it.
type model struct {
	name string
	// files are the texts by name; SPIN reads the one called main, which may include
	// the others.
	files map[string]string
	main  string
	// claims names the properties in linear temporal logic that are checked. Without
	// one, deadlocks and failed assertions are searched for.
	claims []string
	// large has the search compiled for speed, which takes longer than a small
	// search does.
	large bool
}

// single is a model of one file.
func single(name, text string, claims ...string) model {
	file := sanitised(name) + ".pml"
	return model{name: name, files: map[string]string{file: text}, main: file, claims: claims}
}

// sanitised makes a name fit for a file.
func sanitised(name string) string { return strings.ReplaceAll(name, " ", "-") }

// place is a line of a model.
type place struct {
	file string
	line int
}

// text returns what stands there, without indentation.
func (m model) text(at place) string {
	lines := strings.Split(m.files[at.file], "\n")
	if at.line < 1 || at.line > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[at.line-1])
}

// state returns the name of the state in whose option a line stands, or nothing.
func (m model) state(at place) string {
	for ; at.line > 0; at.line-- {
		text := m.text(at)
		if strings.HasPrefix(text, ":: state") {
			_, name, _ := strings.Cut(text, "== ")
			name, _, _ = strings.Cut(name, " ->")
			return name
		}
	}
	return ""
}

// describe says what stands at a place, and in which state's option.
func (m model) describe(at place) string {
	text := fmt.Sprintf("%s:%d: %s", at.file, at.line, m.text(at))
	if state := m.state(at); state != "" {
		text += ", in " + state
	}
	return text
}

// rows counts the different rows that the model has an option for.
func (m model) rows() int {
	seen := make(map[string]bool)
	for _, file := range slices.Sorted(maps.Keys(m.files)) {
		for _, line := range strings.Split(m.files[file], "\n") {
			if row, ok := rowOf(line); ok {
				seen[file+row] = true
			}
		}
	}
	return len(seen)
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
