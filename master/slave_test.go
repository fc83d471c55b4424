package master

import (
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/shardbaton/baton/master/core"
)

func TestALaunchedSlaveIsToldItsPlaceAndItsEndIsReported(t *testing.T) {
	launcher := newFakeLauncher()
	r := serve(t, Config{Launcher: launcher, Command: []string{"bot", "-v"}}, nil)
	r.do(core.Launch{Slave: "s1", Shards: []int{3, 4}})
	p := launcher.next(t)
	if got, want := p.spec.Addr, "unix:"+r.addr.String(); got != want {
		t.Errorf("address %q, want %q", got, want)
	}
	if p.spec.Slave != "s1" || len(p.spec.Token) < 20 || !slices.Equal(p.spec.Command, []string{"bot", "-v"}) ||
		!slices.Equal(p.spec.Shards, []int{3, 4}) || p.spec.Logger == nil {
		t.Errorf("spec %+v", p.spec)
	}
	if got := hear[core.Launched](r); got != (core.Launched{Slave: "s1", PID: 4242}) {
		t.Errorf("the core hears %+v", got)
	}
	p.end(Exit{Code: 3})
	if got := hear[core.Exited](r); got != (core.Exited{Slave: "s1", Code: 3, Reason: "exit status 3"}) {
		t.Errorf("the core hears %+v", got)
	}
	r.do(core.Kill{Slave: "s1"}) // too late, and harmless
	if len(p.signals) > 0 {
		t.Error("a process that had ended was sent a signal")
	}
}

func TestEverySlaveGetsATokenOfItsOwn(t *testing.T) {
	launcher := newFakeLauncher()
	r := serve(t, Config{Launcher: launcher}, nil)
	seen := make(map[string]bool)
	for _, id := range []core.SlaveID{"s1", "s2", "s1"} {
		r.do(core.Launch{Slave: id})
		p := launcher.next(t)
		hear[core.Launched](r)
		p.end(Exit{})
		hear[core.Exited](r)
		seen[p.spec.Token] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d tokens for three launches", len(seen))
	}
}

func TestTheCommandOfALaunchTakesPrecedence(t *testing.T) {
	launcher := newFakeLauncher()
	r := serve(t, Config{Launcher: launcher, Command: []string{"old"}, Addr: "tcp:bot.example:7"}, nil)
	r.do(core.Launch{Slave: "s1", Command: []string{"new", "bot"}})
	p := launcher.next(t)
	if !slices.Equal(p.spec.Command, []string{"new", "bot"}) {
		t.Errorf("command %q", p.spec.Command)
	}
	if p.spec.Addr != "tcp:bot.example:7" {
		t.Errorf("address %q, want the configured one", p.spec.Addr)
	}
	hear[core.Launched](r)
}

func TestALaunchThatFailsIsReported(t *testing.T) {
	launcher := newFakeLauncher()
	launcher.fail = errors.New("no such bot")
	r := serve(t, Config{Launcher: launcher}, nil)
	r.do(core.Launch{Slave: "s1"})
	if got := hear[core.LaunchFailed](r); got != (core.LaunchFailed{Slave: "s1", Reason: "no such bot"}) {
		t.Errorf("the core hears %+v", got)
	}
	r.do(core.Kill{Slave: "s1"})
	r.quiet()
}

func TestKillEndsAProcessAlsoOneThatIsOnlyBeingStarted(t *testing.T) {
	for name, early := range map[string]bool{"that runs": false, "that is being started": true} {
		t.Run(name, func(t *testing.T) {
			launcher := newFakeLauncher()
			launcher.hold = make(chan struct{})
			r := serve(t, Config{Launcher: launcher}, nil)
			r.do(core.Launch{Slave: "s1"})
			p := launcher.next(t)
			if early {
				r.do(core.Kill{Slave: "s1"})
				close(launcher.hold)
				hear[core.Launched](r)
			} else {
				close(launcher.hold)
				hear[core.Launched](r)
				r.do(core.Kill{Slave: "s1"})
			}
			if got := hear[core.Exited](r); got != (core.Exited{Slave: "s1", Code: -1, Reason: "signal: killed"}) {
				t.Errorf("the core hears %+v", got)
			}
			if got := <-p.signals; got != os.Kill {
				t.Errorf("signal %v, want kill", got)
			}
		})
	}
}

func TestSlavesGoOnWhenTheMasterIsDetached(t *testing.T) {
	launcher := newFakeLauncher()
	r := serve(t, Config{Launcher: launcher}, nil)
	r.do(core.Launch{Slave: "s1"})
	p := launcher.next(t)
	hear[core.Launched](r)
	r.cancel(ErrDetach)
	if err := r.end(); err != nil {
		t.Fatal(err)
	}
	if len(p.signals) > 0 {
		t.Errorf("the process was sent %v", <-p.signals)
	}
}

func TestAProcessThatAppearsAfterTheEndIsKilled(t *testing.T) {
	launcher := newFakeLauncher()
	launcher.hold = make(chan struct{})
	r := serve(t, Config{Launcher: launcher}, nil)
	r.do(core.Launch{Slave: "s1"})
	p := launcher.next(t)
	r.do(core.Halt{})
	<-r.m.over
	close(launcher.hold)
	if err := r.end(); err != nil {
		t.Fatal(err)
	}
	if got := within(t, p.signals, "a signal"); got != os.Kill {
		t.Errorf("signal %v, want kill", got)
	}
}

func TestARealProcessIsLaunchedAndReaped(t *testing.T) {
	launcher := ExecLauncher{Env: append(os.Environ(), childMode+"=report")}
	r := serve(t, Config{Launcher: launcher, Command: []string{os.Args[0]}}, nil)
	r.do(core.Launch{Slave: "s1"})
	if got := hear[core.Launched](r); got.PID <= 0 {
		t.Errorf("process %d", got.PID)
	}
	if got := hear[core.Exited](r); got.Code != 3 {
		t.Errorf("the core hears %+v, want status 3", got)
	}
}
