package wire

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const goldenDir = "../testdata/wire"

// goldenFrame is one case of testdata/wire/frames: a frame as v1.5.2 encodes it.
type goldenFrame struct {
	Event  EventType       `json:"event"`
	Name   string          `json:"name"`
	Desc   string          `json:"desc"`
	GoType string          `json:"go_type"`
	Value  json.RawMessage `json:"value"`
	Hex    string          `json:"hex"`
	Note   string          `json:"note"`
}

func (g goldenFrame) frame(tb testing.TB) []byte {
	tb.Helper()
	return unhex(tb, g.Hex)
}

func goldenFrames(tb testing.TB) []goldenFrame {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(goldenDir, "frames", "*.json"))
	if err != nil || len(files) != 10 {
		tb.Fatalf("want the frames of 10 events, got %d files, error %v", len(files), err)
	}
	var all []goldenFrame
	for _, f := range files {
		var content struct{ Cases []goldenFrame }
		readJSON(tb, f, &content)
		all = append(all, content.Cases...)
	}
	return all
}

// value returns what was given to the original's EncodeEvent.
func (g goldenFrame) value(tb testing.TB) any {
	tb.Helper()
	if g.GoType == "nil" {
		return nil
	}
	if g.GoType == "[]uint8" {
		var raw struct {
			Hex string `json:"raw_hex"`
		}
		mustUnmarshal(tb, g.Value, &raw)
		return unhex(tb, raw.Hex)
	}
	d := NewData(g.Event)
	if want := "master." + reflect.TypeOf(d).Elem().Name(); strings.TrimPrefix(g.GoType, "*") != want {
		tb.Fatalf("event %d has data of type %s, here it is %s", g.Event, g.GoType, want)
	}
	if string(g.Value) == "null" {
		return reflect.Zero(reflect.TypeOf(d)).Interface()
	}
	switch d := d.(type) {
	case *GuildStateData:
		// The value names fields of a library that is not part of the wire; the bytes stand for themselves.
		body := g.frame(tb)[HeaderSize:]
		if raw := body[len("\x81\xaaGuildState"):]; raw[0] != 0xc0 {
			d.GuildState = raw
		}
	default:
		mustUnmarshal(tb, g.Value, d)
	}
	if _, exact, lossy := strings.Cut(g.Note, "the exact bytes are "); lossy {
		reflect.ValueOf(d).Elem().FieldByName("SessionID").SetString(string(unhex(tb, exact)))
	}
	if strings.HasPrefix(g.GoType, "*") {
		return d
	}
	return reflect.ValueOf(d).Elem().Interface()
}

func TestEveryFrameOfTheOriginalIsEncodedByteForByte(t *testing.T) {
	for _, g := range goldenFrames(t) {
		t.Run(fmt.Sprintf("%s %s", g.Name, g.Desc), func(t *testing.T) {
			got, err := EncodeEvent(g.Event, g.value(t))
			if err != nil {
				t.Fatal(err)
			}
			if want := g.frame(t); !bytes.Equal(got, want) {
				t.Errorf("want %x\n got %x", want, got)
			}
		})
	}
}

func TestEveryFrameOfTheOriginalDecodesToTheValueItWasMadeOf(t *testing.T) {
	for _, g := range goldenFrames(t) {
		if g.GoType == "nil" || g.GoType == "[]uint8" {
			continue
		}
		t.Run(fmt.Sprintf("%s %s", g.Name, g.Desc), func(t *testing.T) {
			m, err := NewReader(bytes.NewReader(g.frame(t)), Limits{}).Next()
			if err != nil {
				t.Fatal(err)
			}
			got, err := Decode(m)
			if err != nil {
				t.Fatal(err)
			}
			want := NewData(g.Event)
			if v := reflect.ValueOf(g.value(t)); v.Kind() != reflect.Pointer {
				reflect.ValueOf(want).Elem().Set(v)
			} else if !v.IsNil() {
				want = v.Interface()
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("want %+v\n got %+v", want, got)
			}
		})
	}
}

func TestNamesOfEventsAreThoseOfTheOriginal(t *testing.T) {
	for _, g := range goldenFrames(t) {
		if got := g.Event.String(); got != g.Name {
			t.Errorf("event %d: want %s, got %s", g.Event, g.Name, got)
		}
	}
}

func readJSON(tb testing.TB, file string, into any) {
	tb.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	mustUnmarshal(tb, b, into)
}

func mustUnmarshal(tb testing.TB, b []byte, into any) {
	tb.Helper()
	if err := json.Unmarshal(b, into); err != nil {
		tb.Fatal(err)
	}
}

func unhex(tb testing.TB, s string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}
