package gatewaysim

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"github.com/shardbaton/baton/internal/gatewaysim/ws"
)

// encoder turns payloads into WebSocket messages ("Transport Compression" in
// Discord's documentation). One goroutine uses it.
type encoder interface {
	// encode appends the message that carries the payload to dst.
	encode(dst, payload []byte) ([]byte, error)
	// close frees what the encoder holds.
	close()
}

// newEncoder returns the encoder for a value of the query parameter compress.
func newEncoder(compress string) (encoder, error) {
	switch compress {
	case "":
		return plain{}, nil
	case "zlib-stream":
		s := &compressed{}
		s.w = zlib.NewWriter(&s.buffer)
		return s, nil
	case "zstd-stream":
		s := &compressed{}
		// One goroutine and a small window: a shard's payloads are small, and
		// there are many shards.
		w, err := zstd.NewWriter(&s.buffer, zstd.WithEncoderConcurrency(1),
			zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(128<<10))
		if err != nil {
			return nil, fmt.Errorf("gatewaysim: zstd: %w", err)
		}
		s.w = w
		return s, nil
	}
	return nil, fmt.Errorf("compress=%s is not known; want nothing, zlib-stream or zstd-stream", compress)
}

type plain struct{}

func (plain) encode(dst, payload []byte) ([]byte, error) {
	return ws.Append(dst, ws.OpText, payload), nil
}

func (plain) close() {}

// compressed carries one compressed stream for the whole connection, flushed at
// the end of every payload.
type compressed struct {
	buffer bytes.Buffer
	w      interface {
		io.WriteCloser
		Flush() error
	}
}

func (s *compressed) encode(dst, payload []byte) ([]byte, error) {
	if _, err := s.w.Write(payload); err != nil {
		return dst, fmt.Errorf("gatewaysim: compress: %w", err)
	}
	if err := s.w.Flush(); err != nil {
		return dst, fmt.Errorf("gatewaysim: compress: %w", err)
	}
	dst = ws.Append(dst, ws.OpBinary, s.buffer.Bytes())
	s.buffer.Reset()
	return dst, nil
}

func (s *compressed) close() { _ = s.w.Close() }
