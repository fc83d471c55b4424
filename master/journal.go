package master

import "context"

// MaxJournalKey is the length in bytes of the longest key that a master uses in its
// journal. Keys are printable ASCII.
const MaxJournalKey = 1024

// Journal keeps what a master must know to go on after its own death: a set of
// entries, each a key with a value, of which the master alone knows the meaning.
// Package master/journal has one that is a file; a store that is shared by several
// machines can stand behind the same three methods.
//
// Whoever opens a journal owns it: a second master on the same entries must be
// refused before it gets this far. The master calls one method at a time.
type Journal interface {
	// Load returns every entry. The map and the values are the caller's own.
	Load(ctx context.Context) (map[string][]byte, error)
	// Write makes the changes, all or none, in their order, and returns nil when
	// they outlive the process and the machine. After an error either may be the
	// case, and the master writes the same entries again.
	//
	// Write may wait for as long as it takes, and returns soon after the context
	// has ended, as far as what it waits for lets it.
	Write(ctx context.Context, changes []JournalChange) error
	// Close lets go of the journal, so that another master may open it.
	Close() error
}

// JournalChange is the new value of one entry.
type JournalChange struct {
	// Key is not empty and has at most MaxJournalKey bytes.
	Key string
	// Value replaces the value of the key, which need not have had one; nil removes
	// the entry, which need not be there. It is not changed once it was given away.
	Value []byte
}
