package demo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestValidateNamesTheFlagOfEveryFieldThatIsWrong(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  Config
		want []string
	}{
		{"the zero value", Config{}, nil},
		{"everything at once", Config{
			Shards: 64, Guilds: 5, StateBytes: 6000, Rate: 0.5, RTT: time.Second, Slaves: 4, Upgrades: 9, Reshard: 32,
		}, nil},
		{
			"negative numbers",
			Config{Shards: -1, Guilds: -1, StateBytes: -1, Upgrades: -1, Rate: -1, RTT: -1},
			[]string{"--shards is", "--guilds is", "--state-bytes is", "--upgrades is", "--rate is", "--rtt is"},
		},
		{"more slaves than shards", Config{Slaves: 17}, []string{"--slaves is 17 for --shards 16"}},
		{"more slaves than shards afterwards", Config{Slaves: 4, Reshard: 3}, []string{"--reshard is 3 for --slaves 4"}},
		{"a new count that is the old one", Config{Reshard: 16}, []string{"--reshard is 16: want another number than --shards"}},
		{"cold and a new count", Config{Reshard: 8, Cold: true}, []string{"--cold and --reshard"}},
		{"back and a new count", Config{Reshard: 8, Revert: true}, []string{"--revert with"}},
		{"back and cold", Config{Cold: true, Revert: true}, []string{"--revert with"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.cfg.Validate()
			if got := err != nil; got != (test.want != nil) {
				t.Fatalf("Validate() = %v, want an error: %v", err, test.want != nil)
			}
			for _, field := range test.want {
				if !strings.Contains(err.Error(), field) {
					t.Errorf("the error does not name %s: %v", field, err)
				}
			}
		})
	}
}

func TestTheBotIsLookedForBeforeAnythingStarts(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, bot, want string }{
		// The test's own executable has no bot beside it.
		{"beside this program", "", "run make build"},
		{"where it was said to be", filepath.Join(dir, "none"), "run make build"},
		{"a directory", dir, "not a program"},
		{"a file that is no program", text, "not a program"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Run(t.Context(), Config{Bot: test.bot})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}
