package master

import (
	"context"
	"errors"
)

// ErrGone says that the process of a handle has ended: proof that nothing of it
// serves any more.
var ErrGone = errors.New("master: the process has ended")

// Attacher is implemented by a [Launcher] that can find a process again which an
// earlier master has launched.
type Attacher interface {
	// Attach returns the process of a handle. The error is [ErrGone] when that has
	// ended; any other says that nobody can tell.
	Attach(ctx context.Context, handle string) (Process, error)
}
