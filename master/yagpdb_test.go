package master_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/wire"
)

// entry is one line of a recording of YAGPDB's master v1.5.2.
type entry struct {
	Conn int            `json:"conn"`
	Dir  string         `json:"dir"` // s2m or m2s
	Kind string         `json:"kind"`
	ID   wire.EventType `json:"id"`
	Body string         `json:"body"` // hex
}

// recording returns the frames of one connection, in order.
func recording(t *testing.T, name string, conn int) []entry {
	t.Helper()
	f, err := os.Open("../testdata/yagpdb/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var entries []entry
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if e.Conn == conn && e.Kind == "frame" {
			entries = append(entries, e)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return entries
}

// body returns the body's bytes.
func (e entry) body(t *testing.T) []byte {
	t.Helper()
	b, err := hex.DecodeString(e.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// compact rewrites the wide integers of a map with short keys as msgpack's
// shortest, as slaves built with an older msgpack send them.
func compact(t *testing.T, body []byte) []byte {
	t.Helper()
	if len(body) == 0 {
		return nil
	}
	out := []byte{body[0]}
	for i := 1; i < len(body); {
		switch c := body[i]; {
		case c == 0xd3:
			n := int64(0)
			for _, b := range body[i+1 : i+9] {
				n = n<<8 | int64(b)
			}
			out = appendCompact(out, n)
			i += 9
		case c == 0xc2 || c == 0xc3: // bool
			out = append(out, c)
			i++
		case c&0xe0 == 0xa0: // short string
			end := i + 1 + int(c&0x1f)
			out = append(out, body[i:end]...)
			i = end
		default:
			t.Fatalf("byte %#x in % x", c, body)
		}
	}
	return out
}

// appendCompact appends msgpack's shortest form of a number that is not negative.
func appendCompact(b []byte, n int64) []byte {
	switch {
	case n < 128:
		return append(b, byte(n))
	case n <= math.MaxUint8:
		return append(b, 0xcc, byte(n))
	case n <= math.MaxUint16:
		return append(b, 0xcd, byte(n>>8), byte(n))
	default:
		return append(b, 0xce, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
}

// player plays a recorded slave: it sends what the slave sent, each time the
// master has sent what came before, and keeps what the master sends.
type player struct {
	puppet
	t       *testing.T
	entries []entry
	// encode returns a frame as this slave sends it, cut into writes.
	encode func(e entry) [][]byte
	got    []wire.Message
}

// play goes on until the master is to have sent n more frames, or to the end.
func (p *player) play(n int) {
	p.t.Helper()
	for len(p.entries) > 0 {
		e := p.entries[0]
		if e.Dir == "s2m" {
			for _, part := range p.encode(e) {
				p.sendRaw(part)
			}
			p.entries = p.entries[1:]
			continue
		}
		if n == 0 {
			return
		}
		m, err := p.conn.Receive()
		if err != nil {
			p.t.Fatalf("want %v, got %v", e.ID, err)
		}
		if m.Event != e.ID {
			p.t.Fatalf("want %v, got %v % x", e.ID, m.Event, m.Body)
		}
		p.got = append(p.got, m.Clone())
		p.entries = p.entries[1:]
		n--
	}
}

// plain is the encoding of the recording.
func plain(t *testing.T) func(entry) [][]byte {
	t.Helper()
	return func(e entry) [][]byte {
		frame, err := wire.EncodeEvent(e.ID, e.body(t))
		if err != nil {
			t.Fatal(err)
		}
		return [][]byte{frame}
	}
}

// encodings are the ways in which slaves of v1.5.2 put frames onto a connection.
func encodings(t *testing.T) map[string]func(entry) [][]byte {
	t.Helper()
	plain := plain(t)
	return map[string]func(entry) [][]byte{
		"wide ints": plain,
		"compact ints": func(e entry) [][]byte {
			if e.ID != wire.EvtGuildState {
				e.Body = hex.EncodeToString(compact(t, e.body(t)))
			}
			return plain(e)
		},
		"headers split over segments": func(e entry) [][]byte {
			frame := plain(e)[0]
			return [][]byte{frame[:3], frame[3:7], frame[7:]}
		},
	}
}

func TestRecordedSlavesOfV152GoThroughAColdStartAndAMigration(t *testing.T) {
	for _, shards := range []int{1, 4} {
		for name, encode := range encodings(t) {
			t.Run(fmt.Sprintf("%d shards, %s", shards, name), func(t *testing.T) {
				s := serveAt(t, "127.0.0.1:0", master.Config{UpgradeOnHello: true})
				file := map[int]string{1: "1-shard.jsonl", 4: "4-shards.jsonl"}[shards]
				old := &player{puppet: *s.dial(), t: t, entries: recording(t, file, 1), encode: encode}
				fresh := &player{puppet: *s.dial(), t: t, entries: recording(t, file, 2), encode: encode}

				old.play(1) // cold start
				done := make(chan struct{})
				go func() {
					defer close(done)
					fresh.play(math.MaxInt)
				}()
				old.play(math.MaxInt)
				old.cut() // as the original does when it is asked for a shard beyond its last
				<-done
				if t.Failed() {
					return
				}
				checkHandOver(t, shards, recording(t, file, 1), fresh.got)
			})
		}
	}
}

// checkHandOver checks that each shard's states came to the new slave as the old
// one sent them, and before the shard's Resume with the session that it had.
func checkHandOver(t *testing.T, shards int, sent []entry, got []wire.Message) {
	t.Helper()
	var want []wire.Message
	for _, e := range sent {
		if e.Dir != "s2m" {
			continue
		}
		switch e.ID {
		case wire.EvtGuildState:
			want = append(want, wire.Message{Event: e.ID, Body: e.body(t)})
		case wire.EvtStopShard:
			want = append(want, wire.Message{Event: wire.EvtResume, Body: e.body(t)})
		}
	}
	got = got[1:] // the announcement
	if len(got) != len(want) {
		t.Fatalf("the new slave got %d frames, want %d", len(got), len(want))
	}
	resumed := 0
	for i, w := range want {
		if got[i].Event != w.Event || !bytes.Equal(got[i].Body, w.Body) {
			t.Errorf("frame %d is %v % x, want %v % x", i, got[i].Event, got[i].Body, w.Event, w.Body)
		}
		if w.Event == wire.EvtResume {
			resumed++
		}
	}
	if resumed != shards {
		t.Errorf("%d shards resumed, want %d", resumed, shards)
	}
}
