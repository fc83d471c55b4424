package batondisgo

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// websocketGUID is what turns a client's key into the server's answer (RFC 6455,
// section 1.3).
const websocketGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + websocketGUID))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// upstream is an open WebSocket connection to Discord, as bytes.
type upstream struct {
	net.Conn
	in *bufio.Reader // holds what came with the answer to the upgrade
}

// Read reads what the server sends.
func (u *upstream) Read(p []byte) (int, error) { return u.in.Read(p) }

// dialer opens upstreams.
type dialer struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	tls  *tls.Config
}

// open dials, upgrades and waits for the first byte of HELLO, so that a gateway
// that accepts without answering is noticed here.
func (d *dialer) open(ctx context.Context, rawURL, query string) (*upstream, error) {
	target, err := parseURL(rawURL, query)
	if err != nil {
		return nil, err
	}
	conn, err := d.connect(ctx, target)
	if err != nil {
		return nil, fmt.Errorf("batondisgo: dial %s: %w", target.Host, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	up, err := upgrade(conn, target)
	if err == nil {
		_, err = up.in.Peek(1)
	}
	if !stop() {
		err = errors.Join(context.Cause(ctx), err)
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("batondisgo: upgrade at %s: %w", target.Host, err)
	}
	return up, nil
}

func (d *dialer) connect(ctx context.Context, target *url.URL) (net.Conn, error) {
	port := target.Port()
	if port == "" {
		port = map[string]string{"ws": "80", "wss": "443"}[target.Scheme]
	}
	conn, err := d.dial(ctx, "tcp", net.JoinHostPort(target.Hostname(), port))
	if err != nil || target.Scheme == "ws" {
		return conn, err
	}
	config := d.tls.Clone()
	if config.ServerName == "" {
		config.ServerName = target.Hostname()
	}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secure, nil
}

// parseURL gives a gateway's URL the query with which disgo would dial it.
func parseURL(rawURL, query string) (*url.URL, error) {
	target, err := url.Parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("batondisgo: gateway URL: %w", err)
	}
	if target.Scheme != "ws" && target.Scheme != "wss" || target.Host == "" {
		return nil, fmt.Errorf("batondisgo: gateway URL %q: want ws://host or wss://host", rawURL)
	}
	target.RawQuery = query
	return target, nil
}

// upgrade turns the connection into a WebSocket (RFC 6455, section 4.1).
func upgrade(conn net.Conn, target *url.URL) (*upstream, error) {
	var nonce [16]byte
	rand.Read(nonce[:])
	key := base64.StdEncoding.EncodeToString(nonce[:])
	at := *target
	at.Scheme = map[string]string{"ws": "http", "wss": "https"}[at.Scheme]
	request, err := http.NewRequest(http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Upgrade", "websocket")
	request.Header.Set("Connection", "Upgrade")
	request.Header.Set("Sec-WebSocket-Version", "13")
	request.Header.Set("Sec-WebSocket-Key", key)
	if err := request.Write(conn); err != nil {
		return nil, err
	}
	in := bufio.NewReader(conn)
	response, err := http.ReadResponse(in, request)
	if err != nil {
		return nil, err
	}
	_ = response.Body.Close() // there is none
	if response.StatusCode != http.StatusSwitchingProtocols {
		return nil, fmt.Errorf("want status 101, got %s", response.Status)
	}
	if got, want := response.Header.Get("Sec-WebSocket-Accept"), acceptKey(key); got != want {
		return nil, fmt.Errorf("want Sec-WebSocket-Accept %q, got %q", want, got)
	}
	return &upstream{Conn: conn, in: in}, nil
}

// answerUpgrade reads a client's upgrade request, when all of it is there, and
// makes the answer to it.
func answerUpgrade(request []byte) (query string, answer []byte, err error) {
	parsed, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(request)))
	if err != nil {
		return "", nil, fmt.Errorf("batondisgo: disgo's upgrade request: %w", err)
	}
	answer = fmt.Appendf(nil, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		acceptKey(parsed.Header.Get("Sec-WebSocket-Key")))
	return parsed.URL.RawQuery, answer, nil
}
