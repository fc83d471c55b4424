package slaveclient

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// dialTimeout bounds one attempt to reach the master.
const dialTimeout = 10 * time.Second

// dialled is a connection to the master, or the attempt to make one. The runner
// has at most one per link; events of any other are stale.
type dialled struct {
	cancel context.CancelFunc // ends the attempt
	conn   *wire.Conn         // nil until it is made
}

func (r *runner) dial(l core.Link) {
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	d := &dialled{cancel: cancel}
	r.links[l] = d
	r.helpers.Go(func() {
		defer cancel()
		network, address, _ := splitAddr(r.cfg.Addr) // checked with the Config
		nc, err := r.cfg.Dial(ctx, network, address)
		if err != nil {
			r.post(func() { r.lose(l, d, err) })
			return
		}
		conn := wire.NewConn(nc, r.connConfig(l))
		select {
		case r.posts <- func() { r.made(l, d, conn) }:
		case <-r.done:
			_ = conn.Close()
			return
		}
		err = conn.Serve(r.reader(l, conn))
		r.stateLink.drop(conn)
		_ = conn.Close()
		r.post(func() { r.lose(l, d, err) })
	})
}

// connConfig says how a link is written to.
func (r *runner) connConfig(l core.Link) wire.ConnConfig {
	c := wire.ConnConfig{Limits: r.cfg.Limits, Logger: r.cfg.Logger}
	if l == core.State {
		c.WriteTimeout = -1 // back pressure may last; a dead master shows on the control link
	} else {
		// In dialect 1 a guild state at its largest may wait here, and answers behind it.
		c.QueueLimit = r.cfg.Limits.For(wire.EvtGuildState) + wire.DefaultQueueLimit
	}
	return c
}

// made takes a new connection, unless it is no longer wanted.
func (r *runner) made(l core.Link, d *dialled, conn *wire.Conn) {
	if r.links[l] != d {
		_ = conn.Close()
		return
	}
	d.conn = conn
	r.step(core.LinkUp{Link: l})
	if l == core.State && r.links[l] == d {
		r.stateLink.set(conn) // after the Hello, which has to be the first frame
	}
}

// lose tells the core about the end of a link, or of the attempt to make one.
func (r *runner) lose(l core.Link, d *dialled, err error) {
	if r.links[l] != d {
		return
	}
	delete(r.links, l)
	r.step(core.LinkDown{Link: l, Reason: err.Error()})
}

// closeLink closes a link; nothing more is heard of it.
func (r *runner) closeLink(l core.Link) {
	d := r.links[l]
	if d == nil {
		return
	}
	delete(r.links, l)
	d.cancel()
	if d.conn != nil {
		r.stateLink.drop(d.conn)
		_ = d.conn.Close()
	}
}

// farewellWait bounds how long the end waits for the master's last answers.
const farewellWait = time.Second

// farewell waits until the master has answered every heartbeat. One that is still
// answering when the link is closed may drop what it has not read yet: the goodbye.
func (r *runner) farewell() {
	wait := time.NewTimer(farewellWait)
	defer wait.Stop()
	for r.unanswered > 0 && r.links[core.Control] != nil {
		select {
		case do := <-r.posts:
			do()
		case <-wait.C:
			return
		}
	}
}

// closeLinks sends what is queued on the control link and closes both.
func (r *runner) closeLinks() {
	if d := r.links[core.Control]; d != nil && d.conn != nil {
		_ = d.conn.Flush() // bounded by the write timeout; there is nobody left to tell
	}
	r.closeLink(core.State)
	r.closeLink(core.Control)
}

// reader returns what handles a link's frames.
func (r *runner) reader(l core.Link, conn *wire.Conn) func(wire.Message) error {
	if l == core.State {
		return func(m wire.Message) error { return r.readRecord(m, conn) }
	}
	return func(m wire.Message) error {
		data, err := wire.Decode(m)
		if err != nil {
			return err
		}
		r.post(func() {
			if d := r.links[l]; d != nil && d.conn == conn {
				r.noteAnswer(m.Event)
				r.step(core.Received{Type: m.Event, Data: data})
			}
		})
		return nil
	}
}

