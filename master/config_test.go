package master

import (
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/wire"
)

func TestConfigZeroValueIsValid(t *testing.T) {
	if err := (Config{}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestConfigErrorNamesEveryField(t *testing.T) {
	cfg := Config{
		Command: []string{""}, Shards: -1, Slaves: -1, MaxShardsPerSlave: -1, Parallel: -1,
		Heartbeat: -1, BackOff: -1, BackOffLimit: -1, MaxExits: -1,
		Deadlines:   lifecycle.Deadlines{Stop: -1},
		StopTimeout: -time.Second, WriteTimeout: -1, MaxPending: -1,
		Limits: wire.Limits{Control: -1, State: -1},
	}
	err := cfg.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	for _, field := range []string{
		"Command[0]", "Shards", "Slaves", "MaxShardsPerSlave", "Parallel", "Heartbeat", "BackOff", "BackOffLimit",
		"MaxExits", "Deadlines.Stop", "StopTimeout", "WriteTimeout", "MaxPending", "Limits.Control", "Limits.State",
	} {
		if !strings.Contains(err.Error(), field+" ") && !strings.Contains(err.Error(), field+":") {
			t.Errorf("the error does not name %s:\n%v", field, err)
		}
	}
	if _, got := New(cfg); got == nil || got.Error() != err.Error() {
		t.Errorf("New says %v, want the same", got)
	}
}

func TestAMasterLaunchesOnlyWhenItIsToldWhat(t *testing.T) {
	tests := map[string]struct {
		cfg  Config
		want bool
	}{
		"nothing":               {Config{}, false},
		"a command":             {Config{Command: []string{"bot"}}, true},
		"a launcher of its own": {Config{Launcher: ExecLauncher{}}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.cfg.withDefaults().options().CanLaunch; got != test.want {
				t.Errorf("CanLaunch = %v, want %v", got, test.want)
			}
		})
	}
}
