package control_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/shardbaton/baton/internal/control"
)

func TestTheSocketStandsInTheSessionsOwnDirectory(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", "/run/user/7")
	if got, want := control.Path(), "/run/user/7/baton/control.sock"; got != want {
		t.Errorf("Path() = %q, want %q", got, want)
	}
}

func TestWithoutASessionTheDirectoryIsTheUsers(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	// A relative path is not valid, says the XDG base directory specification.
	for _, runtime := range []string{"", "run"} {
		t.Setenv("XDG_RUNTIME_DIR", runtime)
		want := filepath.Join(tmp, "baton-"+strconv.Itoa(os.Getuid()), "control.sock")
		if got := control.Path(); got != want {
			t.Errorf("XDG_RUNTIME_DIR=%q: Path() = %q, want %q", runtime, got, want)
		}
	}
}

func TestEveryControlSocketHasAJournalOfItsOwn(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "/state")
	paths := make(map[string]string)
	for _, commands := range []string{"/run/a/control.sock", "/run/b/control.sock", "/run/a/other.sock", "here.sock"} {
		path, err := control.JournalPath(commands)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Dir(path) != "/state/baton" || filepath.Ext(path) != ".journal" {
			t.Errorf("that of %s is %s, want one in /state/baton", commands, path)
		}
		if other := paths[path]; other != "" {
			t.Errorf("%s and %s have the same journal", other, commands)
		}
		paths[path] = commands
	}
	t.Setenv("XDG_STATE_HOME", "relative, and so not valid")
	t.Setenv("HOME", "/home/me")
	if path, err := control.JournalPath("/run/a/control.sock"); err != nil || filepath.Dir(path) != "/home/me/.local/state/baton" {
		t.Errorf("got %s, %v", path, err)
	}
	t.Setenv("HOME", "")
	if path, err := control.JournalPath("/run/a/control.sock"); err == nil {
		t.Errorf("got %s where there is no home", path)
	}
}

func TestMakeDir(t *testing.T) {
	mode := func(mode os.FileMode) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(dir, mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, test := range []struct {
		name    string
		prepare func(*testing.T, string)
		wantErr bool
	}{
		{"makes what is missing", func(*testing.T, string) {}, false},
		{"takes what is private", mode(0o700), false},
		{"takes what others may read", mode(0o755), false},
		{"refuses what others may write to", mode(0o777), true},
		{"refuses a link", func(t *testing.T, dir string) {
			t.Helper()
			if err := os.Symlink(t.TempDir(), dir); err != nil {
				t.Fatal(err)
			}
		}, true},
		{"refuses a file", func(t *testing.T, dir string) {
			t.Helper()
			if err := os.WriteFile(dir, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
			test.prepare(t, control.Dir())
			err := control.MakeDir(control.Dir())
			if got := err != nil; got != test.wantErr {
				t.Fatalf("MakeDir: %v, want an error: %v", err, test.wantErr)
			}
			if test.wantErr {
				return
			}
			info, err := os.Stat(control.Dir())
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm() & 0o022; got != 0 {
				t.Errorf("others may write to the directory: mode %v", info.Mode())
			}
		})
	}
}
