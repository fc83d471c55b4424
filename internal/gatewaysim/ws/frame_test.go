package ws_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/shardbaton/baton/internal/gatewaysim/memnet"
	"github.com/shardbaton/baton/internal/gatewaysim/ws"
)

// mask is the key of every frame here.
var mask = [4]byte{1, 2, 3, 4}

// frame makes a short masked frame.
func frame(first byte, payload string) string {
	out := []byte{first, 0x80 | byte(len(payload))}
	out = append(out, mask[:]...)
	for i := range len(payload) {
		out = append(out, payload[i]^mask[i%4])
	}
	return string(out)
}

// hijackable is an HTTP response whose connection can be taken over.
type hijackable struct {
	http.ResponseWriter
	conn net.Conn
}

func (h hijackable) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(bufio.NewReader(h.conn), bufio.NewWriter(h.conn)), nil
}

func handshake(edit func(r *http.Request)) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Connection", "keep-alive, Upgrade")
	r.Header.Set("Upgrade", "WebSocket")
	r.Header.Set("Sec-WebSocket-Version", "13")
	r.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	if edit != nil {
		edit(r)
	}
	return r
}

// upgraded returns a connection that reads what the bytes say and then nothing.
func upgraded(tb testing.TB, limit int, data string) *ws.Conn {
	tb.Helper()
	near, far := memnet.Pipe(0)
	c, err := ws.Upgrade(hijackable{httptest.NewRecorder(), near}, handshake(nil), limit)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := io.WriteString(far, data); err != nil {
		tb.Fatal(err)
	}
	if err := far.Close(); err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestUpgradeAnswersAsTheRFCsExample(t *testing.T) {
	near, far := memnet.Pipe(0)
	if _, err := ws.Upgrade(hijackable{httptest.NewRecorder(), near}, handshake(nil), 1); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(far), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := response.Header.Get("Sec-WebSocket-Accept"); response.StatusCode != http.StatusSwitchingProtocols || got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("want 101 with the accept of section 1.3, got %d with %q", response.StatusCode, got)
	}
}

func TestUpgradeRefusesWhatIsNoHandshake(t *testing.T) {
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for _, tt := range []struct {
		name   string
		edit   func(r *http.Request)
		status int
	}{
		{"a POST", func(r *http.Request) { r.Method = http.MethodPost }, http.StatusMethodNotAllowed},
		{"no upgrade", header("Upgrade", "h2c"), http.StatusUpgradeRequired},
		{"no Connection header", header("Connection", "close"), http.StatusUpgradeRequired},
		{"an old version", header("Sec-WebSocket-Version", "8"), http.StatusBadRequest},
		{"a short key", header("Sec-WebSocket-Key", "AAAA"), http.StatusBadRequest},
		{"no key", header("Sec-WebSocket-Key", ""), http.StatusBadRequest},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			if _, err := ws.Upgrade(w, handshake(tt.edit), 1); err == nil || w.Code != tt.status {
				t.Errorf("want %d and an error, got %d, %v", tt.status, w.Code, err)
			}
		})
	}
	w := httptest.NewRecorder() // which cannot be hijacked
	if _, err := ws.Upgrade(w, handshake(nil), 1); err == nil || w.Code != http.StatusInternalServerError {
		t.Errorf("want 500 and an error, got %d, %v", w.Code, err)
	}
}

func TestFramesThatBreakTheProtocolHaveACloseCode(t *testing.T) {
	const text, more, final, ping = 0x01, 0x00, 0x80, 0x09
	for _, tt := range []struct {
		name, data string
		code       int
		says       string
	}{
		{"not masked", "\x81\x01x", ws.CodeProtocolError, "masked"},
		{"a reserved bit", frame(final|0x40|text, ""), ws.CodeProtocolError, "reserved"},
		{"an unknown opcode", frame(final|0x03, ""), ws.CodeProtocolError, "opcode 0x3"},
		{"an unknown control opcode", frame(final|0x0B, ""), ws.CodeProtocolError, "opcode 0xb"},
		{"a fragmented ping", frame(ping, ""), ws.CodeProtocolError, "control frame"},
		{"a long close", "\x88\xfe\x00\x7e", ws.CodeProtocolError, "control frame"},
		{"a continuation of nothing", frame(final|more, ""), ws.CodeProtocolError, "continuation"},
		{"a message inside another", frame(text, "a") + frame(final|text, "b"), ws.CodeProtocolError, "fragmented"},
		{"a message above the limit", frame(final|text, "0123456789x"), ws.CodeTooBig, "10 bytes"},
		{"fragments above the limit", frame(text, "012345") + frame(final|more, "67890"), ws.CodeTooBig, "10 bytes"},
		{"a length beyond reason", "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff" + string(mask[:]), ws.CodeTooBig, "10 bytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := upgraded(t, 10, tt.data).Read()
			var broken *ws.Error
			if !errors.As(err, &broken) || broken.Code != tt.code || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("want code %d and %q, got %v", tt.code, tt.says, err)
			}
		})
	}
}

func TestAStreamThatEndsWithinAFrameIsAnErrorEverywhere(t *testing.T) {
	whole := "\x81\xfe\x00\x7e" + string(mask[:]) + strings.Repeat("x", 126)
	for n := range len(whole) {
		if _, err := upgraded(t, 1000, whole[:n]).Read(); !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
}

func TestClosePayloads(t *testing.T) {
	for _, tt := range []struct {
		payload string
		code    int
		reason  string
		bad     bool
	}{
		{"", ws.CodeNoStatus, "", false},
		{"\x0f", 0, "", true},
		{"\x0f\xa0", 4000, "", false},
		{"\x03\xe8bye", 1000, "bye", false},
	} {
		code, reason, err := ws.ParseClose([]byte(tt.payload))
		if code != tt.code || reason != tt.reason || (err != nil) != tt.bad {
			t.Errorf("%q: want %d %q, got %d %q, %v", tt.payload, tt.code, tt.reason, code, reason, err)
		}
	}
	if got := ws.AppendClose(nil, ws.CodeNoStatus, "unsaid"); !bytes.Equal(got, []byte{0x88, 0}) {
		t.Errorf("no status: want an empty close frame, got %x", got)
	}
}

func TestOpcodesHaveNames(t *testing.T) {
	for op, want := range map[ws.Opcode]string{
		ws.OpContinuation: "continuation", ws.OpText: "text", ws.OpBinary: "binary",
		ws.OpClose: "close", ws.OpPing: "ping", ws.OpPong: "pong", 7: "opcode 0x7",
	} {
		if got := fmt.Sprint(op); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(frame(0x81, "text") + frame(0x89, "ping") + frame(0x01, "a") + frame(0x80, "b")))
	f.Add([]byte("\x81\xfe\x00\x7e" + string(mask[:])))
	f.Add([]byte(frame(0x88, "\x0f\xa0")))
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 100
		c := upgraded(t, limit, string(data))
		for read := 0; ; read++ {
			m, err := c.Read()
			if err != nil {
				return
			}
			if len(m.Payload) > max(limit, 125) || read > len(data) {
				t.Fatalf("message %d: %s of %d bytes out of %d", read, m.Op, len(m.Payload), len(data))
			}
		}
	})
}
