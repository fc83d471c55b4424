package batondisgo

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/gorilla/websocket"

	"github.com/shardbaton/baton/slaveclient"
)

// linked is a link with gorilla's websocket on disgo's end and a bare connection
// on Discord's.
type linked struct {
	*link
	client  *websocket.Conn
	server  net.Conn
	handled atomic.Int64
	closing atomic.Int32
	beats   atomic.Int32
	barred  atomic.Bool
}

func (l *linked) may() error {
	if l.barred.Load() {
		return slaveclient.ErrLeaseOver
	}
	return nil
}

func newLinked(t *testing.T) *linked {
	t.Helper()
	l := new(linked)
	l.link = newLink(l.handled.Load, func() { l.closing.Add(1) }, func() { l.beats.Add(1) }, l.may)
	dialer := websocket.Dialer{NetDialContext: func(context.Context, string, string) (net.Conn, error) { return l.link, nil }}
	client, _, err := dialer.DialContext(testContext(t), parkedURL+"?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	l.client = client
	t.Cleanup(func() { l.end(errReleased) })
	return l
}

// joinPipe joins the link to the server's end of a TCP connection.
func (l *linked) joinTCP(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	near, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = near.Close(), far.Close() })
	l.server = far
	_ = far.SetDeadline(time.Now().Add(limit))
	if !l.join(&upstream{Conn: near, in: bufio.NewReader(near)}) {
		t.Fatal("want the link joined")
	}
}

// receive reads one frame of disgo's at the server.
func (l *linked) receive(t *testing.T) (opcode byte, payload string) {
	t.Helper()
	head := make([]byte, 2+maskBytes)
	if _, err := io.ReadFull(l.server, head); err != nil {
		t.Fatal(err)
	}
	body := make([]byte, head[1]&^maskBit)
	if _, err := io.ReadFull(l.server, body); err != nil {
		t.Fatal(err)
	}
	opcode, data, ok := smallFrame(append(head, body...))
	if !ok {
		t.Fatalf("not a short client frame: %x", append(head, body...))
	}
	return opcode, string(data)
}

func TestAParkedLinkTakesTheUpgradeAndWaits(t *testing.T) {
	l := newLinked(t)
	select {
	case <-l.parked:
	default:
		t.Fatal("want the link parked")
	}
	if want := "v=10&encoding=json"; l.query != want {
		t.Errorf("want query %q, got %q", want, l.query)
	}
	read := make(chan error, 1)
	go func() {
		_, data, err := l.client.ReadMessage()
		if err == nil && string(data) != "hello" {
			err = errors.New("read " + string(data))
		}
		read <- err
	}()
	l.joinTCP(t)
	if _, err := l.server.Write(serverFrame(opText, []byte("hello"))); err != nil {
		t.Fatal(err)
	}
	if err := <-read; err != nil {
		t.Error(err)
	}
}

