package wire

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/vmihailenco/msgpack/v5"
)

// scanSamples are values of every form of msgpack, whole ones and hostile ones.
func scanSamples() [][]byte {
	samples := [][]byte{{}, nested(20), nested(maxNesting), nested(maxNesting + 1), []byte(strings.Repeat("\x91", 5000))}
	for code := range 256 {
		for _, tail := range []string{"", "\x00", "\x00\x00", "\x01\x02\x03", strings.Repeat("\x00", 40), strings.Repeat("\xff", 40)} {
			samples = append(samples, append([]byte{byte(code)}, tail...))
		}
	}
	return samples
}

// checkSkip holds skip against plain msgpack's Skip, which knows no limit of nesting: both find the same end of the value, or
// neither finds one.
func checkSkip(t *testing.T, body []byte) {
	t.Helper()
	s := scanner{body: body}
	s.skip()
	r := bytes.NewReader(body)
	plain := msgpack.NewDecoder(r).Skip()
	if tooDeep(s.err) && len(body) > maxNesting {
		return
	}
	if (s.err == nil) != (plain == nil) {
		t.Fatalf("%.40x: plain msgpack says %v, skip says %v", body, plain, s.err)
	}
	if want := len(body) - r.Len(); s.err == nil && s.off != want {
		t.Fatalf("%.40x: want %d bytes skipped, got %d", body, want, s.off)
	}
}

func TestSkipPassesOverExactlyWhatPlainMsgpackDoes(t *testing.T) {
	for _, body := range scanSamples() {
		checkSkip(t, body)
	}
}

// nested is a nil inside depth arrays and maps.
func nested(depth int) []byte {
	return []byte(strings.Repeat("\x91", depth/2) + strings.Repeat("\x81\xc0", depth-depth/2) + "\xc0")
}

// tooDeep says whether err is a refusal of nesting.
func tooDeep(err error) bool {
	return errors.Is(err, ErrMalformed) && strings.Contains(err.Error(), "inside each other")
}

func TestNestingIsBounded(t *testing.T) {
	for depth, ok := range map[int]bool{maxNesting: true, maxNesting + 1: false} {
		body := nested(depth)
		if n, err := scan(EvtResume, body); (ok && (n != len(body) || err != nil)) || (!ok && !tooDeep(err)) {
			t.Errorf("%d deep: want it accepted: %v, got %d of %d bytes, error %v", depth, ok, n, len(body), err)
		}
		// The body is one of them, wherever the others stand.
		inner := nested(depth - 1)
		for _, head := range []string{"\x81\xa7unknown", "\x91", "\x81\xaaGuildState"} {
			err := DecodeBody(EvtGuildState, append([]byte(head), inner...), new(GuildStateData))
			if (ok && err != nil) || (!ok && !tooDeep(err)) {
				t.Errorf("%q and %d deep: want it accepted: %v, got %v", head, depth, ok, err)
			}
		}
		_, err := EncodeEvent(EvtGuildState, &GuildStateData{GuildState: inner})
		if (ok && err != nil) || (!ok && !tooDeep(err)) {
			t.Errorf("encoding, %d deep: want it accepted: %v, got %v", depth, ok, err)
		}
	}
}

func TestSkipTakesNoMemoryForWhatMessagesHold(t *testing.T) {
	body := append([]byte("\x92\xdb\x00\x01\x00\x00"), make([]byte, 1<<16)...)
	body = append(body, nested(7)...)
	var s scanner
	if n := testing.AllocsPerRun(10, func() {
		s = scanner{body: body}
		s.skip()
	}); n != 0 || s.err != nil {
		t.Errorf("want no allocation, got %v, error %v", n, s.err)
	}
}

func TestSkipRefusesLengthsThatAddUpToMoreThanIsLeft(t *testing.T) {
	for _, body := range []string{
		"\x92\xdc\x00\x03\xc0\xc0\xc0",         // 3 values inside leave none for the outer array
		"\xdd\xff\xff\xff\xff\xc0",             // an array of 2³²−1
		"\xdf\x80\x00\x00\x00",                 // a map of 2³¹ pairs
		"\x93\xdb\xff\xff\xff\xff",             // a string of 2³²−1 bytes
		"\xc9\xff\xff\xff\xff\x01",             // an ext of 2³²−1 bytes
		"\x9f\x9f\x9f\x9f\xc0\xc0\xc0\xc0\xc0", // each length fits, the sum does not
	} {
		s := scanner{body: []byte(body), event: EvtResume}
		s.skip()
		var malformed *MalformedError
		if !errors.As(s.err, &malformed) || malformed.Event != EvtResume || malformed.Length != len(body) {
			t.Errorf("%x: want a MalformedError that names event and length, got %v", body, s.err)
		}
	}
}

func TestMsgpackMayReadFromAScanner(t *testing.T) {
	body := []byte("some bytes, and then the end")
	if err := iotest.TestReader(&scanner{body: body}, body); err != nil {
		t.Error(err)
	}
}
