package explore

import (
	"slices"

	"github.com/shardbaton/baton/wire"
)

// end is how far one end of a connection is.
type end uint8

const (
	// open: messages come and go.
	open end = iota
	// shutting: it has closed the connection, and its end has yet to be reported.
	shutting
	// over: nothing more is heard of it.
	over
)

// conn is one connection from a slave to a master.
type conn struct {
	id    uint64
	of    string // the slave that has made it
	state bool   // it is the slave's link for state
	// slave and master are the ends.
	slave, master end
	// met says that the master has read the hello; draining that a link for state is
	// out of use and what has arrived on it is still passed on.
	met, draining bool
	// cut says that nothing sent from now on arrives. What was sent before does, unless
	// the connection is torn: then it may, up to some message.
	cut, torn bool
	// up is on its way to the master, down to the slave.
	up, down []message
}

// message is a frame on its way. Of a link for state, data is a *score.RecordIn,
// but for the hello.
type message struct {
	t    wire.EventType
	data any
}

func (k *conn) clone() *conn {
	d := *k
	d.up, d.down = slices.Clone(k.up), slices.Clone(k.down)
	return &d
}

// say puts a message on its way, unless the connection is gone.
func (k *conn) say(toMaster bool, m message) {
	if m.data == nil {
		m.data = wire.NewData(m.t) // as the other end decodes an empty body
	}
	switch {
	case k.cut:
	case toMaster:
		k.up = append(k.up, m)
	default:
		k.down = append(k.down, m)
	}
}

// closeSlave ends the slave's side: it hears nothing more of it. Closing while there
// is something to read resets the connection, which may take with it what was sent.
func (k *conn) closeSlave() {
	k.torn = k.torn || len(k.down) > 0
	k.slave, k.cut, k.down = over, true, nil
}

// closeMaster ends the master's side: it hears nothing more of it.
func (k *conn) closeMaster(as end) {
	k.torn = k.torn || len(k.up) > 0
	k.master, k.cut, k.up = as, true, nil
}
