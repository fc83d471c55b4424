package ledger

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Sent is the gateway's side: every delivery of every numbered event, and every
// connection that held a shard.
type Sent struct {
	// Forgotten is the number up to which events were dropped to save memory;
	// neither they nor lines about them are judged.
	Forgotten   uint64       `json:"forgotten,omitempty"`
	Deliveries  []Delivery   `json:"deliveries"`
	Connections []Connection `json:"connections"`
}

// Delivery is one event in one session's stream. An event that was produced
// while no session covered its guild has one Delivery with an empty Session and
// no Sequence.
type Delivery struct {
	Stream
	Number   uint64    `json:"number"`
	Session  string    `json:"session,omitempty"`
	Sequence int       `json:"sequence,omitempty"`
	At       time.Time `json:"at"` // when it was produced
	// Previous is the number of the event before that changed the same thing;
	// it is meaningful when Changes is set.
	Previous uint64 `json:"previous,omitempty"`
	Changes  bool   `json:"changes,omitempty"` // the event alters what a bot caches
}

// Connection is the time for which one connection held a session.
type Connection struct {
	Stream
	ID      uint64    `json:"id"`
	Session string    `json:"session"`
	Resumed bool      `json:"resumed,omitempty"` // by RESUME rather than IDENTIFY
	From    time.Time `json:"from"`
	To      time.Time `json:"to"` // zero while it lasts
	// TookOver is set when the session was still held by another connection,
	// which was cut for this one.
	TookOver bool `json:"took_over,omitempty"`
}

// Write writes the ledger as one JSON object.
func (s Sent) Write(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(s); err != nil {
		return fmt.Errorf("ledger: write what was sent: %w", err)
	}
	return nil
}

// ReadSent reads what Write wrote.
func ReadSent(r io.Reader) (Sent, error) {
	var s Sent
	if err := json.NewDecoder(r).Decode(&s); err != nil {
		return Sent{}, fmt.Errorf("ledger: read what was sent: %w", err)
	}
	return s, nil
}
