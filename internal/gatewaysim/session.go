package gatewaysim

import (
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// session is what IDENTIFY starts and RESUME takes up again. The gateway's lock
// guards it.
type session struct {
	id          string
	stream      ledger.Stream
	application uint64
	intents     Intents

	log replayLog

	conn     *conn     // nil while detached
	detached time.Time // since when, while conn is nil
	lastBeat int       // the highest sequence that a heartbeat acknowledged
	written  int       // the first sequence that no connection has been given yet
	wanted   bool      // a heartbeat is to be asked for, behind the first dispatch
	beyond   int       // with a sequence above this one
	ended    bool
}

// replayLog holds the dispatches of a session with consecutive sequences: those
// that a RESUME may ask for again, and those that are still to be sent. Sequences
// count from 1.
type replayLog struct {
	first   int // sequence of records[0]
	records []record
}

// last is the highest sequence given out, 0 when there is none.
func (l *replayLog) last() int { return l.first + len(l.records) - 1 }

func (l *replayLog) append(r record) (sequence int) {
	l.records = append(l.records, r)
	return l.last()
}

// from returns up to limit records beginning with the given sequence.
func (l *replayLog) from(sequence, limit int) []record {
	start := sequence - l.first
	return l.records[start:min(start+limit, len(l.records))]
}

// dropBefore forgets what comes before the sequence.
func (l *replayLog) dropBefore(sequence int) {
	n := min(sequence-l.first, len(l.records))
	if n <= 0 {
		return
	}
	l.records = l.records[n:]
	l.first += n
}

// replayable is the lowest sequence that is sure to be there for a RESUME when the
// log is trimmed to size.
func (l *replayLog) replayable(size int) int { return max(l.first, l.last()-size+1) }

// trim keeps the last size records, and all from the sequence unsent on.
func (l *replayLog) trim(size, unsent int) {
	l.dropBefore(min(l.replayable(size), unsent))
}

// unsent is the first sequence that the attached connection has not been given.
// A detached session has none: what it holds is for RESUME.
func (s *session) unsent() int {
	if s.conn == nil {
		return s.log.last() + 1
	}
	return s.conn.cursor
}
