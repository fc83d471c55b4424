package ws

import (
	"encoding/binary"
	"fmt"
)

// Opcode tells what a frame carries (RFC 6455, section 5.2).
type Opcode byte

// The opcodes of RFC 6455, section 11.8.
const (
	OpContinuation Opcode = 0x0
	OpText         Opcode = 0x1
	OpBinary       Opcode = 0x2
	OpClose        Opcode = 0x8
	OpPing         Opcode = 0x9
	OpPong         Opcode = 0xA
)

// String names the opcode.
func (o Opcode) String() string {
	switch o {
	case OpContinuation:
		return "continuation"
	case OpText:
		return "text"
	case OpBinary:
		return "binary"
	case OpClose:
		return "close"
	case OpPing:
		return "ping"
	case OpPong:
		return "pong"
	}
	return fmt.Sprintf("opcode 0x%x", byte(o))
}

func (o Opcode) control() bool { return o&0x8 != 0 }

// maxControl is the longest payload of a control frame (section 5.5).
const maxControl = 125

// The close codes this package needs (section 7.4.1).
const (
	// CodeNoStatus stands for a close frame without a code; it is never sent.
	CodeNoStatus = 1005
	// CodeProtocolError answers frames that break the RFC.
	CodeProtocolError = 1002
	// CodeTooBig answers a message above the limit.
	CodeTooBig = 1009
)

// Append adds an unmasked, final frame to dst: what a server sends (section
// 5.1). It returns the extended slice.
func Append(dst []byte, op Opcode, payload []byte) []byte {
	const final = 0x80
	dst = append(dst, final|byte(op))
	switch n := len(payload); {
	case n <= maxControl:
		dst = append(dst, byte(n))
	case n <= 0xFFFF:
		dst = append(dst, 126)
		dst = binary.BigEndian.AppendUint16(dst, uint16(n))
	default:
		dst = append(dst, 127)
		dst = binary.BigEndian.AppendUint64(dst, uint64(n))
	}
	return append(dst, payload...)
}

// AppendClose adds a close frame with a code and a reason to dst. A reason that
// does not fit into a control frame is cut. CodeNoStatus gives an empty close
// frame.
func AppendClose(dst []byte, code int, reason string) []byte {
	if code == CodeNoStatus {
		return Append(dst, OpClose, nil)
	}
	if len(reason) > maxControl-2 {
		reason = reason[:maxControl-2]
	}
	payload := binary.BigEndian.AppendUint16(make([]byte, 0, maxControl), uint16(code))
	return Append(dst, OpClose, append(payload, reason...))
}

// ParseClose reads the payload of a close frame. An empty payload is
// CodeNoStatus; one byte is an *Error.
func ParseClose(payload []byte) (code int, reason string, err error) {
	switch len(payload) {
	case 0:
		return CodeNoStatus, "", nil
	case 1:
		return 0, "", &Error{Code: CodeProtocolError, Text: "close frame with half a code"}
	}
	return int(binary.BigEndian.Uint16(payload)), string(payload[2:]), nil
}

// Error is a breach of the protocol by the peer. Code is the close code to
// answer with.
type Error struct {
	Code int
	Text string
}

func (e *Error) Error() string {
	return fmt.Sprintf("websocket: %s (close code %d)", e.Text, e.Code)
}
