package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/internal/control/children"
	"github.com/shardbaton/baton/internal/control/progress"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/master/journal"
)

// BotError is a bot that ended when it should not have.
type BotError struct {
	Slave string
	// How says how the process ended.
	How string
	// Said are the last lines of its output.
	Said []string
}

// Error says which bot ended how, and what it said last.
func (e *BotError) Error() string {
	text := fmt.Sprintf("bot %s ended: %s", e.Slave, e.How)
	if len(e.Said) > 0 {
		text += "; it said last: " + strings.Join(e.Said, " | ")
	}
	return text
}

// fleet is a master with the bots that it has launched.
type fleet struct {
	master   *master.Master
	launcher *children.Launcher
	slaves   int
	fail     func(error) // ends the whole demonstration

	end     context.CancelFunc
	served  chan error
	watched chan struct{}
	running chan struct{} // closed when all shards have started

	// exits belongs to watch until that has ended.
	exits []core.SlaveExited
}

// launch starts a master on a socket in dir, and with it the bots.
func launch(cfg Config, command []string, dir string, meter *meter, log *zap.Logger, fail func(error)) (*fleet, error) {
	config := master.Config{
		Command: command, Launcher: cfg.Launcher,
		Shards: cfg.Shards, Slaves: cfg.Slaves, Parallel: cfg.Parallel,
		StartNow: true, Logger: log,
	}
	// As baton serve has one. A bot that is restarted the plain way must not find its
	// sessions there.
	if !cfg.Cold {
		kept, err := journal.Open(filepath.Join(dir, "journal"))
		if err != nil {
			return nil, err
		}
		config.Journal = kept
	}
	m, err := master.New(config)
	var listener net.Listener
	if err == nil {
		listener, err = master.Listen("unix:"+filepath.Join(dir, "slaves.sock"), false)
	}
	if err != nil {
		if config.Journal != nil {
			err = errors.Join(err, config.Journal.Close())
		}
		return nil, err
	}
	// Ended by end alone: the end of the demonstration must not be abrupt.
	ctx, cancel := context.WithCancel(context.Background())
	f := &fleet{
		master: m, launcher: cfg.Launcher, slaves: cfg.Slaves, fail: fail, end: cancel,
		served: make(chan error, 1), watched: make(chan struct{}), running: make(chan struct{}),
	}
	news := m.Subscribe(newsBuffer)
	go f.watch(news)
	go func() {
		err := m.Serve(ctx, meter.listen(listener))
		if err != nil {
			fail(err)
		}
		f.served <- err
	}()
	return f, nil
}

// newsBuffer has room for what a master of very many shards has to tell at once.
const newsBuffer = 1 << 16

// watch follows the master's news until it has ended.
func (f *fleet) watch(news *master.Subscription) {
	defer close(f.watched)
	shares := make(map[int]lifecycle.ShareState)
	started, upgrading := false, false
	for event := range news.All(context.Background()) {
		switch n := event.Notice.(type) {
		case core.ShareState:
			shares[n.Share] = n.State
			if !started && f.serving(shares) {
				started = true
				close(f.running)
			}
		case core.UpgradeState:
			upgrading = !n.State.Over()
		case core.SlaveExited:
			f.exits = append(f.exits, n)
			// Before all have started nobody is asked to end; during an upgrade a
			// bot that fails is the upgrade's concern.
			if !started || n.Code != 0 && !upgrading {
				f.fail(f.crash(n))
			}
		case core.Problem:
			if errors.Is(n.Err, core.ErrLaunch) || errors.Is(n.Err, core.ErrGaveUp) {
				f.fail(n.Err)
			}
		}
	}
}

func (f *fleet) crash(n core.SlaveExited) *BotError {
	return &BotError{Slave: string(n.Slave), How: n.Reason, Said: f.launcher.Said(string(n.Slave))}
}

// serving tells whether all shares of the shards are served.
func (f *fleet) serving(shares map[int]lifecycle.ShareState) bool {
	for _, state := range shares {
		if state != lifecycle.ShareServing {
			return false
		}
	}
	return len(shares) == f.slaves
}

// awaitRunning returns when all shards have started.
func (f *fleet) awaitRunning(ctx context.Context) error {
	select {
	case <-f.running:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// upgrade replaces all bots by what the plan says. crashes are the bots that did not end as they
// should. The error says why no upgrade was begun, or that the demonstration ended
// first.
func (f *fleet) upgrade(ctx context.Context, plan master.Plan, display progress.Display) (result control.Result, crashes []error, err error) {
	u, err := f.master.Upgrade(ctx, plan)
	if err != nil {
		return control.Result{}, nil, err
	}
	for {
		select {
		case step, more := <-u.Progress():
			if !more {
				result, err := u.Wait(ctx)
				return control.ResultOf(result, err), crashes, nil
			}
			if exit, ok := step.Notice.(core.SlaveExited); ok && exit.Code != 0 {
				crashes = append(crashes, f.crash(exit))
			}
			display.Show(control.ProgressOf(step))
		case <-ctx.Done():
			return control.Result{}, nil, context.Cause(ctx)
		}
	}
}

// stop ends the bots and then the master, in order, and waits for it. A master
// that has failed leaves its bots to serve on; here nobody wants them any more.
func (f *fleet) stop() error {
	f.end()
	err := <-f.served
	<-f.watched
	if err != nil {
		_, killErr := f.launcher.Kill()
		err = errors.Join(err, killErr)
	}
	return err
}

// exitCode is the first exit status of a bot that is not 0, or 0. It is known
// when the fleet was stopped.
func (f *fleet) exitCode() int {
	for _, exit := range f.exits {
		if exit.Code != 0 {
			return exit.Code
		}
	}
	return 0
}
