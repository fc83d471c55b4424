package journal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/shardbaton/baton/master"
)

// childMode is the variable that turns this test binary into a child.
const childMode = "BATON_TEST_CHILD"

// TestMain plays the child where a test has launched this binary as one.
func TestMain(m *testing.M) {
	if path := os.Getenv(childMode); path != "" {
		os.Exit(playWriter(path))
	}
	os.Exit(m.Run())
}

// playWriter writes one entry after another and prints the number of each that is
// safe, until it is killed.
func playWriter(path string) int {
	file, err := Open(path)
	for i := 0; err == nil; i++ {
		n := strconv.Itoa(i)
		if err = file.Write(context.Background(), []master.JournalChange{put("n/"+n, n), put("last", n)}); err == nil {
			_, err = fmt.Println(n)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func put(key, value string) master.JournalChange {
	return master.JournalChange{Key: key, Value: []byte(value)}
}

func remove(key string) master.JournalChange { return master.JournalChange{Key: key} }

// open opens a journal until the test ends.
func open(t testing.TB, path string) *File {
	t.Helper()
	file, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return file
}

func write(t testing.TB, file *File, changes ...master.JournalChange) {
	t.Helper()
	if err := file.Write(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

// holds fails the test unless the journal has exactly these entries.
func holds(t testing.TB, file *File, want map[string]string) {
	t.Helper()
	got := load(t, file)
	if !maps.Equal(got, want) {
		t.Errorf("entries %q, want %q", got, want)
	}
}

func load(t testing.TB, file *File) map[string]string {
	t.Helper()
	entries, err := file.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for key, value := range entries {
		got[key] = string(value)
	}
	return got
}

func newPath(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "journal")
}

func TestANewJournalIsEmptyAndItsOwnersAlone(t *testing.T) {
	path := newPath(t)
	holds(t, open(t, path), map[string]string{})
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
	names, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(names) != 1 {
		t.Errorf("%d files are there (%v), want the journal alone", len(names), err)
	}
}

func TestWhatWasWrittenIsThereAfterwards(t *testing.T) {
	path := newPath(t)
	file := open(t, path)
	long := strings.Repeat("x", 100_000)
	write(t, file, put("a", "1"), put("b", ""), put("c", "3"), put("long", long))
	write(t, file, put("a", "2"), remove("c"), remove("never there"), put("d", "4"), remove("d"), put("d", "5"))
	want := map[string]string{"a": "2", "b": "", "d": "5", "long": long}
	holds(t, file, want)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	holds(t, open(t, path), want)
}

func TestAWriteThatIsRefusedChangesNothing(t *testing.T) {
	file := open(t, newPath(t))
	write(t, file, put("a", "1"))
	for name, bad := range map[string]string{"an empty key": "", "a long key": strings.Repeat("k", master.MaxJournalKey+1)} {
		if err := file.Write(t.Context(), []master.JournalChange{remove("a"), put(bad, "2")}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	holds(t, file, map[string]string{"a": "1"})
	write(t, file, put(strings.Repeat("k", master.MaxJournalKey), "2"))
}

func TestAClosedJournalSaysSo(t *testing.T) {
	file := open(t, newPath(t))
	for range 2 {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := file.Write(t.Context(), nil); !errors.Is(err, ErrClosed) {
		t.Errorf("Write: error %v, want ErrClosed", err)
	}
	if _, err := file.Load(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("Load: error %v, want ErrClosed", err)
	}
}

func TestASecondMasterIsRefusedAtOnce(t *testing.T) {
	path := newPath(t)
	file := open(t, path)
	if _, err := Open(path); !errors.Is(err, ErrInUse) {
		t.Errorf("error %v, want ErrInUse", err)
	}
	if _, err := SetAside(path); !errors.Is(err, ErrInUse) {
		t.Errorf("set aside: error %v, want ErrInUse", err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

func TestAMissingDirectoryIsNotMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mistyped")
	_, err := Open(filepath.Join(dir, "journal"))
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "directory does not exist") {
		t.Errorf("error %v, want one that says that the directory is missing", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory: %v, want none", err)
	}
}

func TestOpenAndCloseDoNotChangeTheFile(t *testing.T) {
	path := newPath(t)
	file := open(t, path)
	write(t, file, put("a", "1"))
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, read(t, path)) {
		t.Error("the file has changed")
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatWasSafeOutlivesASIGKILL(t *testing.T) {
	path := newPath(t)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childMode+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for range 20 {
		if !lines.Scan() {
			t.Fatal("the child ended early")
		}
	}
	// The child holds it, and is a process of its own.
	if _, err := Open(path); !errors.Is(err, ErrInUse) {
		t.Errorf("error %v, want ErrInUse", err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	safe := 0
	for lines.Scan() { // what it said before it died
		if safe, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatal(err)
		}
	}
	if err := child.Wait(); err == nil || err.Error() != "signal: killed" {
		t.Fatalf("the child ended with %v", err)
	}
	entries := load(t, open(t, path))
	last, err := strconv.Atoi(entries["last"])
	if err != nil {
		t.Fatal(err)
	}
	if last < safe {
		t.Errorf("the last write is number %d, but %d was safe", last, safe)
	}
	if len(entries) != last+2 {
		t.Errorf("%d entries in all and the last number is %d: a write was torn", len(entries), last)
	}
}

func TestAFileThatIsCutOffUnderAnOpenJournalDoesNotEndTheProcess(t *testing.T) {
	path := newPath(t)
	file := open(t, path)
	write(t, file, put("a", strings.Repeat("x", 10_000)))
	if err := os.Truncate(path, 4096); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := file.Write(t.Context(), []master.JournalChange{put("a", "1")}); !errors.Is(err, ErrCorrupt) {
			t.Errorf("Write: error %v, want ErrCorrupt", err)
		}
		if _, err := file.Load(t.Context()); !errors.Is(err, ErrCorrupt) {
			t.Errorf("Load: error %v, want ErrCorrupt", err)
		}
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Open(path); !errors.Is(err, ErrCorrupt) { // not ErrInUse
		t.Errorf("Open: error %v, want ErrCorrupt", err)
	}
}

func TestWhatIsSetAsideIsKeptAndReplacesNothing(t *testing.T) {
	path := newPath(t)
	for i := 1; i <= 3; i++ {
		file := open(t, path)
		write(t, file, put("n", strconv.Itoa(i)))
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		aside, err := SetAside(path)
		if want := fmt.Sprintf("%s.aside-%d", path, i); err != nil || aside != want {
			t.Fatalf("set aside as %q (%v), want %q", aside, err, want)
		}
	}
	for i := 1; i <= 3; i++ {
		holds(t, open(t, fmt.Sprintf("%s.aside-%d", path, i)), map[string]string{"n": strconv.Itoa(i)})
	}
	if _, err := SetAside(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want fs.ErrNotExist", err)
	}
}
