package slaveclient

import (
	"context"
	"errors"

	"github.com/vmihailenco/msgpack/v5"
	"go.uber.org/zap"

	"github.com/shardbaton/baton/wire"
)

// transfer is the state that leaves with one shard at one epoch. Pre-copy and stop
// share it: their records are numbered as one sequence.
type transfer struct {
	shard int
	epoch uint64
	// turn is held while a record is sent, so that the order of the numbers is that
	// of the frames.
	turn    chan struct{}
	records uint64
	digest  wire.Digest
}

func newTransfer(shard int, epoch uint64) *transfer {
	return &transfer{shard: shard, epoch: epoch, turn: make(chan struct{}, 1)}
}

// sender is the StateSender of one callback.
type sender struct {
	*transfer
	run      *runner
	callback context.Context
	copied   bool
	dropped  bool
	void     bool // guarded by turn
	// conn is the control link of a dialect 1 master. When that is lost the rest
	// must not go to its successor, which knows nothing of this hand-over. nil
	// means the state link of dialect 2.
	conn *wire.Conn
	// left counts the records that dialect 1 cannot carry.
	left int
}

// Copied implements StateSender.
func (s *sender) Copied() bool { return s.copied }

// Dropped implements StateSender.
func (s *sender) Dropped() bool { return s.dropped }

// Send implements StateSender.
func (s *sender) Send(ctx context.Context, r Record) error {
	ctx, cancel := merge(ctx, s.callback)
	defer cancel()
	select {
	case s.turn <- struct{}{}: // first, so that a void sender says so although its context has ended, too
	default:
		select {
		case s.turn <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	defer func() { <-s.turn }()
	if s.void {
		return ErrSenderVoid
	}
	if s.dropped {
		return nil
	}
	if s.conn != nil {
		return s.sendGuildState(ctx, r)
	}
	data := &wire.StateRecordData{
		Shard: s.shard, Epoch: s.epoch, Number: s.records, Kind: r.Kind, Key: r.Key, Payload: r.Payload,
	}
	if err := s.run.sendState(ctx, data); err != nil {
		return err
	}
	s.digest.Add(wire.RecordSum(s.records, r.Kind, r.Key, r.Payload))
	s.records++
	return nil
}

// sendGuildState sends a record the way dialect 1 does, or leaves it out.
func (s *sender) sendGuildState(ctx context.Context, r Record) error {
	if r.Kind != KindGuild {
		s.left++
		return nil
	}
	data := &wire.GuildStateData{GuildState: msgpack.RawMessage(r.Payload)}
	if err := s.run.enqueue(ctx, s.conn, data); err != nil {
		return err
	}
	s.records++
	return nil
}

// close makes the sender void and returns what was sent in all.
func (s *sender) close() (records uint64, digest wire.Digest) {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	s.void = true
	if s.left > 0 {
		s.run.cfg.Logger.Warn("records left out: dialect 1 carries only those of kind "+KindGuild,
			zap.Int("shard", s.shard), zap.Int("records", s.left))
	}
	return s.records, s.digest
}

// sendState sends a record on the state link, or on the next one when there is
// none: what a lost link has swallowed shows in the numbers.
func (r *runner) sendState(ctx context.Context, data *wire.StateRecordData) error {
	for {
		conn, err := r.stateLink.wait(ctx)
		if err != nil {
			return err
		}
		err = r.enqueue(ctx, conn, data)
		if !lost(err) {
			return err
		}
		r.stateLink.drop(conn)
	}
}

// enqueue queues a record on a link and waits, while the queue is full, until ctx
// ends.
func (r *runner) enqueue(ctx context.Context, conn *wire.Conn, data any) error {
	for {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		err := conn.Enqueue(wire.EvtGuildState, data)
		if !errors.Is(err, wire.ErrQueueFull) {
			return err
		}
		flushed := make(chan struct{})
		r.helpers.Go(func() {
			defer close(flushed)
			_ = conn.Flush() // the next Enqueue reports what ended the link
		})
		select {
		case <-flushed:
		case <-ctx.Done():
		}
	}
}

// lost reports whether an error means that the link has ended.
func lost(err error) bool {
	var link *wire.LinkError
	return errors.As(err, &link)
}

// merge returns a context that ends with either of two, and has the values of
// the first.
func merge(a, b context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(a)
	stop := context.AfterFunc(b, func() { cancel(context.Cause(b)) })
	return ctx, func() {
		stop()
		cancel(context.Canceled)
	}
}
