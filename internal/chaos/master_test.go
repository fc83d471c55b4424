package chaos

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/shardbaton/baton/internal/control"
)

// counting is a backend whose status has one shard more each time. It can do nothing
// else.
type counting struct {
	control.Backend
	asked atomic.Int64
}

func (c *counting) Status() control.Status {
	return control.Status{NumShards: int(c.asked.Add(1))}
}

// speaking is a master whose process is a shell that runs the script.
func speaking(t *testing.T, script string) *master {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "c.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- control.NewServer(&counting{}, nil).Serve(ctx, listener) }()
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	m := &master{control: control.NewClient(path), log: log}
	if err := m.run(exec.Command("/bin/sh", "-c", script)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(m.kill(), <-served, log.Close()); err != nil {
			t.Error(err)
		}
	})
	return m
}

func TestTheStatusIsLookedAtWithEachLineOfTheLog(t *testing.T) {
	// One line a look, and then silence.
	m := speaking(t, "echo one >&2; echo two >&2; echo three >&2; exec tail -f /dev/null")
	status, err := m.await(t.Context(), func(s control.Status) bool { return s.NumShards >= 1 })
	if err != nil || status.NumShards < 1 {
		t.Errorf("got %+v, %v", status, err)
	}
}

func TestAMasterThatEndsEndsTheWait(t *testing.T) {
	m := speaking(t, "echo last words >&2")
	_, err := m.await(t.Context(), func(control.Status) bool { return false })
	if !errors.Is(err, errMasterEnded) {
		t.Errorf("got %v, want that the master has ended", err)
	}
	text, err := os.ReadFile(m.log.Name())
	if err != nil || string(text) != "last words\n" {
		t.Errorf("the log is %q, %v", text, err)
	}
}

func TestAContextEndsTheWait(t *testing.T) {
	m := speaking(t, "exec tail -f /dev/null")
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	_, err := m.await(ctx, func(control.Status) bool { cancel(enough); return false })
	if !errors.Is(err, enough) {
		t.Errorf("got %v, want the context's cause", err)
	}
}
