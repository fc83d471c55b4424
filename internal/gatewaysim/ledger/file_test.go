package ledger_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

func TestWhatIsWrittenIsReadInTheOrderOfFinishing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made")
	var want []ledger.Handled
	for i, process := range []string{"b", "a"} {
		w, err := ledger.Create(dir, process)
		if err != nil {
			t.Fatal(err)
		}
		for j := range 3 {
			h := ledger.Handled{Stream: one, Sequence: j, Number: uint64(10*i + j), At: at(2*j + i), Previous: ledger.Unchecked}
			if j == 2 {
				h.Previous = 0
			}
			if err := w.Done(h); err != nil {
				t.Fatal(err)
			}
			h.Process = process
			want = append(want, h)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Errorf("closing again: %v", err)
		}
		if err := w.Done(want[0]); err == nil {
			t.Error("Done after Close: want an error")
		}
	}
	want = []ledger.Handled{want[0], want[3], want[1], want[4], want[2], want[5]}
	got, torn, err := ledger.ReadHandled(dir)
	if err != nil || torn != 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("want %+v, got %+v, %d torn, %v", want, got, torn, err)
	}
}

func TestWritersOfManyGoroutinesDoNotMixTheirLines(t *testing.T) {
	dir := t.TempDir()
	w, err := ledger.Create(dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for shard := range 8 {
		all.Go(func() {
			for n := range 200 {
				if err := w.Done(ledger.Handled{Stream: ledger.Stream{Shard: shard, Shards: 8}, Sequence: n, Number: uint64(n)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	lines, _, err := ledger.ReadHandled(dir)
	if err != nil || len(lines) != 1600 {
		t.Fatalf("want 1600 lines, got %d, %v", len(lines), err)
	}
	next := map[int]int{}
	for _, h := range lines {
		if h.Sequence != next[h.Shard] {
			t.Fatalf("shard %d: want sequence %d, got %d", h.Shard, next[h.Shard], h.Sequence)
		}
		next[h.Shard]++
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestATornLastLineIsCountedAndABadLineIsAnError(t *testing.T) {
	const good = "1/2 7 8 1700000000000000000 - p\n"
	for _, tt := range []struct {
		name, text  string
		lines, torn int
		err         string
	}{
		{"an empty file", "", 0, 0, ""},
		{"a whole file", good + good, 2, 0, ""},
		{"a torn last line", good + good[:len(good)-1], 1, 1, ""},
		{"a torn only line", "1/", 0, 1, ""},
		{"a bad line before others", "x\n" + good, 0, 0, "p.handled:1: "},
		{"a bad line behind others", good + "1/2 7 8 9 -\n", 0, 0, "p.handled:2: "},
		{"a bad shard", strings.Replace(good, "1/2", "2/2", 1), 0, 0, "shard/shards"},
		{"a bad sequence", strings.Replace(good, " 7 ", " x ", 1), 0, 0, "sequence"},
		{"a bad number", strings.Replace(good, " 8 ", " -8 ", 1), 0, 0, "number"},
		{"a bad time", strings.Replace(good, " 17", " x", 1), 0, 0, "time"},
		{"a bad previous", strings.Replace(good, " - ", " x ", 1), 0, 0, "previous"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "p"+ledger.Extension), []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			lines, torn, err := ledger.ReadHandled(dir)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("want an error with %q, got %v", tt.err, err)
				}
				return
			}
			if err != nil || len(lines) != tt.lines || torn != tt.torn {
				t.Errorf("want %d lines and %d torn, got %d and %d, %v", tt.lines, tt.torn, len(lines), torn, err)
			}
			v, err := ledger.Judge(ledger.Sent{}, dir)
			if err != nil || v.Torn != tt.torn {
				t.Errorf("Judge: want %d torn, got %d, %v", tt.torn, v.Torn, err)
			}
		})
	}
}

func TestAProcessNeedsANameThatCanBeAFile(t *testing.T) {
	for _, name := range []string{"", "a b", "a/b", "a\nb"} {
		if w, err := ledger.Create(t.TempDir(), name); err == nil {
			t.Errorf("%q was taken", name)
			_ = w.Close()
		}
	}
}

func TestTheSentLedgerSurvivesItsJSON(t *testing.T) {
	want := sent(3)
	want.Connections = []ledger.Connection{{Stream: one, ID: 7, Session: "s", Resumed: true, From: at(1), To: at(2), TookOver: true}}
	var b bytes.Buffer
	if err := want.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := ledger.ReadSent(&b)
	if err != nil {
		t.Fatal(err)
	}
	if v := ledger.Compare(got, handled(1, 2, 3)); !v.Clean() || v.Sent != 3 {
		t.Errorf("want a clean verdict on 3 events, got %v", v)
	}
	if c := got.Connections[0]; c.Stream != one || !c.From.Equal(at(1)) || !c.To.Equal(at(2)) || !c.Resumed || !c.TookOver || c.ID != 7 {
		t.Errorf("want %+v, got %+v", want.Connections[0], c)
	}
	if _, err := ledger.ReadSent(strings.NewReader("[")); err == nil {
		t.Error("half a JSON was read")
	}
}

func FuzzParseText(f *testing.F) {
	f.Add("event 12 after 7")
	f.Add("event  after ")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		number, previous, ok := ledger.ParseText(text)
		if !ok {
			if number != 0 || previous != 0 {
				t.Fatalf("numbers %d and %d of a text that is not ok", number, previous)
			}
			return
		}
		n, p, ok := ledger.ParseText(ledger.Text(number, previous))
		if !ok || n != number || p != previous {
			t.Fatalf("%q: %d, %d became %d, %d", text, number, previous, n, p)
		}
	})
}

func FuzzReadHandled(f *testing.F) {
	f.Add([]byte("1/2 7 8 1700000000000000000 - p\n"))
	f.Add([]byte("1/2 7 8 1700000000000000000 5 p\n1/"))
	f.Add([]byte("\n\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		name := filepath.Join(dir, fmt.Sprintf("%d%s", os.Getpid(), ledger.Extension))
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		lines, torn, err := ledger.ReadHandled(dir)
		if err != nil {
			return
		}
		if whole := bytes.Count(data, []byte("\n")); len(lines) != whole || torn > 1 {
			t.Fatalf("%d lines and %d torn of %q", len(lines), torn, data)
		}
	})
}

func ExampleWriter() {
	dir, err := os.MkdirTemp("", "ledger")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	w, err := ledger.Create(dir, "bot-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	// At the end of a handler of a GUILD_UPDATE, where the description in the
	// cache was before what the event has now.
	was, now := ledger.Text(7, 3), ledger.Text(12, 7)
	number, _, _ := ledger.ParseText(now)
	previous, _, _ := ledger.ParseText(was)
	event := ledger.Handled{Stream: ledger.Stream{Shard: 3, Shards: 16}, Sequence: 42, Number: number, Previous: previous, At: at(0)}
	if err := w.Done(event); err != nil {
		fmt.Println(err)
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "bot-1.handled"))
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(string(text))
	// Output: 3/16 42 12 1700000000000000000 7 bot-1
}
