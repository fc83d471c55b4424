package core

import (
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// Options say who this slave is. All durations must be set.
type Options struct {
	SlaveID, Token, Version string
	// NumShards is the bot's wish; 0 means none.
	NumShards int
	// PreCopy, Arm and Health say what the bot offers.
	PreCopy, Arm, Health bool
	// Stateless says that the bot can resume a shard whose state is lost.
	Stateless bool
	// OnlyDialect1 keeps dialect 2 from being offered.
	OnlyDialect1 bool
	// BackoffMin and BackoffMax bound the pause between two dials.
	BackoffMin, BackoffMax time.Duration
	Deadlines              lifecycle.SlaveDeadlines

	// Tables are for tests: a search proves nothing if it does not fail on a table
	// that is wrong. nil: [StandardTables].
	Tables *Tables
	// Trace is told each row that is taken, by its index in the table. nil: nobody is.
	Trace func(table string, row int)
}

// defaultHeartbeat is the interval when the master's Welcome names none.
const defaultHeartbeat = time.Second

// quietBeats is how many heartbeats may go by without a word from the master
// before its link counts as dead: a cut cable is silent.
const quietBeats = 5
