package slaveclient

import "context"

// KindGuild is the kind of the records that describe one guild each. It is the
// only kind that dialect 1 carries, and there the payload has to be exactly one
// msgpack value.
const KindGuild = "guild"

// Record is one piece of a shard's state on its way to the next owner.
type Record struct {
	// Kind says what the payload describes. A bot and its plugins choose their
	// own kinds; see [KindGuild] for the one with a meaning on the wire.
	Kind string
	// Key identifies the record within its shard and kind. A later record with
	// the same kind and key replaces the earlier one.
	Key string
	// Payload is the bot's own encoding. Baton never looks into it. At most
	// 64 MiB less some bytes of frame, see the wire package.
	Payload []byte
}

// StateSender takes a shard's records on their way to the next owner. Each
// sender serves one call of [Bot.StopShard] or [PreCopier.CopyShard] and is
// void when the call returns: after that Send answers [ErrSenderVoid].
type StateSender interface {
	// Send passes a record on, in order. It copies what it keeps of the payload.
	//
	// It blocks while the way to the next owner is full or cut, until ctx or the
	// context of the callback ends; it then returns that context's error. Any
	// error is final for the hand-over: return it.
	//
	// Towards a master of dialect 1 a record of another kind than [KindGuild]
	// cannot be carried; it is left out with a warning in the log.
	Send(ctx context.Context, r Record) error

	// Copied reports whether a CopyShard of this same hand-over has returned
	// without an error, so that the next owner already has the state as it was
	// then. If true, StopShard owes only what has changed since; if false,
	// everything, whatever was copied for an earlier attempt.
	Copied() bool

	// Dropped reports whether nobody receives what is sent, because the slave lets
	// go of the shard by itself: Send takes every record and drops it, and a bot may
	// as well send nothing.
	Dropped() bool
}
