package core

import (
	"fmt"

	"github.com/shardbaton/baton/wire"
)

// inbox checks the state that comes for one shard and epoch (S4: exactly the
// records 0..n, with the right digest, before the resume).
type inbox struct {
	open   bool
	epoch  uint64
	next   uint64 // number of the record that has to come next
	loaded uint64 // how many the bot has applied
	digest wire.Digest
	fault  string // why this can no longer become whole
	cut    bool   // the link for state broke: what has not come by now may be lost
}

// awaits reports whether records of an epoch are taken.
func (b *inbox) awaits(epoch uint64) bool { return b.open && b.epoch == epoch }

// take judges a record and reports whether it is to be loaded.
func (b *inbox) take(r RecordIn) bool {
	switch {
	case !b.awaits(r.Epoch) || b.fault != "":
		return false
	case r.Number < b.next:
		b.fault = fmt.Sprintf("record %d came twice", r.Number)
		return false
	case r.Number > b.next:
		b.fault = fmt.Sprintf("record %d came when record %d was due", r.Number, b.next)
		return false
	}
	b.next++
	b.digest.Add(r.Sum)
	return true
}

// applied notes what became of a record that was taken.
func (b *inbox) applied(r Loaded) {
	if r.Err != "" && b.fault == "" {
		b.fault = fmt.Sprintf("LoadGuildState of record %d: %s", r.Number, r.Err)
	}
	b.loaded++
}

// whole reports whether the state that the Resume speaks of is applied. A shard
// that starts without a session needs none: the gateway sends it everything, so
// what a dead owner had begun to send does not matter.
func (b *inbox) whole(want *wire.ResumeShardData) bool {
	if want.SessionID == "" && want.Records == 0 {
		return true
	}
	if !b.awaits(want.Epoch) {
		return want.Records == 0 && wire.Digest{}.Matches(want.Digest)
	}
	return b.fault == "" && b.next == want.Records && b.loaded == b.next && b.digest.Matches(want.Digest)
}

// broken returns why it cannot become whole, or nothing.
func (b *inbox) broken(want *wire.ResumeShardData) string {
	switch {
	case b.whole(want):
		return ""
	case !b.awaits(want.Epoch):
		return fmt.Sprintf("%d records are said to have been sent, but the shard's coming was not announced", want.Records)
	case b.fault != "":
		return b.fault
	case b.next > want.Records:
		return fmt.Sprintf("%d records came, but only %d are said to have been sent", b.next, want.Records)
	case b.next < want.Records && b.cut:
		return fmt.Sprintf("the link for state broke, and %d of %d records had come", b.next, want.Records)
	case b.next == want.Records && !b.digest.Matches(want.Digest):
		return fmt.Sprintf("the digest of the %d records is not the sender's", b.next)
	default:
		return ""
	}
}

// missing describes how far an incomplete inbox is.
func (b *inbox) missing(want *wire.ResumeShardData) string {
	return fmt.Sprintf("%d of %d records had come and %d were applied when the time was up", b.next, want.Records, b.loaded)
}
