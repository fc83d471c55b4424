// Package ws is the server's half of WebSocket (RFC 6455), no more than the
// local gateway needs.
//
// A library would do, but for one thing: the gateway must know that a client
// has closed before the client gets the close frame back, or a client that
// goes on to resume elsewhere looks like two clients at once. So this package
// hands control frames to its caller and never answers one by itself.
// Extensions are not negotiated.
package ws
