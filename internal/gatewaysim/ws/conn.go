package ws

import (
	"bufio"
	"crypto/sha1" // #nosec G505 -- the handshake is defined with it (section 1.3)
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// Conn is an upgraded connection. Read has one caller at a time and so has
// Write; the two may run at once. Close may be called from anywhere.
type Conn struct {
	net.Conn

	br      *bufio.Reader
	limit   int
	control [maxControl]byte
	data    []byte
	dataOp  Opcode // of the message being assembled; continuation means none
}

// handshakeSuffix is the constant of section 1.3.
const handshakeSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// Upgrade answers the opening handshake and takes the connection over. limit is
// the size of the largest message in bytes that Read accepts. When the request
// is no handshake, Upgrade answers it with a status and returns an error.
func Upgrade(w http.ResponseWriter, r *http.Request, limit int) (*Conn, error) {
	if status, err := checkHandshake(r); err != nil {
		w.Header().Set("Sec-WebSocket-Version", "13")
		http.Error(w, err.Error(), status)
		return nil, err
	}
	nc, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "this connection cannot be upgraded", http.StatusInternalServerError)
		return nil, fmt.Errorf("websocket: take over the connection: %w", err)
	}
	sum := sha1.Sum([]byte(strings.TrimSpace(r.Header.Get("Sec-WebSocket-Key")) + handshakeSuffix)) // #nosec G401
	_, err = fmt.Fprintf(nc, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:]))
	if err != nil {
		_ = nc.Close()
		return nil, fmt.Errorf("websocket: answer the handshake: %w", err)
	}
	return &Conn{Conn: nc, br: rw.Reader, limit: limit}, nil
}

// checkHandshake verifies what section 4.2.1 asks of a client.
func checkHandshake(r *http.Request) (status int, err error) {
	switch {
	case r.Method != http.MethodGet:
		return http.StatusMethodNotAllowed, fmt.Errorf("websocket: handshake must be a GET, not %s", r.Method)
	case !hasToken(r.Header, "Connection", "upgrade") || !hasToken(r.Header, "Upgrade", "websocket"):
		return http.StatusUpgradeRequired, fmt.Errorf("websocket: this address speaks WebSocket, the request asks for no upgrade")
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		return http.StatusBadRequest, fmt.Errorf("websocket: version %q asked for, 13 is spoken", r.Header.Get("Sec-WebSocket-Version"))
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(r.Header.Get("Sec-WebSocket-Key")))
	if err != nil || len(key) != 16 {
		return http.StatusBadRequest, fmt.Errorf("websocket: Sec-WebSocket-Key must be 16 bytes in base64")
	}
	return 0, nil
}

func hasToken(h http.Header, name, token string) bool {
	for _, line := range h.Values(name) {
		for part := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}
