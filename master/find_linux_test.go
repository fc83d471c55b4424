package master

import (
	"errors"
	"path/filepath"
	"testing"
)

func TestAChildWhoseHandleWasLostIsFoundByItsToken(t *testing.T) {
	token := newToken()                                     // other runs of this test have others
	cmd, helper, handle, release := leavingHelper(t, token) // it has the token, too
	defer release()
	p, err := ExecLauncher{}.Find(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	found, ok := p.(*attached)
	if !ok {
		t.Fatalf("found a %T", p)
	}
	if found.PID() != cmd.Process.Pid || found.Handle() != handle {
		t.Errorf("found process %d, %s, want %d, %s", found.PID(), found.Handle(), cmd.Process.Pid, handle)
	}
	if err := found.Close(); err != nil {
		t.Error(err)
	}
	for _, token := range []string{newToken(), ""} {
		if p, err := (ExecLauncher{}).Find(t.Context(), token); !errors.Is(err, ErrCannotTell) || errors.Is(err, ErrGone) {
			t.Errorf("token %q: %v, error %v, want ErrCannotTell", token, p, err)
		}
	}
	helper.pid() // it answers
}

func TestOfAllThatHaveTheTokenTheOldestIsFound(t *testing.T) {
	l := mustListen(t, filepath.Join(socketDir(t), "s"), false)
	token, addr := newToken(), "unix:"+l.Addr().String()
	_, first := start(t, "serve", token, addr)
	accept(t, l)
	for younger := false; !younger; { // until one did not begin in the same tick
		_, next := start(t, "serve", token, addr)
		accept(t, l)
		a, errA := parseHandle(first)
		b, errB := parseHandle(next)
		if err := errors.Join(errA, errB); err != nil {
			t.Fatal(err)
		}
		younger = b.start > a.start
	}
	for range 20 { // a map is gone through in another order each time
		p, err := ExecLauncher{}.Find(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		found, ok := p.(*attached)
		if !ok || found.Handle() != first {
			t.Fatalf("found %v, want %s", p, first)
		}
		if err := found.Close(); err != nil {
			t.Error(err)
		}
	}
}
