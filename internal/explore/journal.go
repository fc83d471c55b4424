package explore

import (
	"slices"

	mcore "github.com/shardbaton/baton/master/core"
)

// journal is what a master has written down. It outlives the master.
type journal struct {
	// safe is what outlives a crash; nil: nothing was ever written.
	safe *mcore.Record
	// tail was written after that and may be lost, from any point on.
	tail []mcore.Journal
}

// write takes one change. The tail is never changed in place: worlds share it.
func (j *journal) write(e mcore.Journal) {
	j.tail = append(j.tail[:len(j.tail):len(j.tail)], e)
}

// keep makes the first n changes of the tail safe and drops the others if lost.
func (j *journal) keep(n int, lost bool) {
	rest := j.tail[n:]
	if lost {
		rest = nil
	}
	if n == 0 {
		j.tail = rest
		return
	}
	safe := j.safe.Clone()
	if safe == nil {
		safe = &mcore.Record{}
	}
	for _, e := range j.tail[:n] {
		safe.Apply(e.Change)
	}
	j.safe, j.tail = safe, rest
}

// knows reports whether a slave is in what is safe.
func (j *journal) knows(id string) bool {
	return j.safe != nil && slices.ContainsFunc(j.safe.Slaves, func(s mcore.SlaveRecord) bool { return string(s.Slave) == id })
}

// counts reports whether the next master waits for a slave: it was written down with its
// first hello.
func (j *journal) counts(id string) bool {
	return j.safe != nil && slices.ContainsFunc(j.safe.Slaves, func(s mcore.SlaveRecord) bool { return string(s.Slave) == id && s.Dialect > 0 })
}
