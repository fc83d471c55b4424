package master

import (
	"errors"
	"fmt"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// link is a slave's control connection. Its fields but id and conn belong to the
// loop.
type link struct {
	id   core.LinkID
	conn *wire.Conn
	// slave is known once the slave was welcomed to dialect 2.
	slave core.SlaveID
	token string
	// closing says that nothing more of the link concerns the core but its end.
	closing bool
	// reason is why this side closes it.
	reason error
}

// serveControl reads a control link to its end, on the connection's goroutine.
// Its hello was read already.
func (l *loop) serveControl(conn *wire.Conn, hello *wire.SlaveHelloData) {
	k := &link{id: core.LinkID(l.lastLink.Add(1)), conn: conn, token: hello.Token}
	l.m.post(input{call: func(l *loop) { l.open(k, hello) }})
	verdict := make(chan *link, 1)
	err := conn.Serve(func(m wire.Message) error {
		if m.Event == wire.EvtGuildState {
			return l.forwardState(k, m, verdict)
		}
		data, err := wire.Decode(m)
		if err != nil {
			return err
		}
		return l.report(input{event: core.Received{Link: k.id, Type: m.Event, Data: data}})
	})
	l.m.post(input{call: func(l *loop) { l.lose(k, err) }})
}

// forwardState passes on a guild state of dialect 1, which shares the link with
// control. The loop says where it goes and this goroutine writes it, so that a
// target that reads slowly holds up its source and nobody else, and nothing is
// buffered. What follows on the link is read afterwards: the order stays.
func (l *loop) forwardState(k *link, m wire.Message, verdict chan *link) error {
	event := core.Received{Link: k.id, Type: m.Event, Body: m.Body}
	if err := l.report(input{event: event, verdict: verdict}); err != nil {
		return err
	}
	select {
	case target := <-verdict:
		if target == nil {
			return nil
		}
		if err := target.conn.WriteMessage(m); err != nil {
			l.log.Warn("guild state not forwarded", zap.Uint64("link", uint64(target.id)), zap.Error(err))
		}
		return nil
	case <-l.m.over:
		return ErrStopped
	}
}

// report is post for a reader, which ends with the master.
func (l *loop) report(in input) error {
	if !l.m.post(in) {
		return ErrStopped
	}
	return nil
}

// open introduces a link to the core, unless its hello is a lie.
func (l *loop) open(k *link, hello *wire.SlaveHelloData) {
	if s := l.slaves[core.SlaveID(hello.SlaveID)]; s != nil && s.token != "" && !sameToken(s.token, hello.Token) {
		refusal := fmt.Errorf("%w: it claims the id of a launched slave without the launch token", core.ErrRefused)
		_ = k.conn.Enqueue(wire.EvtFailure, &wire.FailureData{
			Event: wire.EvtSlaveHello, Shard: -1, Code: lifecycle.FailureRefused, Text: refusal.Error(),
		})
		l.finish(k)
		l.publish(core.Problem{Slave: s.id, Shard: -1, Err: refusal})
		return
	}
	l.links[k.id] = k
	l.step(core.Opened{Link: k.id})
	l.step(core.Received{Link: k.id, Type: wire.EvtSlaveHello, Data: hello})
}

// hears tells whether the core is to hear of what comes on a link.
func (l *loop) hears(id core.LinkID) bool {
	k := l.links[id]
	return k != nil && !k.closing
}

// lose tells the core that a link has ended.
func (l *loop) lose(k *link, err error) {
	if l.links[k.id] != k {
		return
	}
	delete(l.links, k.id)
	if s := l.slaves[k.slave]; s != nil && s.link == k {
		s.link = nil
		l.drainState(s)
		l.forgetIdle(s)
	}
	l.step(core.Lost{Link: k.id, Reason: lostBecause(k.reason, err)})
}

// lostBecause says in words why a link ended.
func lostBecause(own, read error) string {
	if own != nil {
		return own.Error()
	}
	var ended *wire.LinkError
	if errors.As(read, &ended) {
		return fmt.Sprintf("%s: %v", ended.Op, ended.Err)
	}
	return read.Error()
}

// send queues a message. It never waits: a slave that does not read loses its link.
func (l *loop) send(e core.Send) {
	k := l.links[e.Link]
	if k == nil || k.closing {
		return
	}
	if welcome, ok := e.Data.(*wire.WelcomeData); ok {
		l.welcome(k, core.SlaveID(welcome.SlaveID))
	}
	if err := k.conn.Enqueue(e.Type, e.Data); err != nil {
		l.cut(k, e.Type, err)
	}
}

// cut ends a link on which a message could not be sent. Where the link had ended
// before, its reader tells.
func (l *loop) cut(k *link, event wire.EventType, err error) {
	var ended *wire.LinkError
	if errors.As(err, &ended) {
		return
	}
	l.log.Error("link closed: a message could not be sent", zap.Uint64("link", uint64(k.id)), zap.Stringer("event", event), zap.Error(err))
	k.reason = err
	_ = k.conn.Close()
}

// welcome notes whose control link this is, for the state link that follows. One
// that the slave had with an older control link is not used any more.
func (l *loop) welcome(k *link, id core.SlaveID) {
	k.slave = id
	s := l.slave(id)
	l.dropState(s)
	s.link = k
}

// closeLink ends a link after what was sent to it has gone out.
func (l *loop) closeLink(e core.CloseLink) {
	k := l.links[e.Link]
	if k == nil || k.closing {
		return
	}
	k.reason = errors.New(e.Reason)
	l.finish(k)
}

// finish closes a link once what was queued on it has gone out.
func (l *loop) finish(k *link) {
	k.closing = true
	l.group.Go(func() {
		_ = k.conn.Flush()
		_ = k.conn.Close()
	})
}
