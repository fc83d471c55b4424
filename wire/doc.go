// Package wire is what goes over the links between a master and its slaves: frames, events, their data, and Conn, a connection
// that sends and receives them.
package wire
