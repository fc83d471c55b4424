package gatewaysim

import "time"

// record is one dispatch, kept in the least form from which its text can be
// made: replay buffers hold thousands of them.
type record struct {
	kind     kind
	guild    int32 // index of the guild
	number   uint64
	previous uint64
	at       time.Time
}

// kind tells what a record dispatches and what number and previous mean.
type kind uint8

const (
	kindReady       kind = iota
	kindGuildCreate      // number, previous: last updates of the guild and of its member
	kindResumed
	kindMessage      // number
	kindGuildUpdate  // number, and previous of the guild
	kindMemberUpdate // number, and previous of the member
)

// intent is what a session must have asked for to get such a record.
func (k kind) intent() Intents {
	switch k {
	case kindGuildCreate, kindGuildUpdate:
		return IntentGuilds
	case kindMemberUpdate:
		return IntentGuildMembers
	case kindMessage:
		return IntentGuildMessages
	}
	return 0
}

// changes tells whether a record alters what bots cache.
func (k kind) changes() bool { return k == kindGuildUpdate || k == kindMemberUpdate }
