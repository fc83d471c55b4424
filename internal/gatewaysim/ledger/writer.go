package ledger

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Extension is how the name of a handled file ends.
const Extension = ".handled"

// Writer appends to the handled file of one process. Its methods may be called
// from several goroutines. The zero Writer is not usable; see Create.
type Writer struct {
	process string

	mu   sync.Mutex
	file *os.File
	line []byte
}

// Create opens the file "process.handled" in dir for appending; it makes dir if
// need be. A process name is a file name without white space.
func Create(dir, process string) (*Writer, error) {
	if process == "" || process != filepath.Base(process) || strings.ContainsFunc(process, func(r rune) bool { return r <= ' ' }) {
		return nil, fmt.Errorf("ledger: process name %q: want a file name without white space", process)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, process+Extension), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return &Writer{process: process, file: file}, nil
}

// Done appends one line, by one write(2). Call it when the event's handler has
// finished. The time, when zero, is now; lines therefore stand in the file in
// the order of their times.
func (w *Writer) Done(h Handled) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if h.At.IsZero() {
		h.At = time.Now()
	}
	h.Process = w.process
	w.line = h.appendLine(w.line[:0])
	if _, err := w.file.Write(w.line); err != nil {
		return fmt.Errorf("ledger: event %d of shard %v: %w", h.Number, h.Stream, err)
	}
	return nil
}

// Close closes the file. Done fails afterwards.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}
