package gatewaysim_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
	"github.com/shardbaton/baton/internal/gatewaysim/memnet"
	"github.com/shardbaton/baton/internal/gatewaysim/simtest"
)

// Opcodes as a client sees them.
const (
	dispatch       = 0
	heartbeat      = 1
	identify       = 2
	resume         = 6
	reconnect      = 7
	invalidSession = 9
	hello          = 10
	heartbeatACK   = 11
)

// everything are the intents for all that the gateway sends.
const everything = gatewaysim.IntentGuilds | gatewaysim.IntentGuildMembers |
	gatewaysim.IntentGuildMessages | gatewaysim.IntentMessageContent

var token = gatewaysim.Token(gatewaysim.DefaultApplication)

// world is a gateway on a network in memory, inside a synctest bubble.
type world struct {
	*simtest.Sim
	t         *testing.T
	listener  *memnet.Listener
	transport *http.Transport
}

// inWorld runs a test against a gateway. Time is simulated, and the bubble fails
// the test when a goroutine is left over.
func inWorld(t *testing.T, cfg gatewaysim.Config, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen(0)
		w := &world{t: t, listener: listener, transport: &http.Transport{DialContext: listener.DialContext}}
		w.Sim = simtest.StartOn(t, cfg, listener)
		test(w)
		w.transport.CloseIdleConnections()
	})
}

// payload is one message from the gateway.
type payload struct {
	Op int             `json:"op"`
	S  int             `json:"s"`
	T  string          `json:"t"`
	D  json.RawMessage `json:"d"`
}

// number is the event's number, or 0 for what carries none.
func (p payload) number() uint64 {
	number, _ := p.numbers()
	return number
}

// numbers are the event's number and that of the event that changed the same
// thing before.
func (p payload) numbers() (number, previous uint64) {
	var d struct{ Content, Description, Nick string }
	if json.Unmarshal(p.D, &d) != nil {
		return 0, 0
	}
	switch p.T {
	case "MESSAGE_CREATE":
		number, previous, _ = ledger.ParseText(d.Content)
	case "GUILD_UPDATE":
		number, previous, _ = ledger.ParseText(d.Description)
	case "GUILD_MEMBER_UPDATE":
		number, previous, _ = ledger.ParseText(d.Nick)
	}
	return number, previous
}

// client is a bare client: it does nothing by itself.
type client struct {
	t         *testing.T
	conn      *websocket.Conn
	decode    func([]byte) []byte
	session   string
	resumeURL string
	last      int // the highest sequence received
}

// dial connects with the usual query and what is to be added to it.
func (w *world) dial(more string) (*client, error) {
	return w.dialAt("/?v=10&encoding=json" + more)
}

func (w *world) dialAt(path string) (*client, error) {
	conn, _, err := websocket.Dial(context.Background(), w.URLs.Gateway+path,
		&websocket.DialOptions{HTTPClient: &http.Client{Transport: w.transport}})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(1 << 20)
	w.t.Cleanup(func() { _ = conn.CloseNow() })
	return &client{t: w.t, conn: conn, decode: func(b []byte) []byte { return b }}, nil
}

// connect dials and reads HELLO.
func (w *world) connect() *client {
	w.t.Helper()
	c, err := w.dial("")
	if err != nil {
		w.t.Fatal(err)
	}
	c.expect(hello)
	return c
}

// begin connects and identifies, and reads until the last guild.
func (w *world) begin(shard, shards int) *client {
	w.t.Helper()
	c := w.connect()
	c.identify(shard, shards)
	c.ready()
	return c
}

// receive reads one payload or returns the error that ended the connection.
func (c *client) receive() (payload, error) {
	_, data, err := c.conn.Read(context.Background())
	if err != nil {
		return payload{}, err
	}
	var p payload
	if err := json.Unmarshal(c.decode(data), &p); err != nil {
		return payload{}, fmt.Errorf("not JSON: %w", err)
	}
	if p.Op == dispatch {
		c.last = p.S
	}
	return p, nil
}

