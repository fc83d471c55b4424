// Package wire is what goes over the links between a master and its slaves: frames, events, their data, and Conn, a connection
// that sends and receives them.
//
// # Frames
//
// A frame is an event (uint32, little-endian), the length of the body in bytes (the same) and the body: a msgpack map with Go
// field names for keys, or nothing. There is no magic number and no checksum; a link is a reliable stream. EncodeEvent
// makes a frame, a Reader finds them in a stream however it is split, Decode and DecodeBody read bodies.
//
// # Dialects
//
// Dialect 1 is that of YAGPDB's master v1.5.2, byte for byte: its fields come first, in its order, and are always there, every
// int as msgpack's int 64 (d3 and eight bytes). Dialect 2 adds events from 11 up, and fields behind those, which are left
// out while zero; a dialect 1 decoder skips what it does not know. So one set of structs serves both. Unsigned numbers, which only
// dialect 2 has, are uint 64 (cf and eight bytes). A slave offers dialect 2 in its hello; an EvtWelcome takes it.
//
// What v1.5.2's decoder takes and refuses is taken and refused here: ints of any width, nil for a string or an int but not
// for a bool, keys in any order, unknown keys with values of any kind, a struct as an array of any length (which holds
// dialect 1's fields), bytes after the value. The exceptions are listed, each with its reason, in
// testdata/wire/differences.md.
//
// # Hostile input
//
// Nothing is believed. The length in a header is held against Limits (64 KiB, or 64 MiB for EvtGuildState) before anything is
// allocated, and even then the buffer grows only with what has arrived. Bodies are written and read by msgpack v5, value by value
// into typed fields, never into an any; but before it reads a body, that is scanned once without recursion: every declared
// length is held against the bytes that are left, and arrays and maps nest at most 10,000 deep. By itself msgpack v5 allocates
// what a length claims and recurses until the stack overflows.
//
// The errors are typed and match ErrTooLarge, ErrTruncated, ErrMalformed or ErrUnexpected with errors.Is; after the first two a
// stream cannot be read on. A frame of an unknown event is no error: a newer peer may send it, so it is skipped and counted.
//
// # State
//
// The body of EvtGuildState is opaque to a master, which passes it on with Conn.WriteMessage. In dialect 2 it travels on a link of
// its own, routed by PeekShard, and Digest tells whether it arrived whole and in order.
package wire
