package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/vmihailenco/msgpack/v5"
)

// lenientBody is one case of decoder-leniency.json: a body and what v1.5.2's decoder makes of it.
type lenientBody struct {
	Event EventType       `json:"event"`
	Case  string          `json:"case"`
	Hex   string          `json:"body_hex"`
	OK    bool            `json:"ok"`
	Value json.RawMessage `json:"value"`
}

func lenientBodies(tb testing.TB) []lenientBody {
	tb.Helper()
	var all []lenientBody
	readJSON(tb, filepath.Join(goldenDir, "decoder-leniency.json"), &all)
	if len(all) != 199 {
		tb.Fatalf("want 199 bodies, got %d", len(all))
	}
	return all
}

// body returns the bytes. The file abbreviates the two longest kinds: what is left out there is one byte over and over, and for the
// nested arrays also the innermost value and the fields behind it.
func (l lenientBody) body(tb testing.TB) []byte {
	tb.Helper()
	start, rest, cut := strings.Cut(l.Hex, "...(")
	if !cut {
		return unhex(tb, l.Hex)
	}
	length, err := strconv.Atoi(strings.TrimSuffix(rest, " bytes)"))
	if err != nil {
		tb.Fatal(err)
	}
	body := unhex(tb, start)
	var tail []byte
	if strings.Contains(l.Case, "nested arrays") {
		exact, err := EncodeEvent(l.Event, &StopShardData{Shard: 2, SessionID: "abc", Sequence: 77})
		if err != nil {
			tb.Fatal(err)
		}
		tail = append([]byte{0xc0}, exact[HeaderSize+1:]...)
	}
	fill := bytes.Repeat(body[len(body)-1:], length-len(body)-len(tail))
	return append(append(body, fill...), tail...)
}

// checkValue holds that a decoded body has the value that the original gave it. Of a guild state, which is opaque here, that
// is the bytes, which plain msgpack finds by itself.
func (l lenientBody) checkValue(t *testing.T, got any) {
	t.Helper()
	want := NewData(l.Event)
	if _, opaque := want.(*GuildStateData); opaque {
		var plain struct{ GuildState msgpack.RawMessage }
		if err := msgpack.Unmarshal(l.body(t), &plain); err != nil {
			t.Fatal(err)
		}
		if null := string(l.Value) == `{"GuildState":null}` || string(l.Value) == `{"GuildState": null}`; null {
			plain.GuildState = nil
		}
		want = &GuildStateData{GuildState: plain.GuildState}
	} else {
		mustUnmarshal(t, l.Value, want)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("want %+v\n got %+v", want, got)
	}
}

func receive(e EventType, body []byte, limits Limits) (any, error) {
	m, err := NewReader(bytes.NewReader(AppendMessage(nil, Message{Event: e, Body: body})), limits).Next()
	if err != nil {
		return nil, err
	}
	return Decode(m)
}

func TestEveryBodyOfTheLeniencyFileIsTakenOrRefusedAsByTheOriginal(t *testing.T) {
	listed := listedDifferences(t)
	for _, l := range lenientBodies(t) {
		name := l.Event.String() + " " + l.Case
		t.Run(name, func(t *testing.T) {
			got, err := receive(l.Event, l.body(t), Limits{})
			if err == nil && l.OK {
				l.checkValue(t, got)
			}
			want := outcome(l.OK)
			if d, differs := listed[name]; differs {
				delete(listed, name)
				if d.original != want {
					t.Errorf("differences.md says that v1.5.2 %s, it %s", d.original, want)
				}
				if d.here == want || d.why == "" {
					t.Errorf("differences.md lists no difference or no reason: %+v", d)
				}
				want = d.here
			}
			switch {
			case want == "accepts" && err != nil:
				t.Errorf("want the body accepted, got %v", err)
			case want == "refuses" && !errors.Is(err, ErrMalformed):
				t.Errorf("want ErrMalformed, got %v", err)
			case want == "ErrTooLarge" && !errors.Is(err, ErrTooLarge):
				t.Errorf("want ErrTooLarge, got %v", err)
			}
		})
	}
	for name := range listed {
		t.Errorf("differences.md lists a case that is not in the file: %s", name)
	}
}

func TestBodiesOverTheLimitAreTakenAsByTheOriginalOnceTheLimitIsRaisedUnlessTheyNestTooDeep(t *testing.T) {
	taken, refused := 0, 0
	for _, l := range lenientBodies(t) {
		body := l.body(t)
		if !l.OK || len(body) <= DefaultControlLimit {
			continue
		}
		got, err := receive(l.Event, body, Limits{Control: len(body)})
		switch {
		case strings.Contains(l.Case, "100,000 nested"):
			refused++
			if !tooDeep(err) {
				t.Errorf("%s %s: want it refused for its nesting, got %v", l.Event, l.Case, err)
			}
		case err != nil:
			t.Errorf("%s %s: %v", l.Event, l.Case, err)
		default:
			taken++
			l.checkValue(t, got)
		}
	}
	if taken != 2 || refused != 2 {
		t.Errorf("want 2 bodies taken and 2 refused, got %d and %d", taken, refused)
	}
}

type difference struct{ original, here, why string }

// listedDifferences reads the rows of differences.md, which is where people read them.
func listedDifferences(t *testing.T) map[string]difference {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(goldenDir, "differences.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]difference{}
	for line := range strings.Lines(string(b)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 5 || !strings.HasPrefix(cells[0], " Evt") {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows[fmt.Sprintf("%s %s", cells[0], cells[1])] = difference{cells[2], cells[3], cells[4]}
	}
	return rows
}

func outcome(ok bool) string {
	if ok {
		return "accepts"
	}
	return "refuses"
}
