package core

import "strconv"

// LinkID identifies one control connection. The caller chooses it; it is never 0 and
// never used for a second connection.
type LinkID uint64

// SlaveID identifies a slave's process over all of its connections.
type SlaveID string

// UpgradeID identifies an upgrade. The caller chooses those of [UpgradeAsked];
// one that the core starts by itself is called "hello-1", "hello-2", and so on.
type UpgradeID string

// Life says what kind of machine a [Timer] belongs to.
type Life uint8

// The lives that wait.
const (
	MasterLife Life = iota + 1
	LinkLife
	ShareLife
	UpgradeLife
	MoveLife
	LeaseLife
	// TotalLife is the clock of a whole upgrade.
	TotalLife
)

// String returns the life in lower case, as the tables are called.
func (l Life) String() string {
	switch l {
	case MasterLife:
		return "master"
	case LinkLife:
		return "link"
	case ShareLife:
		return "share"
	case UpgradeLife:
		return "upgrade"
	case MoveLife:
		return "move"
	case LeaseLife:
		return "lease"
	case TotalLife:
		return "total"
	}
	return "Life(" + strconv.Itoa(int(l)) + ")"
}

// Timer identifies a timer. A machine waits for one thing at a time, so its
// timer is known by the machine.
type Timer struct {
	Of Life
	// ID is the LinkID, the number of the share, the shard of the move, the number of
	// the slave whose lease it is, or 0.
	ID uint64
}

// String returns for example "move 3", or "upgrade".
func (t Timer) String() string {
	if t.Of == MasterLife || t.Of == UpgradeLife || t.Of == TotalLife {
		return t.Of.String()
	}
	return t.Of.String() + " " + strconv.FormatUint(t.ID, 10)
}
