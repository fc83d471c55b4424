package master

import (
	"slices"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

func TestForwardLines(t *testing.T) {
	tests := map[string]struct {
		input string
		want  []string // a piece that is followed by more ends in "…"
	}{
		"nothing":                            {"", nil},
		"one line":                           {"hello\n", []string{"hello"}},
		"a last line without an end":         {"a\nb", []string{"a", "b"}},
		"an empty line":                      {"a\n\nb\n", []string{"a", "", "b"}},
		"carriage return and line feed":      {"a\r\nb\r\n", []string{"a", "b"}},
		"a line as long as the limit":        {strings.Repeat("x", 15) + "\ny\n", []string{strings.Repeat("x", 15), "y"}},
		"a line longer than the limit":       {strings.Repeat("x", 40) + "\ny\n", []string{strings.Repeat("x", 16) + "…", strings.Repeat("x", 16) + "…", strings.Repeat("x", 8), "y"}},
		"a long line that is never finished": {strings.Repeat("x", 20), []string{strings.Repeat("x", 16) + "…", strings.Repeat("x", 4)}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			forwardLines(strings.NewReader(test.input), 16, func(line []byte, more bool) {
				text := string(line)
				if more {
					text += "…"
				}
				got = append(got, text)
			})
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestOutputIsLoggedWithItsStreamAndCutLinesAreMarked(t *testing.T) {
	logs, seen := observer.New(zap.InfoLevel)
	emit := streamTo(zap.New(logs), zap.WarnLevel, "stderr")
	emit([]byte("first half"), true)
	emit([]byte("second half"), false)
	entries := seen.AllUntimed()
	if len(entries) != 2 {
		t.Fatalf("%d entries, want 2", len(entries))
	}
	for i, want := range []struct {
		message string
		cut     bool
	}{{"first half", true}, {"second half", false}} {
		e := entries[i]
		if e.Message != want.message || e.Level != zap.WarnLevel || e.ContextMap()["stream"] != "stderr" {
			t.Errorf("entry %d = %v %q %v, want a warning %q of stderr", i, e.Level, e.Message, e.ContextMap(), want.message)
		}
		if _, cut := e.ContextMap()["cut"]; cut != want.cut {
			t.Errorf("entry %d: cut = %v, want %v", i, cut, want.cut)
		}
	}
}
