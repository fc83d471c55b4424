package master

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

var (
	// ErrGone says that a process is known to have ended, with all of its process
	// group. It is proof, as the return of [Process.Wait] is.
	ErrGone = errors.New("master: the process has ended")
	// ErrCannotTell says that it is not known whether a process still runs. Where the
	// system offers no way to find out at all, it comes with [errors.ErrUnsupported].
	ErrCannotTell = errors.New("master: cannot tell whether the process still runs: end it, then say that the slave is dead")
)

// Attacher is a [Launcher] that can find again what it launched in an earlier
// process.
type Attacher interface {
	// Attach returns the process with that handle: it can be signalled and waited
	// for, but how it ended stays unknown, and what it prints is lost. It may be
	// called only when the master that launched the process has ended. The context
	// bounds the search, never the life of the process.
	//
	// The error wraps [ErrGone] when there is no such process any more, and
	// [ErrCannotTell] otherwise, which says nothing about the process. If the
	// returned process has a Close method, that lets go of it: Wait then returns an
	// error.
	Attach(ctx context.Context, handle string) (Process, error)
}

// Finder is a [Launcher] that can look for what it launched in an earlier process
// when the handle was lost: the master was killed before it was written down.
type Finder interface {
	// Find returns the process that was launched with that token, as [Attacher] does.
	// The error wraps [ErrCannotTell]: that nothing was found proves nothing.
	Find(ctx context.Context, token string) (Process, error)
}

// Handled is a [Process] that an [Attacher] can find again.
type Handled interface {
	// Handle is what Attach takes: printable text that names this process and no
	// other one that the system ever had or will have. Empty: it cannot be found.
	Handle() string
}

// handleScheme begins the handles of [ExecLauncher].
const handleScheme = "linux:"

// handle names a process for good.
type handle struct {
	home home
	pid  int
	// start is when it was started, in the kernel's ticks since boot: the system gives
	// out a pid more than once, but not twice in a tick.
	start uint64
	// mark tells what the process has left behind from strangers; see markOf.
	mark string
}

// home is where a pid means something.
type home struct {
	// boot is different after each start of a machine, and on every machine.
	boot string
	// machine stays the same; empty inside a container, where it comes with the image.
	machine string
	// spaces are the namespaces that pids and times of start belong to.
	spaces string
	// first says that the master was the first process of its pid namespace: the
	// system ends all others of the namespace with that one.
	first bool
}

// reached looks from a later master at where a process was launched: nil means that
// its pid means the same there. Otherwise the error is ErrGone or ErrCannotTell.
func (h home) reached(from home) error {
	switch {
	case h.boot != from.boot && h.machine != "" && h.machine == from.machine:
		return fmt.Errorf("%w: the machine was started anew since", ErrGone)
	case h.boot != from.boot:
		return cannotTell("it was launched on another machine, or before this one was started anew")
	case h.spaces == from.spaces:
		return nil
	case h.first:
		return fmt.Errorf("%w: its container has ended with the master there", ErrGone)
	}
	return cannotTell("it was launched in another container")
}

func cannotTell(format string, args ...any) error {
	return fmt.Errorf("%w (%w)", ErrCannotTell, fmt.Errorf(format, args...))
}

// String is the handle as text.
func (h handle) String() string {
	v := url.Values{}
	v.Set("boot", h.home.boot)
	v.Set("machine", h.home.machine)
	v.Set("spaces", h.home.spaces)
	v.Set("first", strconv.FormatBool(h.home.first))
	v.Set("pid", strconv.Itoa(h.pid))
	v.Set("start", strconv.FormatUint(h.start, 10))
	v.Set("mark", h.mark)
	return handleScheme + v.Encode()
}

// parseHandle reads what String has written. Anything else is an ErrCannotTell.
func parseHandle(text string) (handle, error) {
	rest, ok := strings.CutPrefix(text, handleScheme)
	v, err := url.ParseQuery(rest)
	var h handle
	if ok && err == nil {
		h.home = home{boot: v.Get("boot"), machine: v.Get("machine"), spaces: v.Get("spaces"), first: v.Get("first") == "true"}
		h.pid, _ = strconv.Atoi(v.Get("pid")) // what is wrong does not come out the same again
		h.start, _ = strconv.ParseUint(v.Get("start"), 10, 64)
		h.mark = v.Get("mark")
	}
	if h.String() != text || h.pid <= 0 || h.home.boot == "" {
		return handle{}, cannotTell("%q is no handle of an ExecLauncher on Linux", text)
	}
	return h, nil
}

// markOf returns what is common to a launched process and all that inherit its
// environment: a digest of the launch token, or nothing if there is none.
func markOf(environ []string) string {
	mark := ""
	for _, v := range environ {
		if token, ok := strings.CutPrefix(v, EnvToken+"="); ok && token != "" {
			digest := sha256.Sum256([]byte(token))
			mark = hex.EncodeToString(digest[:16])
		}
	}
	return mark
}
