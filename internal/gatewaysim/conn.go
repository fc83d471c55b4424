package gatewaysim

import (
	"encoding/json"
	"net/http"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/internal/gatewaysim/ws"
)

// conn is one WebSocket connection. Two goroutines serve it: the reader, which is
// the HTTP handler's, and the writer, which alone writes and which ends the
// connection.
type conn struct {
	gw        *Gateway
	id        uint64
	out       encoder
	resumeURL []byte // as JSON, for READY

	wake chan struct{} // something changed for the writer
	over chan struct{} // closed when the reader has ended

	// Set under gw.mu, once, before the loops begin, which then need no lock for it.
	ws *ws.Conn

	// Guarded by gw.mu.
	session  *session  // nil before IDENTIFY or RESUME, and after the end
	cursor   int       // the sequence to send next
	resumed  int       // sequence of this connection's RESUMED; older ones are not for it
	held     int       // index of the entry in the ledger, while there is a session
	control  [][]byte  // payloads that go before dispatches
	acks     time.Time // when to send the pending ACKs
	pending  int       // how many
	pongs    [][]byte  // answers to pings
	opened   time.Time // when it was, until it is authenticated
	beat     time.Time // of the last heartbeat
	asked    int       // up to which sequence a heartbeat was asked for
	frozen   bool      // nothing is sent
	cut      bool      // end without a close frame
	closing  *closing
	sendings window
}

// closing is how a connection ends.
type closing struct {
	code   int
	reason string
	echo   bool // the client closed; this is the answer
}

// lingerFor is how long the gateway waits for a client to answer a close frame
// before it cuts the connection.
const lingerFor = time.Second

// poke wakes the writer.
func (c *conn) poke() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// hurry makes a write that blocks, because the client does not read, end at the
// deadline. The caller holds gw.mu.
func (c *conn) hurry(deadline time.Time) {
	if c.ws != nil {
		_ = c.ws.SetWriteDeadline(deadline) // fails only when the connection is closed
	}
}

// send queues a payload that is not a dispatch. The caller holds gw.mu.
func (c *conn) send(payload []byte) {
	c.control = append(c.control, payload)
	c.poke()
}

// serveSocket upgrades a request and serves the connection until it ends.
func (g *Gateway) serveSocket(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if encoding := query.Get("encoding"); encoding != "" && encoding != "json" {
		g.fail(w, http.StatusBadRequest, "encoding="+encoding+" is not spoken here; want json")
		return
	}
	out, err := newEncoder(query.Get("compress"))
	if err != nil {
		g.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	defer out.close()
	// Clients come back to the address that they reached.
	resumeURL, err := json.Marshal(URLsOf(r.Host).Gateway + resumePath)
	if err != nil {
		g.fail(w, http.StatusBadRequest, "Host: "+err.Error())
		return
	}
	c := &conn{
		gw: g, out: out, resumeURL: resumeURL,
		wake: make(chan struct{}, 1), over: make(chan struct{}),
		sendings: window{limit: g.cfg.SendLimit, length: g.cfg.SendWindow},
	}
	if !g.admit(c) {
		g.fail(w, http.StatusServiceUnavailable, "connections are refused at the moment")
		return
	}
	defer g.release(c)
	socket, err := ws.Upgrade(w, r, maxFrame)
	if err != nil {
		return
	}
	g.begin(c, socket, query.Get("v"))
	written := make(chan struct{})
	go func() {
		defer close(written)
		c.write()
	}()
	err = c.read()
	g.mu.Lock()
	g.detach(c, time.Now())
	g.mu.Unlock()
	close(c.over)
	<-written
	g.logger.Debug("connection ended", zap.Uint64("connection", c.id), zap.Error(err))
}

// maxFrame is the largest message that is read at all; what is above maxPayload
// and below this gets Discord's close code rather than WebSocket's.
const maxFrame = 1 << 20

// admit counts a connection in, unless connections are refused.
func (g *Gateway) admit(c *conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopping || g.faults.refuseConnections != 0 {
		if g.faults.refuseConnections > 0 {
			g.faults.refuseConnections--
		}
		g.counters.ConnectionsRefused++
		return false
	}
	g.counters.Connections++
	c.id = g.counters.Connections
	g.conns[c] = struct{}{}
	g.live.Add(1)
	return true
}

func (g *Gateway) release(c *conn) {
	g.mu.Lock()
	delete(g.conns, c)
	g.notify()
	g.mu.Unlock()
	g.live.Done()
}

// begin says HELLO, or refuses the API version.
func (g *Gateway) begin(c *conn, socket *ws.Conn, version string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c.ws, c.beat = socket, time.Now()
	c.opened = c.beat
	if version != "" && version != "10" {
		g.closeConn(c, CloseInvalidVersion, "Invalid API version; want v=10.", c.beat)
		return
	}
	if g.stopping {
		g.closeConn(c, CloseGoingAway, "The gateway stops.", c.beat)
		return
	}
	c.send(hello(g.cfg.HeartbeatInterval))
}

// window counts what happens within a sliding length of time.
type window struct {
	limit  int
	length time.Duration
	times  []time.Time
}

// add counts one more and tells whether the limit still holds.
func (w *window) add(now time.Time) bool {
	for len(w.times) > 0 && now.Sub(w.times[0]) >= w.length {
		w.times = w.times[1:]
	}
	w.times = append(w.times, now)
	return len(w.times) <= w.limit
}
