// Command deploytool puts a new version of a bot into service and shows how that
// goes. It embeds the master for the time of the deployment only: the version
// that serves finds its way to the tool's socket, hands its shards over to the
// new one and ends, and the new one serves on alone until the next deployment.
// The first deployment, when nobody comes, just starts the bot.
//
//	deploytool -listen unix:/run/bot.sock -canary 1 -hold 30s ./bot-v2 --config bot.toml
//
// A deployment that fails, or that Ctrl-C ends before the old version was told to
// shut down, goes back: every shard is on the old version again, and the tool's exit
// status is not 0.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

func main() {
	addr := flag.String("listen", "unix:/tmp/deploytool.sock", "where every version of the bot finds its master")
	wait := flag.Duration("wait", 15*time.Second, "how long to wait for the version that serves")
	var plan master.Plan
	flag.IntVar(&plan.Canary, "canary", 0, "how many shards go first")
	flag.DurationVar(&plan.Hold, "hold", 0, "how long those are watched before the rest follows")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := deploy(ctx, *addr, *wait, plan, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "deploytool:", err)
		os.Exit(1)
	}
}

// deploy brings the command into service and then leaves it alone.
func deploy(ctx context.Context, addr string, wait time.Duration, plan master.Plan, command []string) (err error) {
	if len(command) == 0 {
		return errors.New("no command: want the bot to deploy, with its arguments")
	}
	if err := plan.Validate(); err != nil {
		return err
	}
	m, err := master.New(master.Config{Command: command, Deadlines: lifecycle.Deadlines{Relaunch: wait}})
	if err != nil {
		return err
	}
	listener, err := master.Listen(addr, false)
	if err != nil {
		return err
	}
	events := m.Subscribe(0)
	serving, leave := context.WithCancelCause(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- m.Serve(serving, listener) }()
	defer func() {
		leave(master.ErrDetach) // the bot goes on without a master
		err = errors.Join(err, <-served)
	}()

	for e := range events.All(ctx) {
		fmt.Println(e.Notice)
		share, ok := e.Notice.(core.ShareState)
		if !ok || share.State != lifecycle.ShareServing {
			continue
		}
		for _, slave := range m.Status().Slaves {
			if slave.Slave == share.Slave && slave.Launched {
				return nil // nobody served before
			}
		}
		return upgrade(ctx, m, plan)
	}
	return context.Cause(ctx)
}

// upgrade replaces the version that serves. When the context ends it is taken back, if
// that is still possible, and waited for all the same.
func upgrade(ctx context.Context, m *master.Master, plan master.Plan) error {
	u, err := m.Upgrade(ctx, plan)
	if err != nil {
		return err
	}
	for asked, open := ctx.Done(), true; open; {
		select {
		case <-asked:
			asked = nil
			if err := m.Abort(context.WithoutCancel(ctx), "the deployment was interrupted"); err != nil {
				fmt.Println("too late to go back:", err)
			}
		case p, more := <-u.Progress():
			if open = more; open {
				fmt.Printf("%d of %d shards moved: %v\n", p.Moved, p.Total, p.Notice)
			}
		}
	}
	result, err := u.Wait(context.WithoutCancel(ctx))
	for _, move := range result.Moves {
		fmt.Printf("shard %d: %s, dark for %v\n", move.Shard, move.State, move.Dark)
	}
	return err
}
