package simulate

import (
	"net"
	"syscall"
	"time"
)

// conn is one end of a connection.
type conn struct {
	net     *network
	in, out *lane
}

// Read implements [net.Conn].
func (c *conn) Read(p []byte) (int, error) { return c.in.read(p) }

// Write implements [net.Conn].
func (c *conn) Write(p []byte) (int, error) { return c.out.write(p) }

// Close ends both ways; what was written arrives.
func (c *conn) Close() error {
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	c.out.finish()
	c.in.abandon()
	return nil
}

// LocalAddr implements [net.Conn].
func (c *conn) LocalAddr() net.Addr { return &net.UnixAddr{Name: c.in.to.name, Net: "unix"} }

// RemoteAddr implements [net.Conn].
func (c *conn) RemoteAddr() net.Addr { return &net.UnixAddr{Name: c.in.from.name, Net: "unix"} }

// SetDeadline implements [net.Conn].
func (c *conn) SetDeadline(t time.Time) error {
	_ = c.SetReadDeadline(t) // neither fails
	return c.SetWriteDeadline(t)
}

// SetReadDeadline implements [net.Conn].
func (c *conn) SetReadDeadline(t time.Time) error {
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	c.in.readLimit = t
	c.in.signal()
	return nil
}

// SetWriteDeadline implements [net.Conn].
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	c.out.writeLimit = t
	return nil
}

// tie is a connection: its slave's end, its master's end, and their lanes.
type tie struct {
	host   *host // the slave's
	name   string
	up     *lane // slave to master
	down   *lane
	broken bool
}

// ended tells whether nobody holds an end any more.
func (t *tie) ended() bool {
	return t.broken || t.up.writeErr != nil && t.down.writeErr != nil
}

// sever breaks the connection: what is on its way is lost, and each side finds out
// after a time of its own.
func (t *tie) sever(n *network, slave, master time.Duration) {
	if t.broken {
		return
	}
	t.broken = true
	t.up.lose()
	t.down.lose()
	n.clock.after(slave, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.diary.note("net  %s: reset at the slave", t.name)
		t.up.failWrite(syscall.ECONNRESET)
		t.down.failRead(syscall.ECONNRESET)
	})
	n.clock.after(master, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.diary.note("net  %s: reset at the master", t.name)
		t.down.failWrite(syscall.ECONNRESET)
		t.up.failRead(syscall.ECONNRESET)
	})
}
