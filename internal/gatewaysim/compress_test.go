package gatewaysim_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

// stream feeds a decompressor message by message: it is empty between messages
// rather than at its end. The buffer is not embedded, as zstd would take all of it
// at once if it saw one.
type stream struct{ buffer bytes.Buffer }

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.buffer.Read(p)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// oneJSON reads as much of r as one JSON payload has.
func oneJSON(r io.Reader) []byte {
	var text []byte
	depth, quoted := 0, false
	one := make([]byte, 1)
	for {
		n, err := r.Read(one)
		if err != nil {
			return text
		}
		if n == 0 {
			continue // an empty block
		}
		text = append(text, one[0])
		switch {
		case quoted:
			quoted = one[0] != '"' // nothing the gateway sends is escaped
		case one[0] == '"':
			quoted = true
		case one[0] == '{':
			depth++
		case one[0] == '}':
			depth--
		}
		if depth == 0 {
			return text
		}
	}
}

func TestStreamsAreCompressedAsAsked(t *testing.T) {
	for _, tt := range []struct {
		compress string
		open     func(r io.Reader) (io.Reader, error)
	}{
		{"zlib-stream", func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }},
		{"zstd-stream", func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) }},
	} {
		t.Run(tt.compress, func(t *testing.T) {
			inWorld(t, gatewaysim.Config{GuildsPerShard: 70}, func(w *world) {
				c, err := w.dial("&compress=" + tt.compress)
				if err != nil {
					t.Fatal(err)
				}
				var in stream
				var out io.Reader
				c.decode = func(data []byte) []byte {
					in.buffer.Write(data)
					if out == nil {
						if out, err = tt.open(&in); err != nil {
							t.Fatal(err)
						}
					}
					if tt.compress == "zlib-stream" && !bytes.HasSuffix(data, []byte{0, 0, 0xff, 0xff}) {
						t.Error("the message does not end with a sync flush")
					}
					return oneJSON(out)
				}
				c.expect(hello)
				c.identify(0, 1)
				c.ready()
				first := c.event().number()
				for want := first + 1; want < first+50; want++ {
					if got := c.event().number(); got != want {
						t.Fatalf("want event %d, got %d", want, got)
					}
				}
			})
		})
	}
}
