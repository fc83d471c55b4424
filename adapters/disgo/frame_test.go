package batondisgo

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/gorilla/websocket"
)

// serverFrame makes an unmasked frame.
func serverFrame(opcode byte, payload []byte) []byte {
	frame := []byte{finBit | opcode}
	switch n := len(payload); {
	case n < length16:
		frame = append(frame, byte(n))
	case n <= math.MaxUint16:
		frame = binary.BigEndian.AppendUint16(append(frame, length16), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, length64), uint64(n))
	}
	return append(frame, payload...)
}

func TestTheCloseFrameIsFoundHoweverReadsCutTheStream(t *testing.T) {
	var stream []byte
	for _, size := range []int{0, 1, 125, 126, 127, math.MaxUint16, math.MaxUint16 + 1} {
		stream = append(stream, serverFrame(opText, bytes.Repeat([]byte{0x88}, size))...)
	}
	closing := serverFrame(opClose, websocket.FormatCloseMessage(4004, "why"))
	stream = append(stream, closing...)
	for _, step := range []int{1, 2, 3, 7, 1000, len(stream)} {
		var f framing
		for rest := stream; len(rest) > 0; {
			n := min(step, len(rest))
			if before := len(rest) > len(closing); before && f.closeCode() != 0 {
				t.Fatalf("step %d: want no close code before the close frame, got %d", step, f.closeCode())
			}
			f.feed(rest[:n])
			rest = rest[n:]
		}
		if f.closeCode() != 4004 {
			t.Errorf("step %d: want 4004, got %d", step, f.closeCode())
		}
	}
}

func TestACloseFrameWithoutCode(t *testing.T) {
	var f framing
	f.feed(serverFrame(opClose, nil))
	if f.closeCode() != 1005 {
		t.Errorf("want 1005, got %d", f.closeCode())
	}
}

func FuzzFraming(f *testing.F) {
	f.Add(serverFrame(opClose, []byte{0x0f, 0xa4}), 1)
	f.Add(append(serverFrame(opText, make([]byte, 300)), 0x88, 0), 3)
	f.Fuzz(func(t *testing.T, stream []byte, step int) {
		var whole, cut framing
		whole.feed(stream)
		step = max(1, step)
		for rest := stream; len(rest) > 0; rest = rest[min(step, len(rest)):] {
			cut.feed(rest[:min(step, len(rest))])
		}
		if whole.closeCode() != cut.closeCode() {
			t.Errorf("read at once: close code %d; by %d bytes: %d", whole.closeCode(), step, cut.closeCode())
		}
	})
}

func TestHeartbeatsAreToldFromOtherFrames(t *testing.T) {
	for payload, want := range map[string]int64{
		`{"op":1,"d":251}`:                  251,
		`{"op":1,"d":0}`:                    0,
		"{\"op\":1,\"d\":7}\n":              7,
		`{"op":1,"d":null}`:                 -1,
		`{"op":1,"d":1,"x":2}`:              -1,
		`{"op":11,"d":251}`:                 -1,
		`{"op":3,"d":{"op":1,"d":25}}`:      -1,
		`{"op":1,"d":99999999999999999999}`: -1,
	} {
		seq, ok := heartbeatSequence([]byte(payload))
		if ok != (want >= 0) || ok && seq != want {
			t.Errorf("%s: got %d, %v, want %d", payload, seq, ok, want)
		}
	}
}

func TestShortClientFramesAreReadUnmasked(t *testing.T) {
	masked := []byte{0x81, 0x85, 1, 2, 3, 4, 'h' ^ 1, 'e' ^ 2, 'l' ^ 3, 'l' ^ 4, 'o' ^ 1}
	before := bytes.Clone(masked)
	opcode, payload, ok := smallFrame(masked)
	if !ok || opcode != opText || string(payload) != "hello" {
		t.Errorf("got opcode %d, payload %q, ok %v", opcode, payload, ok)
	}
	if !bytes.Equal(masked, before) {
		t.Error("the frame itself was changed")
	}
	for name, frame := range map[string][]byte{
		"empty":        nil,
		"cut":          masked[:8],
		"two frames":   append(bytes.Clone(masked), masked...),
		"unmasked":     {0x81, 1, 'x'},
		"a fragment":   {0x01, 0x80, 0, 0, 0, 0},
		"a longer one": append([]byte{0x81, 0xfe, 0, 200, 0, 0, 0, 0}, make([]byte, 200)...),
	} {
		if _, _, ok := smallFrame(frame); ok {
			t.Errorf("%s: want it not read", name)
		}
	}
}
