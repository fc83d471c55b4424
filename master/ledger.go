package master

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shardbaton/baton/master/core"
)

const (
	// defaultSessionAge is how old a session may be to be resumed after a restart.
	defaultSessionAge = 30 * time.Second
	// clockSkew is by how much a session may be from the future, because a clock was
	// set. One that is further off has no known age.
	clockSkew = 5 * time.Second
)

// launchRecord is what the shell alone knows of a launched slave.
type launchRecord struct {
	// Token is what its hello must say.
	Token string
	// Handle finds its process again, see [Attacher]; empty: nothing does, or the
	// process was not started yet.
	Handle string
}

// ledger is a master's record together with its entries in a journal. It is not
// safe for use by several goroutines.
type ledger struct {
	record   core.Record
	places   map[core.SlaveID]uint64
	lastSeen uint64      // the greatest place that was given out
	reported []time.Time // when the session of each shard was written down last
	launches map[core.SlaveID]launchRecord

	// changed holds the entries that differ from the journal's, oldest change first.
	changed []entryID
	isIn    map[entryID]bool // changed, as a set
}

// entryID is an entry by what it is about.
type entryID struct {
	prefix string // or the whole key
	shard  int
	slave  core.SlaveID
}

func (id entryID) key() string {
	switch id.prefix {
	case shardPrefix:
		return shardKey(id.shard)
	case slavePrefix, launchPre:
		return idKey(id.prefix, id.slave)
	}
	return id.prefix
}

