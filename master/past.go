package master

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/master/core"
)

// journalTimeout bounds reading the journal at the start, and writing what is left of
// it at the end.
const journalTimeout = 10 * time.Second

// openJournal reads what an earlier master has written down.
func (l *loop) openJournal(ctx context.Context) (restored, error) {
	if l.m.cfg.Journal == nil {
		return restored{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, journalTimeout)
	defer cancel()
	entries, err := l.m.cfg.Journal.Load(ctx)
	if err != nil {
		return restored{}, errors.Join(fmt.Errorf("master: read the journal: %w", err), l.m.cfg.Journal.Close())
	}
	book, err := openLedger(entries)
	if err != nil {
		return restored{}, errors.Join(err, l.m.cfg.Journal.Close())
	}
	past := book.restore(time.Now(), l.m.cfg.SessionAge)
	l.scribe = newScribe(l.m.cfg.Journal, book, l.log)
	return past, nil
}

// closeJournal writes what is left and lets go of the journal.
func (l *loop) closeJournal() error {
	if l.scribe == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), journalTimeout)
	defer cancel()
	return errors.Join(l.scribe.close(ctx), l.m.cfg.Journal.Close())
}

// journal has a change written down. What is about to be launched gets its token here,
// so that the journal knows the token before there is a process that has it.
func (l *loop) journal(e core.Journal) {
	if known, ok := e.Change.(core.SlaveKnown); ok && known.Launched && known.Dialect == 0 {
		if s := l.slave(known.Slave); s.token == "" {
			s.token = newToken()
			l.recordLaunch(s)
		}
	}
	l.scribe.change(e.Seq, e.Change, l.now)
}

// noteJournal tells the core how far the journal has got.
func (l *loop) noteJournal() {
	l.now = time.Now()
	now := l.scribe.progress()
	if now.Trouble != nil {
		l.publish(core.Problem{Shard: -1, Err: fmt.Errorf("%w: %w", ErrJournal, now.Trouble)})
	}
	l.step(core.Journaled{Seq: now.Safe})
}

// begin takes up an earlier master's work, if there is any: first what it knew, then
// what became of the processes that it had launched.
func (l *loop) begin(past restored) {
	if past.Record != nil && past.Record.Upgrade != nil {
		l.asked = max(l.asked, numberOf(past.Record.Upgrade.Upgrade))
	}
	if len(past.Expired) > 0 {
		l.log.Info("sessions in the journal are too old to be resumed", zap.Ints("shards", past.Expired), zap.Duration("limit", l.m.cfg.SessionAge))
	}
	if past.Record != nil && len(past.Record.Command) > 0 && !slices.Equal(past.Record.Command, l.m.cfg.Command) {
		l.log.Warn("the command of the last upgrade is launched, not the configured one; an upgrade with another command changes that",
			zap.String("program", past.Record.Command[0])) // its arguments may hold secrets
	}
	l.step(core.Started{Record: past.Record})
	if past.Record == nil {
		return
	}
	for _, known := range past.Record.Slaves {
		launch, ok := past.Launches[known.Slave]
		if !ok || !known.Launched {
			continue
		}
		l.slave(known.Slave).token = launch.Token
		l.group.Go(func() { l.reattach(known.Slave, launch) })
	}
}

// numberOf returns n of the upgrade "un", or 0.
func numberOf(id core.UpgradeID) int {
	var n int
	if _, err := fmt.Sscanf(string(id), "u%d", &n); err != nil {
		return 0
	}
	return n
}

// reattach finds the process of an earlier master's slave again, and attends it.
func (l *loop) reattach(id core.SlaveID, launch launchRecord) {
	process, err := l.findProcess(launch)
	switch {
	case process == nil && err == nil:
	case errors.Is(err, ErrGone):
		l.m.post(input{call: func(l *loop) { l.exitedBefore(id) }})
	case err != nil:
		l.log.Warn("the process of an earlier master's slave cannot be found", zap.String("slave", string(id)), zap.Error(err))
	default:
		l.m.post(input{call: func(l *loop) { l.attached(id, process) }})
		exit, err := process.Wait(l.work)
		if err == nil {
			l.m.post(input{call: func(l *loop) { l.exited(l.slave(id), exit) }})
		}
		if held, ok := process.(io.Closer); ok {
			if err := held.Close(); err != nil {
				l.log.Warn("a process that was found again cannot be let go of", zap.String("slave", string(id)), zap.Error(err))
			}
		}
	}
}

// findProcess looks for the process of an earlier master's slave. Without a process and
// without an error there is no way to look for it.
func (l *loop) findProcess(launch launchRecord) (Process, error) {
	launcher := l.m.cfg.launcher()
	if attacher, ok := launcher.(Attacher); ok && launch.Handle != "" {
		return attacher.Attach(l.work, launch.Handle)
	}
	// That master may have died between the start of the process and the news of it.
	if finder, ok := launcher.(Finder); ok && launch.Handle == "" {
		return finder.Find(l.work, launch.Token)
	}
	return nil, nil
}

// attached introduces a process that was found to the core.
func (l *loop) attached(id core.SlaveID, p Process) {
	s := l.slave(id)
	s.launched, s.process = true, p
	l.recordLaunch(s)
	l.step(core.Attached{Slave: id, PID: p.PID()})
	if s.doomed {
		l.kill(id)
	}
}

// exitedBefore tells the core that a process of an earlier master's had ended before
// this one began.
func (l *loop) exitedBefore(id core.SlaveID) {
	s := l.slave(id)
	s.token = ""
	l.forgetIdle(s)
	l.step(core.Exited{Slave: id, Code: -1, Reason: "it ended while there was no master"})
}