func (c *client) next() payload {
	c.t.Helper()
	p, err := c.receive()
	if err != nil {
		c.t.Fatal(err)
	}
	return p
}

// expect reads one payload and fails unless it has the opcode.
func (c *client) expect(op int) payload {
	c.t.Helper()
	p := c.next()
	if p.Op != op {
		c.t.Fatalf("want opcode %d, got %d %s %.200s", op, p.Op, p.T, p.D)
	}
	return p
}

// event reads until the next numbered event.
func (c *client) event() payload {
	c.t.Helper()
	for {
		if p := c.next(); p.number() != 0 {
			return p
		}
	}
}

// closed reads until the connection ends and fails unless it ends with the code.
func (c *client) closed(code int) {
	c.t.Helper()
	for {
		_, err := c.receive()
		var end websocket.CloseError
		switch {
		case err == nil:
			continue
		case !errors.As(err, &end):
			c.t.Fatalf("want close code %d, got %v", code, err)
		case int(end.Code) != code:
			c.t.Fatalf("want close code %d, got %d (%s)", code, end.Code, end.Reason)
		}
		return
	}
}

func (c *client) send(op int, d any) {
	c.t.Helper()
	data, err := json.Marshal(map[string]any{"op": op, "d": d})
	if err != nil {
		c.t.Fatal(err)
	}
	c.sendText(string(data))
}

func (c *client) sendText(text string) {
	c.t.Helper()
	if err := c.conn.Write(context.Background(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) identify(shard, shards int) {
	c.t.Helper()
	c.send(identify, map[string]any{"token": token, "intents": everything, "shard": [2]int{shard, shards}})
}

func (c *client) resume(session string, sequence int) {
	c.t.Helper()
	c.send(resume, map[string]any{"token": token, "session_id": session, "seq": sequence})
}

// ready reads READY and all guilds.
func (c *client) ready() {
	c.t.Helper()
	var d struct {
		Session   string            `json:"session_id"`
		ResumeURL string            `json:"resume_gateway_url"`
		Guilds    []json.RawMessage `json:"guilds"`
	}
	p := c.expect(dispatch)
	if p.T != "READY" || p.S != 1 {
		c.t.Fatalf("want READY with sequence 1, got %s with %d", p.T, p.S)
	}
	if err := json.Unmarshal(p.D, &d); err != nil {
		c.t.Fatal(err)
	}
	c.session, c.resumeURL = d.Session, d.ResumeURL
	for i := range d.Guilds {
		if p := c.expect(dispatch); p.T != "GUILD_CREATE" || p.S != i+2 {
			c.t.Fatalf("want GUILD_CREATE with sequence %d, got %s with %d", i+2, p.T, p.S)
		}
	}
}

// untilResumed reads to RESUMED and returns the numbers of the events before it.
func (c *client) untilResumed() []uint64 {
	c.t.Helper()
	var numbers []uint64
	for {
		p := c.expect(dispatch)
		if p.T == "RESUMED" {
			if p.S == 0 {
				c.t.Fatal("RESUMED has no sequence")
			}
			return numbers
		}
		numbers = append(numbers, p.number())
	}
}

// close closes with a code and waits for the echo.
func (c *client) close(code int) {
	c.t.Helper()
	if err := c.conn.Close(websocket.StatusCode(code), ""); err != nil && !strings.Contains(err.Error(), "EOF") {
		c.t.Fatal(err)
	}
}

// elapse lets simulated time pass.
func elapse(d time.Duration) { <-time.After(d) }

// await waits for a state of the gateway.
func (w *world) await(what string, done func(gatewaysim.Stats) bool) gatewaysim.Stats {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	st, err := w.Await(ctx, done)
	if err != nil {
		w.t.Fatalf("never: %s; the gateway has %+v", what, st)
	}
	return st
}
