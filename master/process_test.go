package master_test

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

// botConfig launches this test binary as a bot of two shards.
func botConfig() master.Config {
	return master.Config{
		Command: []string{os.Args[0]}, StartNow: true, BackOff: time.Millisecond,
		Launcher: master.ExecLauncher{Env: append(os.Environ(), "BATON_TEST_CHILD=bot")},
	}
}

// pidOf returns the process of the slave that serves.
func (s *service) pidOf(id core.SlaveID) int {
	s.tb.Helper()
	for _, slave := range s.m.Status().Slaves {
		if slave.Slave == id && slave.PID > 0 {
			return slave.PID
		}
	}
	s.tb.Fatalf("no process of slave %q in %+v", id, s.m.Status().Slaves)
	return 0
}

func TestRealProcessesAreReplacedAndEndInOrder(t *testing.T) {
	s := serve(t, botConfig())
	before := s.pidOf(s.serving())
	r, err := s.result(s.upgrade(master.Plan{}))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Exits) != 1 || r.Exits[0].Code != 0 {
		t.Errorf("exits %+v, want the old one's with status 0", r.Exits)
	}
	after := s.pidOf(r.Targets[0])
	if after == before {
		t.Errorf("process %d was replaced by itself", before)
	}
	s.stop()
	for _, pid := range []int{before, after} {
		if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("process %d is still there: %v", pid, err)
		}
	}
}

func TestAProcessThatIsKilledIsLaunchedAgain(t *testing.T) {
	s := serve(t, botConfig())
	killed := s.pidOf(s.serving())
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	exit := until(s, "the news of the end", func(core.SlaveExited) bool { return true })
	if exit.Code != -1 || exit.Reason != "signal: killed" {
		t.Errorf("exit %+v", exit)
	}
	if again := s.pidOf(s.serving()); again == killed {
		t.Errorf("process %d serves although it was killed", again)
	}
	s.stop()
}

func TestABotThatKeepsEndingIsGivenUpUntilAnUpgradeBringsAnother(t *testing.T) {
	cfg := botConfig()
	cfg.Command, cfg.MaxExits, cfg.BackOffLimit = []string{"false"}, 3, time.Millisecond
	s := serve(t, cfg)
	until(s, "the master to give up", func(n core.ShareState) bool { return n.State == lifecycle.ShareGivenUp })
	if !s.m.Status().GaveUp {
		t.Error("the status does not say so")
	}
	// There is nobody to replace, but there is a new command now.
	if _, err := s.m.Upgrade(t.Context(), master.Plan{Command: []string{os.Args[0]}}); !errors.Is(err, core.ErrNoSlave) {
		t.Errorf("error %v, want core.ErrNoSlave", err)
	}
	s.serving()
	s.stop()
}
