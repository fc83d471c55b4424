package simulate

import (
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// masterDeadlines are shorter than the usual ones, in about the same proportions, so
// that what takes a deadline to be noticed does not take many events.
func masterDeadlines() lifecycle.Deadlines {
	const s = time.Second
	return lifecycle.Deadlines{
		Hello: 4 * s, StateLink: 6 * s, Silence: 4 * s, Return: 6 * s, Relaunch: 6 * s,
		Launch: 5 * s, Appear: 15 * s, Turn: 180 * s, ColdStart: 60 * s, Kill: 5 * s,
		Prepare: 10 * s, Copy: 14 * s, Arm: 14 * s, Stop: 12 * s, HandOver: 5 * s,
		Resume: 50 * s, GiveBack: 50 * s, Progress: 90 * s, FullStart: 20 * s, SoftStart: 60 * s,
		CutOver: 6 * s, Retire: 20 * s, Settle: 90 * s, Restore: 20 * s, Drain: 120 * s,
		Journal: 15 * s, Pause: 20 * s, Total: 300 * s,
	}
}

// slaveDeadlines go with them.
func slaveDeadlines() lifecycle.SlaveDeadlines {
	const s = time.Second
	return lifecycle.SlaveDeadlines{
		Prepare: 6 * s, FullStart: 15 * s, Shutdown: 15 * s, Copy: 10 * s, Arm: 2 * s,
		Stop: 8 * s, Load: 4 * s, State: 6 * s, Start: 15 * s, Identify: 6 * s, Grace: s,
	}
}
