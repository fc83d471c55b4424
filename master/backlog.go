package master

import (
	"time"

	"github.com/shardbaton/baton/master/core"
)

// backlog holds changes until they are written down. A change makes the earlier ones
// needless that it would undo, so that the backlog stays as small as the record is,
// however long the journal does not answer. Each call takes the same time, however
// much is in it.
type backlog struct {
	// first and last are the ends of the list, in the order in which the changes
	// have to be made.
	first, last *note
	latest      map[topic]*note
	seq         uint64 // of the last change that was ever added
}

// note is one change, or what the shell knows of a launch.
type note struct {
	prev, next *note
	topic      topic
	at         time.Time
	change     core.Change // nil: it is about a launch
	launch     launchRecord
}

// topic is what a note is about. Of two about the same topic the later one counts.
type topic struct {
	kind  topicKind
	shard int
	slave core.SlaveID
}

type topicKind uint8

const (
	anyTopic topicKind = iota // nothing is known that it would undo
	slaveTopic
	goneTopic
	launchTopic
	shardTopic
	upgradeTopic
	commandTopic
)

func topicOf(c core.Change) topic {
	switch c := c.(type) {
	case core.SlaveKnown:
		return topic{kind: slaveTopic, slave: c.Slave}
	case core.SlaveGone:
		return topic{kind: goneTopic, slave: c.Slave}
	case core.ShardChanged:
		return topic{kind: shardTopic, shard: c.Shard}
	case core.UpgradeChanged:
		return topic{kind: upgradeTopic}
	case core.CommandChanged:
		return topic{kind: commandTopic}
	}
	// Among them ShardCount, of which one does not undo another.
	return topic{}
}

func newBacklog() backlog { return backlog{latest: make(map[topic]*note)} }

// add puts a change behind those that are there.
func (b *backlog) add(seq uint64, c core.Change, at time.Time) {
	b.seq = seq
	t := topicOf(c)
	if t.kind == goneTopic {
		b.drop(topic{kind: slaveTopic, slave: t.slave})
		b.drop(topic{kind: launchTopic, slave: t.slave})
	}
	b.put(note{topic: t, at: at, change: c})
}

// addLaunch notes what is known of a launched slave.
func (b *backlog) addLaunch(id core.SlaveID, r launchRecord) {
	b.put(note{topic: topic{kind: launchTopic, slave: id}, launch: r})
}

func (b *backlog) put(n note) {
	var old *note
	if n.topic.kind != anyTopic {
		old = b.latest[n.topic]
	}
	switch {
	case old == nil:
		old = new(note)
		if n.topic.kind != anyTopic {
			b.latest[n.topic] = old
		}
	case n.topic.kind == slaveTopic:
		// A slave keeps the place at which it became known.
		old.change, old.at = n.change, n.at
		return
	default:
		// A shard's change may count only behind that of the number of shards.
		b.unlink(old)
	}
	*old = n
	b.push(old)
}

func (b *backlog) drop(t topic) {
	if n := b.latest[t]; n != nil {
		b.unlink(n)
		delete(b.latest, t)
	}
}

func (b *backlog) push(n *note) {
	if n.prev = b.last; n.prev != nil {
		n.prev.next = n
	} else {
		b.first = n
	}
	b.last = n
}

func (b *backlog) unlink(n *note) {
	if n.prev != nil {
		n.prev.next = n.next
	} else {
		b.first = n.next
	}
	if n.next != nil {
		n.next.prev = n.prev
	} else {
		b.last = n.prev
	}
	n.prev, n.next = nil, nil
}
