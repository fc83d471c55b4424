package slaveclient

import "context"

// Assignment is a slave's share of the shards.
type Assignment struct {
	// NumShards is the number of shards that the whole bot has: what IDENTIFY
	// calls num_shards.
	NumShards int
	// Shards are the numbers of the shards that this slave has, ascending. The
	// slice belongs to the callee.
	Shards []int
}

// Bot is what a bot implements. It has the calls of the YAGPDB master's slave
// interface, with contexts and errors, and StartShard reports the outcome.
//
// Every context ends at the callback's deadline (see [Config]), and when Run's
// own context ends. A callback that outlives its context delays the end of Run.
type Bot interface {
	// SoftStart prepares the bot to connect beside an older one that still
	// serves: until FullStart its handlers update the state and do nothing else.
	// The shards are then started one by one with StartShard.
	SoftStart(ctx context.Context, a Assignment) error

	// FullStart starts everything other than the shards: from now on the bot
	// acts on events. It comes after the shards have started, and only once in
	// the life of a process. The assignment has the shards that came up.
	FullStart(ctx context.Context, a Assignment) error

	// Shutdown ends the bot: it closes what is still open and waits for the
	// handlers that still run, those of handed-over shards among them. Shards that
	// run were stopped by StopShard before, as far as they could be, if there was a
	// master of dialect 2 to tell their sessions to. Nothing is called after it.
	Shutdown(ctx context.Context) error

	// StartShardTransferFrom prepares the bot to hand shards over and returns
	// the number of shards that the whole bot has. It is called again for another
	// upgrade when one has failed.
	StartShardTransferFrom(ctx context.Context) (numShards int, err error)

	// StartShardTransferTo prepares the bot to receive shards from a bot with
	// numShards shards.
	StartShardTransferTo(ctx context.Context, numShards int) error

	// StopShard lets go of a shard, because it goes elsewhere, the slave ends or its
	// lease is over, and sends its state, which nobody may want (see
	// [StateSender.Dropped]): freeze the gate, close
	// the gateway connection with a code other than 1000 and 1001, and pass the
	// records to out. Handlers that run on their own may go on; see [Gate].
	//
	// The session belongs to the next owner from the moment of the return. A zero
	// one without an error says that the shard has stopped and had no session: the
	// next owner has to IDENTIFY. With an error the zero Session says that the
	// shard runs on as before; any other says that it has stopped and could be
	// resumed with that session.
	StopShard(ctx context.Context, shard int, out StateSender) (Session, error)

	// StartShard connects a shard: by RESUME if s is a session, by IDENTIFY if s
	// is zero. It returns when the gateway has said RESUMED or READY, and says
	// which. If the gateway does not take the session, the bot decides whether
	// to IDENTIFY (and says Fresh) or to fail. After an error the shard must not
	// be connected, now or later.
	StartShard(ctx context.Context, shard, numShards int, s Session) (Started, error)

	// LoadGuildState takes in one record that the shard's last owner sent: not
	// only those of [KindGuild]. The shard does not run yet. The record belongs
	// to the callee.
	//
	// The shard may still turn out not to come: records may be followed by
	// those of another attempt, which replace them.
	LoadGuildState(ctx context.Context, shard int, r Record) error
}

// PreCopier is implemented by a bot that can send a shard's state while the
// shard still runs, so that StopShard has less to send.
type PreCopier interface {
	// CopyShard sends the shard's state as it is now and from then on keeps
	// account of what changes; see [StateSender.Copied]. Each call starts anew.
	CopyShard(ctx context.Context, shard int, out StateSender) error
}

// Armer is implemented by a bot that can dial the gateway before it has the
// session, which takes the dial out of the time in which nobody serves.
type Armer interface {
	// ArmShard opens the shard's gateway connection at resumeURL (empty: the
	// ordinary URL) and returns when it is open. The connection waits for
	// StartShard and must close by itself when none comes within a few seconds:
	// nobody says that it is no longer needed. A failure costs only the
	// advantage.
	ArmShard(ctx context.Context, shard, numShards int, resumeURL string) error
}

// HealthChecker is implemented by a bot that can tell whether it is well: whether
// its database answers, whether its workers keep up. A master that has just moved
// shards to this process takes them back when it is not.
type HealthChecker interface {
	// Health returns nil when the bot is well, and else why it is not, in a few words:
	// the master is told the first 256 bytes. It is asked once for each heartbeat (1 s
	// by default) while there is a master and this process has something to do, never
	// again before it has returned, and beside whatever other callbacks run. When it
	// has not returned by the end of ctx (lifecycle.SlaveDeadlines.Health, 5 s by
	// default), the bot counts as unhealthy until it does.
	Health(ctx context.Context) error
}

// LeaseUser is implemented by a bot that can be run by a master which grants
// leases: one that has to stop by itself when it has lost its master.
type LeaseUser interface {
	// UseLease gives the bot its lease, before anything else is called. The bot asks
	// it before each action that the world outside can see; see [Lease].
	UseLease(l *Lease)
}

// Checkpointer is implemented by a bot that can tell a running shard's session
// at any moment. The master is told with each heartbeat, and the next owner
// learns the resume URL early.
type Checkpointer interface {
	// ShardSession returns the session of a running shard, with the sequence of
	// the last handled event ([Gate.Last]), or false when it has none, or does not
	// run any more. It must return at once and may be called from any goroutine at any
	// time, also while the shard is being started or stopped.
	ShardSession(shard int) (s Session, ok bool)
}
