package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/events"
	"go.uber.org/zap"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// notes writes down which events were handled.
type notes struct {
	writer *ledger.Writer // nil: nothing is written down
	logger *zap.Logger
	// stateless says that disgo need not have cached what an event changes. Otherwise
	// that it has not is an offence, which the judge is to see.
	stateless bool
}

// openNotes opens this process's file in the directory.
func openNotes(dir, slave string, logger *zap.Logger) (*notes, error) {
	n := &notes{logger: logger}
	if dir == "" {
		return n, nil
	}
	if slave == "" {
		slave = "bot"
	}
	var err error
	n.writer, err = ledger.Create(dir, fmt.Sprintf("%s-%d", slave, os.Getpid()))
	return n, err
}

func (n *notes) close() {
	if n.writer == nil {
		return
	}
	if err := n.writer.Close(); err != nil {
		n.logger.Error("the notes of what was handled", zap.Error(err))
	}
}

// listener does this bot's work. The state that it depends on is disgo's cache:
// what an event changed before is told by the old value that disgo had cached.
func (n *notes) listener() bot.EventListener {
	return &events.ListenerAdapter{
		OnMessageCreate: func(e *events.MessageCreate) {
			if number, err := strconv.ParseUint(string(e.Message.Nonce), 10, 64); err == nil {
				n.done(e.GenericEvent, number, ledger.Unchecked)
			}
		},
		OnGuildUpdate: func(e *events.GuildUpdate) {
			n.changed(e.GenericEvent, e.Guild.Description, e.OldGuild.Description, e.OldGuild.ID != 0)
		},
		OnGuildMemberUpdate: func(e *events.GuildMemberUpdate) {
			n.changed(e.GenericEvent, e.Member.Nick, e.OldMember.Nick, e.OldMember.User.ID != 0)
		},
	}
}

// changed notes an event that changes something which disgo caches.
func (n *notes) changed(e *events.GenericEvent, now, before *string, cached bool) {
	number, _, ok := ledger.ParseText(text(now))
	if !ok {
		return
	}
	previous, _, _ := ledger.ParseText(text(before))
	if n.stateless && !cached {
		previous = ledger.Unchecked
	}
	n.done(e, number, previous)
}

func (n *notes) done(e *events.GenericEvent, number, previous uint64) {
	if n.writer == nil {
		return
	}
	err := n.writer.Done(ledger.Handled{
		Stream:   ledger.Stream{Shard: e.ShardID(), Shards: e.Client().ShardManager.Shard(e.ShardID()).ShardCount()},
		Sequence: e.SequenceNumber(), Number: number, Previous: previous,
	})
	if err != nil {
		n.logger.Error("the notes of what was handled", zap.Error(err))
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