// readRecord reads a record of the state link, when there is room for it.
func (r *runner) readRecord(m wire.Message, conn *wire.Conn) error {
	var d wire.StateRecordData
	if m.Event != wire.EvtGuildState {
		return fmt.Errorf("want only %s on the state link, got %s", wire.EvtGuildState, m.Event)
	}
	if err := wire.DecodeBody(m.Event, m.Body, &d); err != nil {
		return err
	}
	record := core.Record{Kind: d.Kind, Key: d.Key, Payload: d.Payload}
	sum := wire.RecordSum(d.Number, d.Kind, d.Key, d.Payload)
	if !r.budget.take(weight(record), conn.Done()) {
		return conn.Err()
	}
	r.post(func() {
		if now := r.links[core.State]; now == nil || now.conn != conn {
			r.budget.give(weight(record))
			return
		}
		r.step(core.RecordIn{Shard: d.Shard, Epoch: d.Epoch, Number: d.Number, Sum: sum, Record: record})
	})
	return nil
}

// weight is what a record takes from the budget, in bytes.
func weight(r core.Record) int {
	const overhead = 128 // the values that hold it
	return len(r.Kind) + len(r.Key) + len(r.Payload) + overhead
}

// send sends a message; on a link that is lost it is dropped, see core.Send.
func (r *runner) send(e core.Send) {
	d := r.links[e.Link]
	if d == nil || d.conn == nil {
		return
	}
	r.noteSent(e)
	if err := d.conn.Enqueue(e.Type, r.withSessions(e.Data)); err != nil && !lost(err) {
		r.log(core.Note{Level: core.Error, Shard: core.NoShard, Err: err.Error(), Text: fmt.Sprintf("%s cannot be sent; closing the link", e.Type)})
		_ = d.conn.Close()
	}
}

// noteSent notes when something is sent that the master answers by letting the lease
// run on: at the latest now.
func (r *runner) noteSent(e core.Send) {
	if e.Link != core.Control {
		return
	}
	switch d := e.Data.(type) {
	case *wire.SlaveHelloData:
		r.sent = sentTimes{0: time.Now()}
		r.unanswered = 0
	case *wire.HeartbeatData:
		r.unanswered++
		if r.leased {
			r.sent[d.Beat] = time.Now()
		}
	}
}

func (r *runner) noteAnswer(e wire.EventType) {
	if e == wire.EvtHeartbeat {
		r.unanswered--
	}
}

// withSessions fills in the sessions of the shards that serve, as the bot knows
// them now.
func (r *runner) withSessions(data any) any {
	switch d := data.(type) {
	case *wire.SlaveHelloData:
		filled := *d
		filled.Shards = r.checkpointed(d.Shards)
		return &filled
	case *wire.HeartbeatData:
		filled := *d
		filled.Shards = r.checkpointed(d.Shards)
		return &filled
	case *wire.ShardMigrationStartData:
		if d.FromThisSlave {
			filled := *d
			filled.Shards = r.checkpointed(d.Shards)
			return &filled
		}
	}
	return data
}

func (r *runner) checkpointed(list []wire.ShardInfo) []wire.ShardInfo {
	teller, ok := r.bot.(Checkpointer)
	if !ok || len(list) > core.ShardsWithSessions {
		return list
	}
	list = slices.Clone(list)
	for i, info := range list {
		switch lifecycle.ShardState(info.Phase) {
		case lifecycle.ShardRunning, lifecycle.ShardCopying, lifecycle.ShardStopping, lifecycle.ShardOverdue:
		default:
			continue
		}
		var s Session
		var known bool
		if err := guard("ShardSession", info.Shard, func() error {
			s, known = teller.ShardSession(info.Shard)
			return nil
		}); err != nil {
			r.logPanic(err)
			continue
		}
		if known {
			list[i].SessionID, list[i].Sequence, list[i].ResumeURL = s.ID, s.Sequence, s.ResumeURL
		}
	}
	return list
}
