package batondisgo

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/gateway"
)

// facade is the gateway of a shard as the bot sees it: the same one over all the
// lives that the shard has.
type facade struct{ shard *shard }

var _ gateway.Gateway = (*facade)(nil)

func (f *facade) ShardID() int    { return f.shard.id }
func (f *facade) ShardCount() int { return f.shard.total() }

// SessionID is nil while there is no session.
func (f *facade) SessionID() *string {
	session, ok := f.shard.checkpoint()
	if !ok {
		return nil
	}
	return &session.ID
}

// LastSequenceReceived is that of the last event that was handled.
func (f *facade) LastSequenceReceived() *int {
	session, ok := f.shard.checkpoint()
	if !ok {
		return nil
	}
	last := int(session.Sequence)
	return &last
}

func (f *facade) ResumeURL() *string {
	session, ok := f.shard.checkpoint()
	if !ok {
		return nil
	}
	return &session.ResumeURL
}

// Intents are known while there is a connection.
func (f *facade) Intents() gateway.Intents {
	if l := f.shard.connected(); l != nil {
		return l.gw.Intents()
	}
	return gateway.IntentsNone
}

// Open fails: Baton starts shards, not the bot.
func (f *facade) Open(context.Context) error {
	return fmt.Errorf("batondisgo: shard %d: a shard is started by the master: %w", f.shard.id, discord.ErrGatewayAlreadyConnected)
}

// Close stops the shard. Its session stays resumable.
func (f *facade) Close(ctx context.Context) {
	if err := f.shard.stop(ctx); err != nil {
		f.shard.bot.log.Warn("a shard was not stopped", slog.Int("shard", f.shard.id), slog.Any("err", err))
	}
}

// CloseWithCode stops the shard; the code is always one that leaves the session
// resumable.
func (f *facade) CloseWithCode(ctx context.Context, _ int, _ string) { f.Close(ctx) }

func (f *facade) Status() gateway.Status {
	if l := f.shard.connected(); l != nil {
		return l.gw.Status()
	}
	return gateway.StatusDisconnected
}

func (f *facade) Send(ctx context.Context, op gateway.Opcode, data gateway.MessageData) error {
	l := f.shard.connected()
	if l == nil {
		return discord.ErrShardNotReady
	}
	return l.gw.Send(ctx, op, data)
}

func (f *facade) Latency() time.Duration {
	if l := f.shard.connected(); l != nil {
		return l.pulse.last()
	}
	return 0
}

func (f *facade) Presence() *gateway.MessageDataPresenceUpdate {
	if l := f.shard.connected(); l != nil {
		return l.gw.Presence()
	}
	return nil
}
