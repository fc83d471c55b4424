package master

import (
	"bufio"
	"io"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// defaultMaxLine is the longest line of a slave's output that is logged whole.
const defaultMaxLine = 16 << 10

// forwardLines reads until the end or an error and emits each line without its
// line end. A line longer than limit comes in pieces; more says that another
// piece of the same line follows. The slice is valid during the call only.
func forwardLines(r io.Reader, limit int, emit func(line []byte, more bool)) {
	if limit <= 0 {
		limit = defaultMaxLine
	}
	buffered := bufio.NewReaderSize(r, limit)
	for {
		line, more, err := buffered.ReadLine()
		if err != nil {
			return
		}
		emit(line, more)
	}
}

// streamTo logs each line as a message of its own.
func streamTo(log *zap.Logger, level zapcore.Level, stream string) func([]byte, bool) {
	log = log.With(zap.String("stream", stream))
	return func(line []byte, more bool) {
		entry := log.Check(level, string(line))
		switch {
		case entry == nil:
		case more:
			entry.Write(zap.Bool("cut", true))
		default:
			entry.Write()
		}
	}
}