func TestAHeartbeatAcknowledgesOnlyWhatWasHandled(t *testing.T) {
	for _, test := range []struct {
		name     string
		received string
		handled  int64
		want     string
	}{
		{"an event that is not handled yet is left out", `{"op":1,"d":10}`, 9, `{"op":1,"d":9}`},
		{"what disgo says is never exceeded", `{"op":1,"d":10}`, 12, `{"op":1,"d":10}`},
		{"before the first event", `{"op":1,"d":1}`, 0, `{"op":1,"d":0}`},
		{"other payloads pass as they are", `{"op":4,"d":null}`, 0, `{"op":4,"d":null}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLinked(t)
			l.joinTCP(t)
			l.handled.Store(test.handled)
			if err := l.client.WriteMessage(websocket.TextMessage, []byte(test.received)); err != nil {
				t.Fatal(err)
			}
			if _, got := l.receive(t); got != test.want {
				t.Errorf("want %s, got %s", test.want, got)
			}
			if want := int32(strings.Count(test.received, `"op":1,`)); l.beats.Load() != want {
				t.Errorf("want %d heartbeats noted, got %d", want, l.beats.Load())
			}
		})
	}
}

func TestDisgoCannotEndASession(t *testing.T) {
	l := newLinked(t)
	l.joinTCP(t)
	if err := l.client.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, "Shutting down")); err != nil {
		t.Fatal(err)
	}
	_ = l.client.Close()
	if l.closing.Load() != 1 || !l.isOver() {
		t.Fatalf("want one close noted and the link over, got %d, %v", l.closing.Load(), l.isOver())
	}
	done := make(chan int, 1)
	go func() { done <- l.finish(resumableCode, limit) }()
	opcode, payload := l.receive(t)
	if opcode != opClose || payload != "\x0f\xa0" {
		t.Errorf("want a close frame with 4000, got opcode %d, payload %x", opcode, payload)
	}
	if _, err := l.server.Write(serverFrame(opClose, []byte(payload))); err != nil {
		t.Fatal(err)
	}
	if code := <-done; code != resumableCode {
		t.Errorf("want the answer's code, got %d", code)
	}
	if _, err := l.server.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("want the socket closed, got %v", err)
	}
}

// joinTLS is joinTCP under TLS, whose deadlines are another matter.
func (l *linked) joinTLS(t *testing.T) {
	t.Helper()
	l.joinTCP(t)
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	t.Cleanup(server.Close)
	client := server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	client.ServerName = "example.com"
	far := tls.Server(l.server, server.TLS)
	l.server = far
	secure := tls.Client(l.up.Conn, client)
	shaken := make(chan error, 1)
	go func() { shaken <- far.HandshakeContext(testContext(t)) }()
	if err := errors.Join(secure.HandshakeContext(testContext(t)), <-shaken); err != nil {
		t.Fatal(err)
	}
	l.up = &upstream{Conn: secure, in: bufio.NewReader(secure)}
}

func TestFinishDropsWhatIsStillOnItsWay(t *testing.T) {
	for name, join := range map[string]func(*linked, *testing.T){"over TCP": (*linked).joinTCP, "over TLS": (*linked).joinTLS} {
		t.Run(name, func(t *testing.T) { testFinishDrops(t, join) })
	}
}

func testFinishDrops(t *testing.T, join func(*linked, *testing.T)) {
	t.Helper()
	l := newLinked(t)
	join(l, t)
	// disgo is waiting for the next frame when the shard is let go.
	if _, err := l.server.Write(serverFrame(opText, []byte("first"))); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.client.ReadMessage(); err != nil {
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go func() {
		_, _, err := l.client.ReadMessage()
		read <- err
	}()
	done := make(chan int, 1)
	go func() { done <- l.finish(resumableCode, limit) }()
	l.receive(t)
	for range 100 {
		if _, err := l.server.Write(serverFrame(opText, make([]byte, 5000))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.server.Write(serverFrame(opClose, []byte{0x0f, 0xa0})); err != nil {
		t.Fatal(err)
	}
	if code := <-done; code != 4000 {
		t.Errorf("want 4000, got %d", code)
	}
	if err := <-read; !errors.Is(err, net.ErrClosed) {
		t.Errorf("want disgo to read nothing more, got %v", err)
	}
}

func TestFinishDoesNotWaitForASilentServer(t *testing.T) {
	l := newLinked(t)
	l.joinTCP(t)
	read := make(chan error, 1)
	go func() {
		_, _, err := l.client.ReadMessage()
		read <- err
	}()
	if code := l.finish(resumableCode, time.Millisecond); code != 0 {
		t.Errorf("want no code, got %d", code)
	}
	if err := <-read; !errors.Is(err, net.ErrClosed) {
		t.Errorf("want disgo's read ended, got %v", err)
	}
}

func TestTheServersCloseCodeIsKept(t *testing.T) {
	l := newLinked(t)
	l.joinTCP(t)
	if _, err := l.server.Write(serverFrame(opClose, websocket.FormatCloseMessage(4009, ""))); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.client.ReadMessage(); !websocket.IsCloseError(err, 4009) {
		t.Errorf("want disgo to get close code 4009, got %v", err)
	}
	if code := l.finish(resumableCode, limit); code != 4009 {
		t.Errorf("want 4009, got %d", code)
	}
}

func TestACutEndsTheLink(t *testing.T) {
	l := newLinked(t)
	l.joinTCP(t)
	_ = l.server.Close()
	_, _, err := l.client.ReadMessage()
	// Each keeps disgo from one kind of reconnecting.
	for _, want := range []error{net.ErrClosed, discord.ErrGatewayAlreadyConnected, syscall.EPIPE} {
		if !errors.Is(err, want) {
			t.Errorf("want %v to be %v", err, want)
		}
	}
	<-l.over
	if !errors.Is(l.why(), io.EOF) {
		t.Errorf("want the end of the stream as the reason, got %v", l.why())
	}
}

func TestNothingPassesOnceALinkIsOver(t *testing.T) {
	l := newLinked(t)
	l.end(errReleased)
	if l.join(new(upstream)) {
		t.Error("want no join")
	}
	if _, err := l.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Read: want it over, got %v", err)
	}
	if _, err := l.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Write: want it over, got %v", err)
	}
}

func TestNothingIsWrittenWithoutALease(t *testing.T) {
	l := newLinked(t)
	l.joinTCP(t)
	if err := l.client.WriteMessage(websocket.TextMessage, []byte("held")); err != nil {
		t.Fatal(err)
	}
	if _, payload := l.receive(t); payload != "held" {
		t.Errorf("got %q", payload)
	}
	l.barred.Store(true)
	if err := l.client.WriteMessage(websocket.TextMessage, []byte("over")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Write: want it over, got %v", err)
	}
	if !errors.Is(l.why(), slaveclient.ErrLeaseOver) {
		t.Errorf("the link is over because of %v", l.why())
	}
	go l.finish(resumableCode, time.Second)
	if opcode, _ := l.receive(t); opcode != opClose {
		t.Errorf("got opcode %d, want the close alone", opcode)
	}
}

// upgrader answers WebSocket upgrades and sends what it has to send first.
func upgrader(first []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		up := websocket.Upgrader{}
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		if first != nil {
			_ = conn.WriteMessage(websocket.TextMessage, first)
		}
		_, _, _ = conn.ReadMessage()
	}
}

func TestUpgradesOverTLS(t *testing.T) {
	server := httptest.NewTLSServer(upgrader([]byte("hello")))
	t.Cleanup(server.Close)
	roots := server.Client().Transport.(*http.Transport).TLSClientConfig
	d := dialer{dial: new(net.Dialer).DialContext, tls: roots}
	up, err := d.open(testContext(t), strings.Replace(server.URL, "https", "wss", 1), "v=10")
	if err != nil {
		t.Fatal(err)
	}
	defer up.Close()
	got := make([]byte, len(serverFrame(opText, []byte("hello"))))
	if _, err := io.ReadFull(up, got); err != nil || string(got[2:]) != "hello" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAFailedUpgradeSaysWhy(t *testing.T) {
	refusing := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(refusing.Close)
	lying := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Sec-WebSocket-Accept", "wrong")
		w.WriteHeader(http.StatusSwitchingProtocols)
	}))
	t.Cleanup(lying.Close)
	d := dialer{dial: new(net.Dialer).DialContext, tls: new(tls.Config)}
	ws := func(s *httptest.Server) string { return strings.Replace(s.URL, "http", "ws", 1) }
	for url, want := range map[string]string{
		ws(refusing):           "want status 101, got 404",
		ws(lying):              "Sec-WebSocket-Accept",
		"http://example.com":   "want ws://host or wss://host",
		"ws://":                "want ws://host or wss://host",
		"ws://127.0.0.1:1/x?y": "dial 127.0.0.1:1",
	} {
		_, err := d.open(testContext(t), url, "")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want an error with %q, got %v", url, want, err)
		}
	}
}

func TestASilentGatewayDoesNotCountAsOpen(t *testing.T) {
	server := httptest.NewServer(upgrader(nil))
	t.Cleanup(server.Close)
	d := dialer{dial: new(net.Dialer).DialContext, tls: new(tls.Config)}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err := d.open(ctx, strings.Replace(server.URL, "http", "ws", 1), "")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("want the deadline, got %v", err)
	}
}
