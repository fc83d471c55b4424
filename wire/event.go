package wire

import "strconv"

// EventType is the first word of a frame: what the message is about. The numbers are fixed for ever, because
// processes of different versions talk to each other; 1 to 10 are those of YAGPDB's master v1.5.2.
type EventType uint32

// The events of dialect 1. Who sends which, and what it is answered with, is written at each.
const (
	// EvtSoftStart (master → slave) asks a new slave to connect its shards and to keep its state up to date, and to start nothing
	// else. Answer: EvtSoftStartComplete. Body: empty in dialect 1, StartData in dialect 2.
	EvtSoftStart EventType = 1
	// EvtFullStart (master → slave) asks for everything: at a cold start the shards as well, after a soft start or a migration
	// what was held back. Body: empty in dialect 1, StartData in dialect 2, which also echoes it.
	EvtFullStart EventType = 2
	// EvtShardMigrationStart (both ways) announces that shards will move from or to this slave; the slave echoes it when
	// it is ready. Body: ShardMigrationStartData.
	EvtShardMigrationStart EventType = 3
	// EvtStopShard (both ways) asks a slave to let go of a shard. Dialect 1 answers with the same event, dialect 2 with
	// EvtShardStopped; in both the shard's state was sent before. Body: StopShardData.
	//
	// A v1.5.2 slave that has never been the source of a migration shuts down when it gets this.
	EvtStopShard EventType = 4
	// EvtResume (both ways) hands a shard's session to its new owner, which echoes it once the shard runs.
	// Body: ResumeShardData.
	EvtResume EventType = 5
	// EvtShutdown (both ways) tells a slave to end; the slave echoes it when it has. Body: none.
	EvtShutdown EventType = 6
	// EvtGuildState carries one record of state from the old owner through the master to the new one, unread and unchanged.
	// Body: GuildStateData on a dialect 1 control link, StateRecordData on a dialect 2 state link.
	EvtGuildState EventType = 7

	// EvtSlaveHello (slave → master) is the first frame of every link. Body: SlaveHelloData.
	EvtSlaveHello EventType = 8
	// EvtSoftStartComplete (slave → master) says that all shards of a soft start are connected and wait. Body: none.
	EvtSoftStartComplete EventType = 9
	// EvtShardStopped (slave → master) says that a shard was let go and all its state sent. Dialect 1 has the number but never
	// sends it. Body: ShardStoppedData.
	EvtShardStopped EventType = 10
)

// The events that dialect 2 adds. A dialect 1 peer skips them.
const (
	// EvtWelcome (master → slave) takes the offer of dialect 2 in a hello. Body: WelcomeData.
	EvtWelcome EventType = 11
	// EvtHeartbeat (both ways) shows that the link lives; the slave's carries its shards' sessions (HeartbeatData), the
	// master's answer is empty.
	EvtHeartbeat EventType = 12
	// EvtFailure (slave → master) answers a request that could not be met. Body: FailureData.
	EvtFailure EventType = 13
	// EvtCopyShard (both ways) asks the old owner to send state while the shard still runs, and says when that is done.
	// Body: CopyShardData.
	EvtCopyShard EventType = 14
	// EvtArmShard (both ways) asks the new owner to open the shard's connection ahead of the hand-over, and says when that
	// is done. Body: ArmShardData.
	EvtArmShard EventType = 15
)

// String returns the event's name as in the constants, or EventType(n) for a number that is not one of them.
func (e EventType) String() string {
	if name := e.name(); name != "" {
		return name
	}
	return "EventType(" + strconv.FormatUint(uint64(e), 10) + ")"
}

// Known says whether e is one of the events above. A Reader skips frames of other events.
func (e EventType) Known() bool { return e >= EvtSoftStart && e <= EvtArmShard }

// EventNames returns the name of every event, by number. The map is the caller's own.
func EventNames() map[EventType]string {
	names := make(map[EventType]string, EvtArmShard)
	for e := EvtSoftStart; e <= EvtArmShard; e++ {
		names[e] = e.name()
	}
	return names
}

func (e EventType) name() string {
	switch e {
	case EvtSoftStart:
		return "EvtSoftStart"
	case EvtFullStart:
		return "EvtFullStart"
	case EvtShardMigrationStart:
		return "EvtShardMigrationStart"
	case EvtStopShard:
		return "EvtStopShard"
	case EvtResume:
		return "EvtResume"
	case EvtShutdown:
		return "EvtShutdown"
	case EvtGuildState:
		return "EvtGuildState"
	case EvtSlaveHello:
		return "EvtSlaveHello"
	case EvtSoftStartComplete:
		return "EvtSoftStartComplete"
	case EvtShardStopped:
		return "EvtShardStopped"
	case EvtWelcome:
		return "EvtWelcome"
	case EvtHeartbeat:
		return "EvtHeartbeat"
	case EvtFailure:
		return "EvtFailure"
	case EvtCopyShard:
		return "EvtCopyShard"
	case EvtArmShard:
		return "EvtArmShard"
	}
	return ""
}
