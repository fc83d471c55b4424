package ws_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/coder/websocket"

	"github.com/shardbaton/baton/internal/gatewaysim/memnet"
	"github.com/shardbaton/baton/internal/gatewaysim/ws"
)

// serve upgrades one connection, hands it to the server's side of the test, and
// gives the client's side a real client.
func serve(t *testing.T, server func(c *ws.Conn), client func(t *testing.T, c *websocket.Conn)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen(0)
		done := make(chan struct{})
		s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer close(done)
			c, err := ws.Upgrade(w, r, 1<<20)
			if err != nil {
				t.Error(err)
				return
			}
			server(c)
			_ = c.Close()
		})}
		ended := make(chan error)
		go func() { ended <- s.Serve(listener) }()
		transport := &http.Transport{DialContext: listener.DialContext}
		c, _, err := websocket.Dial(t.Context(), "ws://memory", &websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
		if err != nil {
			t.Fatal(err)
		}
		c.SetReadLimit(1 << 20)
		client(t, c)
		_ = c.CloseNow()
		<-done
		_ = s.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
}

func TestMessagesOfEverySizeGoBothWays(t *testing.T) {
	sizes := []int{0, 1, 125, 126, 127, 65535, 65536, 1 << 20}
	serve(t, func(c *ws.Conn) {
		for range sizes {
			m, err := c.Read()
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := c.Write(ws.Append(nil, m.Op, m.Payload)); err != nil {
				t.Error(err)
			}
		}
	}, func(t *testing.T, c *websocket.Conn) {
		for i, size := range sizes {
			kind := []websocket.MessageType{websocket.MessageText, websocket.MessageBinary}[i%2]
			want := bytes.Repeat([]byte("abc"), size)[:size]
			if err := c.Write(t.Context(), kind, want); err != nil {
				t.Fatal(err)
			}
			got, data, err := c.Read(t.Context())
			if err != nil || got != kind || !bytes.Equal(data, want) {
				t.Errorf("%d bytes: %v of %d bytes came back, %v", size, got, len(data), err)
			}
		}
	})
}

func TestControlFramesComeBetweenTheFragmentsOfAMessage(t *testing.T) {
	var got []string
	serve(t, func(c *ws.Conn) {
		for {
			m, err := c.Read()
			if err != nil {
				return
			}
			text := string(m.Payload)
			switch m.Op {
			case ws.OpPing:
				text = "" // the client chooses it
				if _, err := c.Write(ws.Append(nil, ws.OpPong, m.Payload)); err != nil {
					t.Error(err)
				}
			case ws.OpClose:
				code, reason, err := ws.ParseClose(m.Payload)
				if err != nil || code != 4000 {
					t.Errorf("close: %d, %v", code, err)
				}
				text = reason
				if _, err := c.Write(ws.AppendClose(nil, code, "")); err != nil {
					t.Error(err)
				}
			}
			got = append(got, m.Op.String()+" "+text)
		}
	}, func(t *testing.T, c *websocket.Conn) {
		w, err := c.Writer(t.Context(), websocket.MessageText)
		if err != nil {
			t.Fatal(err)
		}
		put := func(text string) {
			if _, err := io.WriteString(w, text); err != nil {
				t.Fatal(err)
			}
		}
		put("first ")
		reading := c.CloseRead(t.Context()) // Ping needs a reader
		if err := c.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		put("second")
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(4000, "enough"); err != nil {
			t.Error(err)
		}
		<-reading.Done()
	})
	if want := []string{"ping ", "text first second", "close enough"}; strings.Join(got, ",") != strings.Join(want, ",") {
		t.Errorf("want %q, got %q", want, got)
	}
}

func TestAClientGetsTheCloseCode(t *testing.T) {
	serve(t, func(c *ws.Conn) {
		if _, err := c.Write(ws.AppendClose(nil, 4009, strings.Repeat("x", 200))); err != nil {
			t.Error(err)
		}
		if m, err := c.Read(); err != nil || m.Op != ws.OpClose {
			t.Errorf("want the client's answer, got %v, %v", m, err)
		}
	}, func(t *testing.T, c *websocket.Conn) {
		_, _, err := c.Read(context.Background())
		var end websocket.CloseError
		if !errors.As(err, &end) || end.Code != 4009 || end.Reason != strings.Repeat("x", 123) {
			t.Errorf("want 4009 with a reason that was cut, got %v", err)
		}
	})
}