// openLedger reads the entries of a journal. The error is a [*JournalError].
func openLedger(entries map[string][]byte) (*ledger, error) {
	l := &ledger{
		places: make(map[core.SlaveID]uint64), launches: make(map[core.SlaveID]launchRecord),
		isIn: make(map[entryID]bool),
	}
	shards := make(map[int]shardEntry)
	count := 0
	// In order, so that of several defects the same one is told each time.
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		var err error
		value := entries[key]
		switch {
		case key == shardsKey:
			var e shardsEntry
			err = decodeEntry(key, value, &e)
			count = e.Shards
		case key == upgradeKey:
			var e upgradeEntry
			err = decodeEntry(key, value, &e)
			l.record.Upgrade = e.record()
		case key == commandKey:
			var e commandEntry
			err = decodeEntry(key, value, &e)
			l.record.Command = texts[string](e.Command)
		case strings.HasPrefix(key, shardPrefix):
			var e shardEntry
			var shard int
			if shard, err = parseShardKey(key); err == nil {
				err = decodeEntry(key, value, &e)
			}
			shards[shard] = e
		case strings.HasPrefix(key, slavePrefix):
			err = l.readSlave(key, value)
		case strings.HasPrefix(key, launchPre):
			err = l.readLaunch(key, value)
		default:
			err = &JournalError{Key: key, Err: fmt.Errorf("%w (this version has no such entries)", ErrJournalNewer)}
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(l.record.Slaves, func(a, b core.SlaveRecord) int { return cmp.Compare(l.places[a.Slave], l.places[b.Slave]) })
	return l, l.takeShards(count, shards)
}

func (l *ledger) readSlave(key string, value []byte) error {
	var e slaveEntry
	if err := decodeEntry(key, value, &e); err != nil {
		return err
	}
	id := core.SlaveID(e.Slave)
	if idKey(slavePrefix, id) != key {
		return nonsense(key, "it is about slave %q", id)
	}
	for other, place := range l.places {
		if place == e.Place {
			return nonsense(key, "slave %q has the same place", other)
		}
	}
	l.record.Slaves = append(l.record.Slaves, core.SlaveRecord{Slave: id, Dialect: e.Dialect, Launched: e.Launched, Ending: e.Ending, Lease: e.Lease})
	l.places[id] = e.Place
	l.lastSeen = max(l.lastSeen, e.Place)
	return nil
}

func (l *ledger) readLaunch(key string, value []byte) error {
	var e launchEntry
	if err := decodeEntry(key, value, &e); err != nil {
		return err
	}
	id := core.SlaveID(e.Slave)
	if idKey(launchPre, id) != key {
		return nonsense(key, "it is about slave %q", id)
	}
	l.launches[id] = launchRecord{Token: string(e.Token), Handle: string(e.Handle)}
	return nil
}

// takeShards puts the shards' entries in their places; there must be one for each.
func (l *ledger) takeShards(count int, shards map[int]shardEntry) error {
	if count != len(shards) {
		return nonsense(shardsKey, "%d shards, and entries of %d", count, len(shards))
	}
	if count > 0 {
		l.record.Shards, l.reported = make([]core.ShardRecord, count), make([]time.Time, count)
	}
	for shard, e := range shards {
		if shard >= count {
			return nonsense(shardKey(shard), "there are %d shards", count)
		}
		l.record.Shards[shard], l.reported[shard] = e.record()
	}
	return nil
}

// restored is what a master begins with.
type restored struct {
	// Record is nil when the journal was empty.
	Record   *core.Record
	Launches map[core.SlaveID]launchRecord
	// Expired are the shards whose sessions are not in Record because they are too
	// old to be resumed.
	Expired []int
}

// restore returns a copy of what the ledger holds, without the sessions that were
// written down longer than maxAge before now, or after it; 0 means 30 s.
func (l *ledger) restore(now time.Time, maxAge time.Duration) restored {
	if maxAge == 0 {
		maxAge = defaultSessionAge
	}
	r := restored{Launches: maps.Clone(l.launches)}
	if l.empty() {
		return r
	}
	r.Record = l.record.Clone()
	for i := range r.Record.Shards {
		shard := &r.Record.Shards[i]
		age := now.Sub(l.reported[i])
		if shard.Session != (core.Session{}) && (age > maxAge || age < -clockSkew) {
			shard.Session = core.Session{}
			r.Expired = append(r.Expired, i)
		}
	}
	return r
}

// empty reports whether there is nothing but launches, which say nothing by
// themselves.
func (l *ledger) empty() bool {
	r := &l.record
	return len(r.Shards) == 0 && len(r.Slaves) == 0 && r.Upgrade == nil && len(r.Command) == 0
}

// apply makes a change that came up at that time. The error says that this version
// does not know how to write it down.
func (l *ledger) apply(c core.Change, at time.Time) error {
	before := len(l.record.Shards)
	switch c := c.(type) {
	case core.SlaveKnown:
		if _, known := l.places[c.Slave]; !known {
			l.lastSeen++
			l.places[c.Slave] = l.lastSeen
		}
		l.mark(entryID{prefix: slavePrefix, slave: c.Slave})
	case core.SlaveGone:
		delete(l.places, c.Slave)
		delete(l.launches, c.Slave)
		l.mark(entryID{prefix: slavePrefix, slave: c.Slave})
		l.mark(entryID{prefix: launchPre, slave: c.Slave})
	case core.ShardCount:
		l.reported = make([]time.Time, max(c.Shards, 0))
		l.mark(entryID{prefix: shardsKey})
		for shard := range max(before, c.Shards) {
			l.mark(entryID{prefix: shardPrefix, shard: shard})
		}
	case core.ShardChanged:
		if c.Shard < 0 || c.Shard >= before {
			return nil
		}
		l.reported[c.Shard] = at
		l.mark(entryID{prefix: shardPrefix, shard: c.Shard})
	case core.UpgradeChanged:
		l.mark(entryID{prefix: upgradeKey})
	case core.CommandChanged:
		l.mark(entryID{prefix: commandKey})
	default:
		return fmt.Errorf("master: no entry of the journal can hold a %T", c)
	}
	l.record.Apply(c)
	return nil
}

// launch notes what the shell knows of a launched slave.
func (l *ledger) launch(id core.SlaveID, r launchRecord) {
	l.launches[id] = r
	l.mark(entryID{prefix: launchPre, slave: id})
}

func (l *ledger) mark(id entryID) {
	if !l.isIn[id] {
		l.isIn[id] = true
		l.changed = append(l.changed, id)
	}
}

// unwritten returns what must be written for the journal to agree with the ledger.
// It is the same, and more, until settle is called.
func (l *ledger) unwritten() ([]JournalChange, error) {
	changes := make([]JournalChange, len(l.changed))
	for i, id := range l.changed {
		changes[i].Key = id.key()
		e := l.entry(id)
		if e == nil {
			continue
		}
		value, err := json.Marshal(e)
		if err != nil {
			return nil, &JournalError{Key: changes[i].Key, Err: err}
		}
		changes[i].Value = value
	}
	return changes, nil
}

// settle says that what unwritten returned was written.
func (l *ledger) settle() {
	l.changed = l.changed[:0]
	clear(l.isIn)
}

// entry returns the value of an entry, or nil when there is none.
func (l *ledger) entry(id entryID) any {
	v := version{entryVersion}
	r := &l.record
	switch id.prefix {
	case shardsKey:
		if len(r.Shards) > 0 {
			return shardsEntry{v, len(r.Shards)}
		}
	case shardPrefix:
		if id.shard < len(r.Shards) {
			return entryOfShard(r.Shards[id.shard], l.reported[id.shard])
		}
	case upgradeKey:
		if r.Upgrade != nil {
			return entryOfUpgrade(r.Upgrade)
		}
	case commandKey:
		if len(r.Command) > 0 {
			return commandEntry{v, texts[text](r.Command)}
		}
	case launchPre:
		if launch, ok := l.launches[id.slave]; ok {
			return launchEntry{v, text(id.slave), text(launch.Token), text(launch.Handle)}
		}
	case slavePrefix:
		i := slices.IndexFunc(r.Slaves, func(s core.SlaveRecord) bool { return s.Slave == id.slave })
		if i >= 0 {
			s := r.Slaves[i]
			return slaveEntry{v, text(s.Slave), l.places[s.Slave], s.Dialect, s.Launched, s.Ending, s.Lease}
		}
	}
	return nil
}
