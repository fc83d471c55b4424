package chaos

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// announce is what runs in front of a bot: it writes the slave's name and process id
// into a pipe, before anything else can happen to the process, and keeps the bot's
// output where the end of the master does not end it. Opening the pipe both ways
// does not wait for a reader.
const announce = `echo "$BATON_SLAVE_ID $$" 1<>"$0"; log=$1; shift; exec "$@" >>"$log/$BATON_SLAVE_ID.log" 2>&1`

// bot is a process that was launched as a slave.
type bot struct {
	slave string
	pid   int
}

// process is the bot's name in the ledger.
func (b bot) process() string { return fmt.Sprintf("%s-%d", b.slave, b.pid) }

// Births learns of each bot when its process is born, whoever launched it.
type births struct {
	pipe *os.File
	path string
	logs string
	read sync.WaitGroup
	born pulse

	mu   sync.Mutex
	bots []bot
	// processes are handles that go on meaning the bots when their numbers have been
	// given to others.
	processes map[bot]*os.Process
}

// newBirths makes the pipe in dir. logs is where the bots' output goes.
func newBirths(dir, logs string) (*births, error) {
	b := &births{path: filepath.Join(dir, "births"), logs: logs, processes: make(map[bot]*os.Process)}
	if err := syscall.Mkfifo(b.path, 0o600); err != nil {
		return nil, fmt.Errorf("the pipe for births: %w", err)
	}
	pipe, err := os.OpenFile(b.path, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("the pipe for births: %w", err)
	}
	b.pipe = pipe
	b.read.Go(b.follow)
	return b, nil
}

// command puts the announcement in front of a bot's command.
func (b *births) command(bot []string) []string {
	return append([]string{"/bin/sh", "-c", announce, b.path, b.logs}, bot...)
}

func (b *births) follow() {
	lines := bufio.NewScanner(b.pipe)
	for lines.Scan() {
		slave, number, found := strings.Cut(lines.Text(), " ")
		pid, err := strconv.Atoi(number)
		if !found || err != nil {
			continue
		}
		process, err := os.FindProcess(pid)
		if err != nil {
			continue
		}
		newborn := bot{slave, pid}
		b.mu.Lock()
		b.bots, b.processes[newborn] = append(b.bots, newborn), process
		b.mu.Unlock()
		b.born.beat()
	}
}

// all returns the bots in the order of their births.
func (b *births) all() []bot {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.bots)
}

// after returns the first bot that was born after the first n.
func (b *births) after(ctx context.Context, n int) (bot, error) {
	for {
		born := b.born.wait()
		if bots := b.all(); len(bots) > n {
			return bots[n], nil
		}
		select {
		case <-born:
		case <-ctx.Done():
			return bot{}, fmt.Errorf("no bot was launched: %w", context.Cause(ctx))
		}
	}
}

// close stops listening.
func (b *births) close() error {
	errs := []error{b.pipe.Close()}
	b.read.Wait()
	for _, process := range b.processes {
		errs = append(errs, process.Release())
	}
	return errors.Join(errs...)
}

// kill ends every bot that lives, with all that is of its process group.
func (b *births) kill() error {
	var errs []error
	for _, bot := range b.all() {
		errs = append(errs, b.signal(bot, syscall.SIGKILL))
	}
	return errors.Join(errs...)
}

// lives tells whether the bot's process has not ended.
func (b *births) lives(bot bot) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.processes[bot].Signal(syscall.Signal(0)) == nil
}

// signal sends a signal to the bot's process group. That the bot has ended is no error.
func (b *births) signal(bot bot, sig syscall.Signal) error {
	if !b.lives(bot) {
		return nil
	}
	if err := syscall.Kill(-bot.pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("signal %v to bot %s: %w", sig, bot.slave, err)
	}
	return nil
}

// handled tells whether the bot handled the line.
func (b bot) handled(line ledger.Handled) bool { return line.Process == b.process() }
