package ledger

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Unchecked is the Previous of an event that changes no cached state, or of a
// bot that keeps none.
const Unchecked = ^uint64(0)

// Handled is one line of a handled file: one event whose handler has finished.
type Handled struct {
	Stream
	Sequence int
	Number   uint64
	At       time.Time // when the handler finished; Writer fills in a zero time
	Previous uint64    // what the cache held before, or Unchecked
	Process  string    // filled in by Writer
}

// appendLine writes the line with its line feed.
func (h Handled) appendLine(dst []byte) []byte {
	dst = strconv.AppendInt(dst, int64(h.Shard), 10)
	dst = append(dst, '/')
	dst = strconv.AppendInt(dst, int64(h.Shards), 10)
	dst = append(dst, ' ')
	dst = strconv.AppendInt(dst, int64(h.Sequence), 10)
	dst = append(dst, ' ')
	dst = strconv.AppendUint(dst, h.Number, 10)
	dst = append(dst, ' ')
	dst = strconv.AppendInt(dst, h.At.UnixNano(), 10)
	dst = append(dst, ' ')
	if h.Previous == Unchecked {
		dst = append(dst, '-')
	} else {
		dst = strconv.AppendUint(dst, h.Previous, 10)
	}
	dst = append(dst, ' ')
	dst = append(dst, h.Process...)
	return append(dst, '\n')
}

// parseLine reads a line without its line feed.
func parseLine(line string) (Handled, error) {
	fields := strings.Split(line, " ")
	if len(fields) != 6 || fields[5] == "" {
		return Handled{}, fmt.Errorf("want 6 fields, got %q", line)
	}
	stream, err := parseStream(fields[0])
	if err != nil {
		return Handled{}, err
	}
	h := Handled{Stream: stream, Previous: Unchecked, Process: fields[5]}
	if h.Sequence, err = strconv.Atoi(fields[1]); err != nil {
		return Handled{}, fmt.Errorf("sequence: %w", err)
	}
	if h.Number, err = strconv.ParseUint(fields[2], 10, 64); err != nil {
		return Handled{}, fmt.Errorf("number: %w", err)
	}
	nano, err := strconv.ParseInt(fields[3], 10, 64)
	if err != nil {
		return Handled{}, fmt.Errorf("time: %w", err)
	}
	h.At = time.Unix(0, nano)
	if fields[4] != "-" {
		if h.Previous, err = strconv.ParseUint(fields[4], 10, 64); err != nil {
			return Handled{}, fmt.Errorf("previous: %w", err)
		}
	}
	return h, nil
}
