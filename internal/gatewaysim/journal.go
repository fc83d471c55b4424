package gatewaysim

import (
	"slices"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// journal holds the ledger's deliveries. It grows in pieces, so that no event has
// to wait while a long slice is copied. The gateway's lock guards it.
type journal struct {
	pieces    [][]ledger.Delivery // all but the last are full
	size      int                 // pieces to keep
	forgotten uint64              // the number up to which events may be missing
}

// pieceSize is how many deliveries a piece holds.
const pieceSize = 4096

func newJournal(deliveries int) journal {
	return journal{size: max(2, (deliveries+pieceSize-1)/pieceSize)}
}

func (j *journal) append(d ledger.Delivery) {
	last := len(j.pieces) - 1
	if last < 0 || len(j.pieces[last]) == pieceSize {
		if len(j.pieces) == j.size {
			oldest := j.pieces[0]
			j.forgotten = oldest[len(oldest)-1].Number
			j.pieces = slices.Delete(j.pieces, 0, 1)
		}
		j.pieces = append(j.pieces, make([]ledger.Delivery, 0, pieceSize))
		last = len(j.pieces) - 1
	}
	j.pieces[last] = append(j.pieces[last], d)
}

// snapshot returns what stands in the journal now. It may be read without the
// lock, as entries do not change.
func (j *journal) snapshot() [][]ledger.Delivery { return slices.Clone(j.pieces) }
