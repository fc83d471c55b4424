package control

import (
	"context"
	"time"
)

// Backend is what the API commands: a master, see [ForMaster].
type Backend interface {
	// Status tells how things stand now.
	Status() Status
	// Upgrade runs one upgrade to its end and calls progress, from one goroutine,
	// for each step. The context bounds only the beginning. The error says why none
	// was begun; how one that was begun has ended, the result says.
	Upgrade(ctx context.Context, plan Plan, progress func(Progress)) (Result, error)
	// Watch follows the upgrade that runs, whoever has begun it, as Upgrade does. The
	// error says why there is none to follow, or is the context's.
	Watch(ctx context.Context, progress func(Progress)) (Result, error)
	// Pause has the upgrade that runs pause, Resume has it go on, and Abort has it take
	// every shard back. They return when that is noted; the error says why it cannot be
	// done now.
	Pause(ctx context.Context) error
	Resume(ctx context.Context) error
	Abort(ctx context.Context, reason string) error
	// Forget says that a slave's process is dead. The error says why that cannot be
	// so.
	Forget(ctx context.Context, slave string) error
}

// Abort is why an upgrade shall take every shard back.
type Abort struct {
	// Reason stands in the upgrade's result; it may be empty.
	Reason string `json:"reason,omitempty"`
}

// Line is one line of what follows an upgrade: one field is set.
type Line struct {
	Progress *Progress `json:"progress,omitempty"`
	Result   *Result   `json:"result,omitempty"`
}

// Progress is one step of an upgrade.
type Progress struct {
	At time.Time `json:"at"`
	// State is the upgrade's, by its name in the table "upgrade".
	State string `json:"state"`
	// Back says that the upgrade's way is back to the old slaves.
	Back bool `json:"back,omitempty"`
	// Total is how many shards are to move, Moved how many of them have arrived.
	Moved int `json:"moved"`
	Total int `json:"total"`
	// Move is set when a shard's hand-over has gone a step further.
	Move *Move `json:"move,omitempty"`
	// Failure is why the upgrade has just paused or turned back, if something failed.
	Failure *Failure `json:"failure,omitempty"`
	// Note says in words what else happened, such as a slave that was launched.
	Note string `json:"note,omitempty"`
}

// Move is where the hand-over of one shard stands.
type Move struct {
	Shard int `json:"shard"`
	// State is the move's, by its name in the table "move".
	State string `json:"state"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
	Epoch uint64 `json:"epoch"`
	// Fresh says that the shard needed an IDENTIFY.
	Fresh bool `json:"fresh,omitempty"`
	// Back says that the shard is on its way to the old owner.
	Back bool `json:"back,omitempty"`
	// Arrived says that the shard runs on its new owner, Returned that it runs on the
	// old one again.
	Arrived  bool `json:"arrived,omitempty"`
	Returned bool `json:"returned,omitempty"`
}
