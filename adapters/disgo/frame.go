package batondisgo

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
)

// WebSocket opcodes and limits (RFC 6455, section 5.2).
const (
	opText    = 0x1
	opClose   = 0x8
	finBit    = 0x80
	maskBit   = 0x80
	length16  = 126
	length64  = 127
	maskBytes = 4
)

// framing follows the frames in what a server sends, whatever they carry and
// however reads cut them, to find the close frame.
type framing struct {
	head []byte // of the frame that is being read, as far as it has come
	left uint64 // payload bytes of that frame still to come
	code []byte // the first bytes of a close frame's payload
	over bool   // the close frame is complete
}

// feed takes the next bytes. After a close frame there are none that count.
func (f *framing) feed(p []byte) {
	for len(p) > 0 && !f.over {
		if !f.headed() {
			f.head = append(f.head, p[0])
			p = p[1:]
			if f.headed() {
				f.left = f.length()
				f.finish()
			}
			continue
		}
		n := min(uint64(len(p)), f.left)
		if f.opcode() == opClose && len(f.code) < 2 {
			f.code = append(f.code, p[:min(n, uint64(2-len(f.code)))]...)
		}
		f.left -= n
		p = p[n:]
		f.finish()
	}
}

// finish ends the frame when all of it has come.
func (f *framing) finish() {
	if f.left > 0 {
		return
	}
	f.over = f.opcode() == opClose
	f.head = f.head[:0]
}

// closeCode is the server's close code: 0 before a close frame has come, 1005 for
// one without a code.
func (f *framing) closeCode() int {
	switch {
	case !f.over:
		return 0
	case len(f.code) < 2:
		return 1005
	}
	return int(binary.BigEndian.Uint16(f.code))
}

func (f *framing) opcode() byte { return f.head[0] & 0xf }

// headed reports whether the frame's header is complete. A server does not mask.
func (f *framing) headed() bool {
	if len(f.head) < 2 {
		return false
	}
	switch f.head[1] {
	case length16:
		return len(f.head) == 4
	case length64:
		return len(f.head) == 10
	}
	return true
}

func (f *framing) length() uint64 {
	switch f.head[1] {
	case length16:
		return uint64(binary.BigEndian.Uint16(f.head[2:]))
	case length64:
		return binary.BigEndian.Uint64(f.head[2:])
	}
	return uint64(f.head[1])
}

// The start and the end of a heartbeat as disgo writes it.
const (
	heartbeatStart = `{"op":1,"d":`
	heartbeatEnd   = `}`
)

// smallFrame returns the opcode and the unmasked payload of a short client frame;
// disgo writes each frame by one Write. ok is false for longer ones.
func smallFrame(frame []byte) (opcode byte, payload []byte, ok bool) {
	const header = 2 + maskBytes
	if len(frame) < header || frame[0]&finBit == 0 || frame[1]&maskBit == 0 {
		return 0, nil, false
	}
	if length := int(frame[1] &^ maskBit); length >= length16 || len(frame) != header+length {
		return 0, nil, false
	}
	payload = bytes.Clone(frame[header:])
	for i := range payload {
		payload[i] ^= frame[2+i%maskBytes]
	}
	return frame[0] & 0xf, payload, true
}

// clientFrame makes a short client frame. Its mask is zero, which changes nothing:
// the mask protects proxies from payloads that a script chose, and these are ours.
func clientFrame(opcode byte, payload []byte) []byte {
	frame := append(make([]byte, 0, 2+maskBytes+len(payload)), finBit|opcode, maskBit|byte(len(payload)), 0, 0, 0, 0)
	return append(frame, payload...)
}

// closeFrame makes a close frame with the code and no reason.
func closeFrame(code int) []byte {
	return clientFrame(opClose, binary.BigEndian.AppendUint16(nil, uint16(code)))
}

// heartbeatSequence reads the sequence from a heartbeat's payload.
func heartbeatSequence(payload []byte) (seq int64, ok bool) {
	number, begins := strings.CutPrefix(string(payload), heartbeatStart)
	number, ends := strings.CutSuffix(strings.TrimRight(number, "\n"), heartbeatEnd)
	seq, err := strconv.ParseInt(number, 10, 64)
	return seq, begins && ends && err == nil
}

// heartbeatFrame makes a heartbeat that acknowledges what was handled up to seq.
func heartbeatFrame(seq int64) []byte {
	payload := strconv.AppendInt([]byte(heartbeatStart), seq, 10)
	return clientFrame(opText, append(payload, heartbeatEnd...))
}
