package batondisgo

import (
	"context"
	"log/slog"
	"time"

	"github.com/disgoorg/snowflake/v2"

	"github.com/shardbaton/baton/slaveclient"
)

// State is a kind of state of a bot's own that travels with each shard.
type State interface {
	// Kind names it, the same in every version of the bot.
	Kind() string
	// Export sends the state that belongs to the shard, when no event of it is
	// handled any more (but handlers made by [Async] may still run). If copied is
	// true, Copy was called for this hand-over, and only what has changed since
	// is owed. send copies what it keeps; an error from it has to be returned.
	Export(ctx context.Context, shard int, copied bool, send func(key string, payload []byte) error) error
	// Import takes in what Export or Copy sent, in order. It comes before the
	// shard starts.
	Import(ctx context.Context, shard int, key string, payload []byte) error
}

// CopiedState is a [State] that can be sent while the shard runs.
type CopiedState interface {
	State
	// Copy sends the state as it is, and from then on the state keeps account of
	// what changes. It may be called again, for another hand-over.
	Copy(ctx context.Context, shard int, send func(key string, payload []byte) error) error
}

// stopSoon is how long the next shard's copy waits for this one's stop, which
// may take longer while the next owner is dialling.
const stopSoon = 50 * time.Millisecond

// resumeSoon is how long the next shard's copy waits once this one has stopped, so
// that the processor is free for the resume.
const resumeSoon = 10 * time.Millisecond

// A copy is followed by at most passes more over what changed meanwhile, and by
// none once fewChanges are left.
const (
	passes     = 2
	fewChanges = 4
)

// CopyShard implements [slaveclient.PreCopier]. Shards take turns from the copy to
// the stop, so that what a stopped shard still owes, and the next owner's work on
// it, does not wait behind the copies of other shards.
func (b *Bot) CopyShard(ctx context.Context, id int, out slaveclient.StateSender) error {
	if err := b.turns.take(ctx, id); err != nil {
		return err
	}
	err := b.copyShard(ctx, id, out)
	if err != nil {
		b.turns.pass(id)
		return err
	}
	b.turns.passIn(id, stopSoon)
	return nil
}

func (b *Bot) copyShard(ctx context.Context, id int, out slaveclient.StateSender) error {
	for _, s := range b.cfg.States {
		if s, ok := s.(CopiedState); ok {
			if err := s.Copy(ctx, id, sender(ctx, s, out)); err != nil {
				return err
			}
		}
	}
	if err := b.sendBegin(ctx, id, out, true); err != nil {
		return err
	}
	guilds := b.mirror.guildsOf(id, b.total())
	if err := b.sendWhole(ctx, guilds, out); err != nil {
		return err
	}
	for pass := 0; pass < passes && b.mirror.pending(guilds) > fewChanges; pass++ {
		if err := b.sendChanges(ctx, guilds, out); err != nil {
			return err
		}
	}
	return nil
}

// sendRest sends what a stopped shard still owes.
func (b *Bot) sendRest(ctx context.Context, id int, out slaveclient.StateSender) error {
	if out.Dropped() {
		for _, guild := range b.mirror.guildsOf(id, b.total()) {
			b.mirror.endCopy(guild)
		}
		return nil
	}
	if err := b.sendBegin(ctx, id, out, !out.Copied()); err != nil {
		return err
	}
	guilds := b.mirror.guildsOf(id, b.total())
	send := b.sendWhole
	if out.Copied() {
		send = b.sendChanges
	}
	if err := send(ctx, guilds, out); err != nil {
		return err
	}
	for _, guild := range guilds {
		b.mirror.endCopy(guild)
	}
	for _, s := range b.cfg.States {
		_, copies := s.(CopiedState)
		if err := s.Export(ctx, id, copies && out.Copied(), sender(ctx, s, out)); err != nil {
			return err
		}
	}
	return nil
}

// sendBegin sends what goes before the guilds.
func (b *Bot) sendBegin(ctx context.Context, id int, out slaveclient.StateSender, all bool) error {
	r, err := b.mirror.begin(id, b.total(), all)
	if err != nil {
		return err
	}
	return out.Send(ctx, r)
}

// sendWhole sends all of the guilds. What changes meanwhile is noted.
func (b *Bot) sendWhole(ctx context.Context, guilds []snowflake.ID, out slaveclient.StateSender) error {
	for _, guild := range guilds {
		if err := b.sendGuild(ctx, guild, out); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bot) sendGuild(ctx context.Context, guild snowflake.ID, out slaveclient.StateSender) error {
	r, ok, err := b.mirror.whole(guild)
	if err != nil || !ok {
		return err
	}
	return out.Send(ctx, r)
}

// sendChanges sends what has changed, and all of the guilds that were not copied
// because they are new.
func (b *Bot) sendChanges(ctx context.Context, guilds []snowflake.ID, out slaveclient.StateSender) error {
	for _, guild := range guilds {
		at, copied := b.mirror.takeChanges(guild)
		if !copied {
			if err := b.sendGuild(ctx, guild, out); err != nil {
				return err
			}
			continue
		}
		r, ok, err := b.mirror.changes(guild, at, b.records.Add(1))
		if err != nil {
			return err
		}
		if ok {
			if err := out.Send(ctx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// LoadGuildState implements [slaveclient.Bot].
func (b *Bot) LoadGuildState(ctx context.Context, id int, r slaveclient.Record) error {
	if r.Kind == slaveclient.KindGuild {
		if err := b.mirror.load(r.Payload); err != nil {
			return &StateError{Kind: r.Kind, Key: r.Key, Err: err}
		}
		return nil
	}
	for _, s := range b.cfg.States {
		if s.Kind() == r.Kind {
			if err := s.Import(ctx, id, r.Key, r.Payload); err != nil {
				return &StateError{Kind: r.Kind, Key: r.Key, Err: err}
			}
			return nil
		}
	}
	// The old version had a plugin that this one has not.
	b.log.Warn("a record of a kind that this version of the bot does not know is left out",
		slog.Int("shard", id), slog.String("kind", r.Kind), slog.String("key", r.Key))
	return nil
}

func sender(ctx context.Context, s State, out slaveclient.StateSender) func(string, []byte) error {
	return func(key string, payload []byte) error {
		return out.Send(ctx, slaveclient.Record{Kind: s.Kind(), Key: key, Payload: payload})
	}
}
