package lifecycle

// The codes with which a slave says why it did not carry out a request, in
// wire.FailureData.
const (
	// FailureEpoch: the request is older than what the slave has seen.
	FailureEpoch = "epoch"
	// FailureRefused: the slave, or the shard in it, is not in a state in which
	// this can be asked for.
	FailureRefused = "refused"
	// FailureShards: there is no such shard, or the number of shards is not the
	// one that the slave runs with.
	FailureShards = "shards"
	// FailureState: the state did not come whole, so the shard was not resumed.
	FailureState = "state"
	// FailureBot: the bot returned an error or panicked.
	FailureBot = "bot"
	// FailureDeadline: the bot, or the state, took too long.
	FailureDeadline = "deadline"
	// FailureLease: the slave's lease is over, so nothing may start or run in it.
	FailureLease = "lease"
	// FailureUnsupported: the bot does not offer this.
	FailureUnsupported = "unsupported"
)
