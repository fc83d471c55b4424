package control_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

// serveMaster serves a master for as long as the test runs, and returns once the
// notice has come.
func serveMaster(t *testing.T, config master.Config, until func(master.Notice) bool) *master.Master {
	t.Helper()
	m, err := master.New(config)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := master.Listen(filepath.Join(t.TempDir(), "slaves.sock"), false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	news := m.Subscribe(0)
	defer news.Close()
	go func() { served <- m.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	limit, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	for event := range news.All(limit) {
		if until(event.Notice) {
			return m
		}
	}
	t.Fatal("the notice that is waited for has not come")
	return nil
}

func isShare(state lifecycle.ShareState) func(master.Notice) bool {
	return func(n master.Notice) bool {
		share, ok := n.(core.ShareState)
		return ok && share.State == state
	}
}

func isMaster(state lifecycle.MasterState) func(master.Notice) bool {
	return func(n master.Notice) bool {
		m, ok := n.(core.MasterState)
		return ok && m.State == state
	}
}

func TestAnUpgradeThatFindsNobodySaysWhatIsLaunched(t *testing.T) {
	failing := master.Config{Command: []string{"false"}, Shards: 2, StartNow: true, BackOff: time.Millisecond, MaxExits: 2}
	pausing := failing
	pausing.BackOff = time.Hour
	again := control.Plan{Command: []string{"false"}}
	for _, test := range []struct {
		name   string
		config master.Config
		until  func(master.Notice) bool
		plan   control.Plan
		want   string // the error, or nothing when something is launched
	}{
		{"a bot that was given up", failing, isShare(lifecycle.ShareGivenUp), again, ""},
		{"a bot that is tried again later", pausing, isShare(lifecycle.ShareBackingOff), again, ""},
		{
			"another number of shards", failing, isShare(lifecycle.ShareGivenUp),
			control.Plan{NumShards: 4},
			"the number of shards stays 2",
		},
		{
			"a master that launches nothing and waits no longer",
			master.Config{Shards: 2, StartNow: true},
			isMaster(lifecycle.MasterServing),
			control.Plan{},
			"this master launches nothing",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			backend := control.ForMaster(serveMaster(t, test.config, test.until), control.About{})
			result, err := backend.Upgrade(t.Context(), test.plan, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := control.ResultLaunched
			if test.want != "" {
				want = control.ResultFailed
			}
			if result.Result != want || (test.want == "") != (result.Error == "") || !strings.Contains(result.Error, test.want) {
				t.Errorf("got %q with the error %q, want %q and %q", result.Result, result.Error, want, test.want)
			}
		})
	}
}

func TestGivingUpIsAnErrorInTheLogAndAStateInTheStatus(t *testing.T) {
	seen, logs := observer.New(zap.ErrorLevel)
	m := serveMaster(t, master.Config{
		Command: []string{"false"}, Shards: 2, StartNow: true, BackOff: time.Millisecond, MaxExits: 2, Logger: zap.New(seen),
	}, func(n master.Notice) bool {
		p, ok := n.(core.Problem)
		return ok && errors.Is(p.Err, core.ErrGaveUp)
	})
	status := control.ForMaster(m, control.About{}).Status()
	if len(status.Shares) != 1 || status.Shares[0].State != string(lifecycle.ShareGivenUp) || status.Shares[0].Ends != 2 || len(status.Shares[0].Shards) != 2 {
		t.Errorf("shares %+v, want one that was given up after 2 ends", status.Shares)
	}
	if logs.FilterMessageSnippet("gave up").Len() != 1 {
		t.Errorf("logged as errors: %v", logs.All())
	}
}
