package journal

import (
	"errors"
	"fmt"
)

var (
	// ErrInUse says that the journal is open already, most likely in another master.
	ErrInUse = errors.New("the journal is in use: another master runs on it; end that one, or give this one a journal of its own")
	// ErrCorrupt says that the file was a journal and is damaged.
	ErrCorrupt = errors.New("the journal is damaged: restore it from a copy, or set it aside and start with an empty one")
	// ErrNewer says that the journal was written by a later version of Baton.
	ErrNewer = errors.New("the journal was written by a newer Baton: run that, or set the journal aside and start with an empty one")
	// ErrForeign says that the file is another program's bbolt file.
	ErrForeign = errors.New("a bbolt file, but not a journal of Baton: choose another path")
	// ErrNoJournal says that what is at the path is no bbolt file at all.
	ErrNoJournal = errors.New("not a journal: choose another path")
	// ErrClosed says that the journal was closed before the call.
	ErrClosed = errors.New("the journal is closed")
)

// Error says what is wrong with the journal at a path. It wraps one of this
// package's Err values, or the system's error.
type Error struct {
	Path string
	Err  error
}

// Error names the path and what is wrong.
func (e *Error) Error() string { return fmt.Sprintf("journal %s: %v", e.Path, e.Err) }

// Unwrap returns what is wrong.
func (e *Error) Unwrap() error { return e.Err }

// at adds the path to an error that lacks it.
func at(path string, err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &Error{Path: path, Err: err}
}
