package batondisgo

import (
	"bytes"
	"io"
	"net"
	"sync"
	"time"
)

// writeWait bounds one write to Discord; a connection that takes longer is cut.
const writeWait = 10 * time.Second

// endOfHead ends the head of an HTTP request.
const endOfHead = "\r\n\r\n"

// link is the net.Conn that a disgo gateway takes for its connection to Discord.
//
// It answers the gateway's WebSocket upgrade by itself; from then on the gateway
// waits for HELLO: it is parked. [link.join] joins it to Discord, and bytes pass
// both ways. Once the link is over, for whatever reason, nothing passes any more,
// and its owner, who is not disgo, has to call [link.finish].
type link struct {
	// handled returns the sequence up to which events were handled.
	handled func() int64
	// closing is called when disgo wants to close a link that was not yet over,
	// from the goroutine in which it does.
	closing func()
	// beat is called when a heartbeat goes out.
	beat func()
	// may returns why nothing may be written now, or nil.
	may func() error

	parked chan struct{} // closed when disgo has asked for its upgrade
	joined chan struct{} // closed when up is set
	over   chan struct{} // closed when nothing passes any more

	mu     sync.Mutex // guards the fields down to cause
	ask    []byte     // disgo's upgrade request, as far as it has come
	answer []byte     // what disgo has not yet read of the answer
	query  string     // of disgo's request
	up     *upstream
	cause  error // why the link is over

	reading sync.Mutex // one reader of up: disgo, then finish
	seen    framing    // guarded by reading
	writing sync.Mutex // one writer to up: disgo, then finish
}

func newLink(handled func() int64, closing, beat func(), may func() error) *link {
	return &link{
		handled: handled,
		closing: closing,
		beat:    beat,
		may:     may,
		parked:  make(chan struct{}),
		joined:  make(chan struct{}),
		over:    make(chan struct{}),
	}
}

// join connects the link to Discord. It reports false when the link is over; the
// upstream is then still the caller's.
func (l *link) join(up *upstream) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil {
		return false
	}
	l.up = up
	close(l.joined)
	return true
}

// end makes the link be over, unless it already is. disgo's Read, blocked or
// next, returns an error that makes its read loop end.
func (l *link) end(cause error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil {
		return
	}
	l.cause = cause
	close(l.over)
	if l.up != nil {
		_ = l.up.SetReadDeadline(time.Unix(1, 0))
	}
}

// finish closes the connection to Discord: it sends the close code, unless
// Discord sent one, waits for Discord's close frame so that the session is
// certainly detached, but not longer than wait, and closes the socket. It returns
// Discord's close code: the answer to ours or, if Discord was first, its own. 0
// means that none came.
func (l *link) finish(code int, wait time.Duration) (theirs int) {
	l.end(errReleased)
	l.mu.Lock()
	up := l.up
	l.mu.Unlock()
	if up == nil {
		return 0
	}
	deadline := time.Now().Add(wait)
	_ = up.SetWriteDeadline(deadline)
	l.writing.Lock()
	_, err := up.Write(closeFrame(code))
	l.writing.Unlock()

	l.reading.Lock()
	defer l.reading.Unlock()
	_ = up.SetReadDeadline(deadline)
	buffer := make([]byte, 4096)
	for err == nil && !l.seen.over {
		var n int
		n, err = up.Read(buffer)
		l.seen.feed(buffer[:n])
	}
	_ = up.Close()
	return l.seen.closeCode()
}

// Read gives disgo the answer to its upgrade and then what Discord sends.
func (l *link) Read(p []byte) (int, error) {
	select {
	case <-l.parked:
	case <-l.over:
		return 0, l.severed()
	}
	if n := l.readAnswer(p); n > 0 {
		return n, nil
	}
	select {
	case <-l.joined:
	case <-l.over:
		return 0, l.severed()
	}
	l.reading.Lock()
	defer l.reading.Unlock()
	if l.isOver() {
		return 0, l.severed()
	}
	n, err := l.up.Read(p)
	l.seen.feed(p[:n])
	if err != nil {
		l.end(err)
	}
	if l.isOver() {
		return 0, l.severed()
	}
	return n, nil
}

func (l *link) readAnswer(p []byte) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := copy(p, l.answer)
	l.answer = l.answer[n:]
	return n
}

// Write takes disgo's upgrade request and then its frames.
func (l *link) Write(p []byte) (int, error) {
	select {
	case <-l.parked:
	default:
		return l.writeRequest(p)
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	if l.isOver() {
		return 0, l.severed()
	}
	select {
	case <-l.joined:
	default:
		return len(p), nil // a parked gateway that disgo closes
	}
	frame := p
	if opcode, payload, ok := smallFrame(p); ok {
		switch seq, beats := heartbeatSequence(payload); {
		case opcode == opClose:
			// Its code may be 1000, which would end the session.
			l.closing()
			return len(p), nil
		case opcode == opText && beats:
			l.beat()
			frame = heartbeatFrame(min(seq, l.handled()))
		}
	}
	if err := l.may(); err != nil {
		l.end(err)
		return 0, l.severed()
	}
	_ = l.up.SetWriteDeadline(time.Now().Add(writeWait))
	if _, err := l.up.Write(frame); err != nil {
		l.end(err)
		return 0, l.severed()
	}
	return len(p), nil
}

func (l *link) writeRequest(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil {
		return 0, &severed{l.cause}
	}
	l.ask = append(l.ask, p...)
	if !bytes.Contains(l.ask, []byte(endOfHead)) {
		return len(p), nil
	}
	query, answer, err := answerUpgrade(l.ask)
	if err != nil {
		return 0, err
	}
	l.query, l.answer, l.ask = query, answer, nil
	close(l.parked)
	return len(p), nil
}

// Close is how disgo says that it is done with the link.
func (l *link) Close() error {
	l.end(errByDisgo)
	return nil
}

func (l *link) isOver() bool {
	select {
	case <-l.over:
		return true
	default:
		return false
	}
}

// why returns what made the link be over.
func (l *link) why() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cause
}

func (l *link) severed() error { return &severed{l.why()} }

// The rest of net.Conn. disgo sets no deadlines; gorilla's websocket clears those
// of the dial and of each write, which this package sets by itself.

func (l *link) LocalAddr() net.Addr              { return linkAddr{} }
func (l *link) RemoteAddr() net.Addr             { return linkAddr{} }
func (l *link) SetDeadline(time.Time) error      { return nil }
func (l *link) SetReadDeadline(time.Time) error  { return nil }
func (l *link) SetWriteDeadline(time.Time) error { return nil }

type linkAddr struct{}

func (linkAddr) Network() string { return "baton" }
func (linkAddr) String() string  { return "gateway" }

var (
	_ net.Conn  = (*link)(nil)
	_ io.Reader = (*upstream)(nil)
)
