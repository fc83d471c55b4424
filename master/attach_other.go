//go:build !linux

package master

import (
	"context"
	"errors"
)

// Attach implements [Attacher] on Linux. Here it always fails, with an error that
// wraps [ErrCannotTell] and [errors.ErrUnsupported].
func (l ExecLauncher) Attach(context.Context, string) (Process, error) {
	return nil, cannotTell("finding a process again needs Linux: %w", errors.ErrUnsupported)
}

// Find implements [Finder] on Linux. Here it always fails as Attach does.
func (l ExecLauncher) Find(context.Context, string) (Process, error) {
	return nil, cannotTell("finding a process again needs Linux: %w", errors.ErrUnsupported)
}

// handleOf returns no handle: nothing could be done with it.
func handleOf(int, []string) string { return "" }
