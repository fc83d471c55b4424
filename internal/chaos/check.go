package chaos

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/testbed"
)

// Checks returns the cells in which something is deliberately broken that no master
// can mend. Each must be found out: whoever never finds anything proves nothing.
func Checks() []Cell {
	var cells []Cell
	for _, s := range checks() {
		cells = append(cells, s.cell())
	}
	return cells
}

func checks() []Scenario {
	return []Scenario{
		{Name: "check: lost", act: loseSessions, must: []string{"lost"}},
		{Name: "check: two owners", act: doubleOwner, must: []string{"times two owners", "duplicated that no killed slave had handled"}},
		{Name: "check: orphaned", act: orphan, must: []string{"orphaned", "lost"}},
	}
}

// shortPatience bounds the waits of a check that is going to wait in vain.
const shortPatience = 5 * time.Second

// loseSessions kills the bot and makes the gateway forget its sessions, so that what
// happens until the next one starts cannot be had any more.
func loseSessions(ctx context.Context, b *bed, first bot) (string, error) {
	if err := b.births.signal(first, syscall.SIGKILL); err != nil {
		return "", err
	}
	if _, err := b.load.Await(ctx, func(s gatewaysim.Stats) bool { return s.Attached == 0 }); err != nil {
		return "", err
	}
	b.load.Expire(gatewaysim.EveryShard())
	_, err := b.settled(ctx)
	return "", err
}

// doubleOwner has a second bot run all shards that the first one runs.
func doubleOwner(ctx context.Context, b *bed, _ bot) (string, error) {
	command := b.births.command(append(testbed.BotCommand(b.cfg.Bot, b.load.URLs, b.handled()), "--plain"))
	err := b.byHand(command, "BATON_SLAVE_ID=second")
	if err != nil {
		return "", err
	}
	_, err = b.load.Await(ctx, func(s gatewaysim.Stats) bool { return s.DoubledNow == b.cfg.Shards })
	if err != nil {
		return "", fmt.Errorf("the second bot does not run: %w", err)
	}
	return "", b.load.AwaitHandling(ctx, b.cfg.Shards)
}

// orphan lets nobody reach the gateway any more.
func orphan(_ context.Context, b *bed, _ bot) (string, error) {
	b.cfg.Patience, b.load.Patience = shortPatience, shortPatience
	b.load.RefuseConnections(-1)
	b.load.Drop(gatewaysim.EveryShard())
	return "", nil
}

// byHand starts a process that the bed's end waits for.
func (b *bed) byHand(command []string, env ...string) error {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start by hand: %w", err)
	}
	b.waits = append(b.waits, cmd.Wait)
	return nil
}
