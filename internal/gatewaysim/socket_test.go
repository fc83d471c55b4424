package gatewaysim_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ws"
)

func TestAPingIsAnswered(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		c := w.connect()
		reading := c.conn.CloseRead(w.t.Context()) // Ping needs a reader
		if err := c.conn.Ping(w.t.Context()); err != nil {
			t.Error(err)
		}
		_ = c.conn.CloseNow()
		<-reading.Done()
	})
}

func TestAFrameThatBreaksTheProtocolIsAnsweredWithItsCloseCode(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		conn, err := w.listener.Dial(w.t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		const handshake = "GET /?v=10 HTTP/1.1\r\nHost: memory\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
		if _, err := io.WriteString(conn, handshake+"\x81\x02{}"); err != nil { // not masked
			t.Fatal(err)
		}
		begin := time.Now()
		in := bufio.NewReader(conn)
		response, err := http.ReadResponse(in, nil)
		if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
			t.Fatalf("want 101, got %v, %v", response, err)
		}
		got, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if want := ws.AppendClose(nil, ws.CodeProtocolError, "a client's frame must be masked"); !bytes.HasSuffix(got, want) {
			t.Errorf("want close code 1002 at the end, got %q", got)
		}
		if took := time.Since(begin); took != time.Second {
			t.Errorf("want the connection to be cut 1 s after the unanswered close frame, took %v", took)
		}
	})
}
