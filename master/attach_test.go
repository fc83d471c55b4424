package master

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestAPidMeansTheSameOnlyAtHome(t *testing.T) {
	host := home{boot: "b1", machine: "m1", spaces: "pid:[1] time:[1]"}
	container := home{boot: "b1", spaces: "pid:[2] time:[1]", first: true}
	with := func(h home, change func(*home)) home { change(&h); return h }
	tests := map[string]struct {
		then, now home
		want      error
	}{
		"the same host":                      {host, host, nil},
		"the same container":                 {container, container, nil},
		"the host was started anew":          {host, with(host, func(h *home) { h.boot, h.spaces = "b2", "pid:[1]" }), ErrGone},
		"another host":                       {host, with(host, func(h *home) { h.boot, h.machine = "b2", "m2" }), ErrCannotTell},
		"a host without an id":               {with(host, func(h *home) { h.machine = "" }), with(host, func(h *home) { h.boot, h.machine = "b2", "" }), ErrCannotTell},
		"a container elsewhere":              {container, with(container, func(h *home) { h.boot = "b2" }), ErrCannotTell},
		"the next container":                 {container, with(container, func(h *home) { h.spaces = "pid:[3] time:[1]" }), ErrGone},
		"the next container, with an init":   {with(container, func(h *home) { h.first = false }), with(container, func(h *home) { h.spaces = "pid:[3] time:[1]" }), ErrCannotTell},
		"from a container to the host":       {container, host, ErrGone},
		"from the host into a container":     {host, container, ErrCannotTell},
		"the same pids, but times of others": {host, with(host, func(h *home) { h.spaces = "pid:[1] time:[2]" }), ErrCannotTell},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if err := test.then.reached(test.now); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

func TestAHandleIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String()
		want := handle{
			home: home{
				boot: rapid.StringN(1, -1, -1).Draw(t, "boot"), machine: s.Draw(t, "machine"), spaces: s.Draw(t, "spaces"),
				first: rapid.Bool().Draw(t, "first"),
			},
			pid: rapid.IntRange(1, 1<<22).Draw(t, "pid"), start: rapid.Uint64().Draw(t, "start"), mark: s.Draw(t, "mark"),
		}
		if got, err := parseHandle(want.String()); err != nil || got != want {
			t.Fatalf("got %+v (%v), want %+v", got, err, want)
		}
	})
}

func TestATextThatIsNoHandleProvesNothing(t *testing.T) {
	good := handle{home: home{boot: "b", spaces: "p"}, pid: 7, start: 9}.String()
	for _, text := range []string{"", "linux:", "darwin:pid=7", good + "&more=1", good[1:], good + "%", "linux:pid=7&start=9", handle{home: home{boot: "b"}, pid: -1}.String()} {
		_, err := ExecLauncher{}.Attach(t.Context(), text)
		if !errors.Is(err, ErrCannotTell) || errors.Is(err, ErrGone) {
			t.Errorf("%q: error %v, want ErrCannotTell", text, err)
		}
	}
}
