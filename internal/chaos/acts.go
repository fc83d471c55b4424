package chaos

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/chaos/links"
	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/wire"
)

// freshSlave keeps the serving slave's links away while a bot that was started by
// hand connects, and lets them in again.
func freshSlave(ctx context.Context, b *bed, first bot) (string, error) {
	b.links.Hold(first.slave, links.AllLinks)
	const name = "fresh"
	if err := b.byHand(b.command(), "BATON_ADDR=tcp:"+b.linksAddr, "BATON_SLAVE_ID="+name); err != nil {
		return "", err
	}
	status, err := b.master.await(ctx, func(s control.Status) bool {
		_, known := slaveOf(s, name)
		return known
	})
	if err != nil {
		return "", fmt.Errorf("the fresh slave does not arrive: %w", err)
	}
	// Nobody may take anything over as long as the other one serves on.
	if err := b.load.AwaitHandling(ctx, b.cfg.Shards); err != nil {
		return "", err
	}
	held, _ := slaveOf(status, name)
	b.links.Release(first.slave)
	if _, err := b.master.await(ctx, func(s control.Status) bool {
		one, _ := slaveOf(s, first.slave)
		return one.Link == string(lifecycle.LinkReady)
	}); err != nil {
		return "", fmt.Errorf("the serving slave does not come back: %w", err)
	}
	return fmt.Sprintf("the fresh slave is %q and has %d shards", held.Role, len(held.Shards)), nil
}

func slaveOf(s control.Status, id string) (control.Slave, bool) {
	for _, one := range s.Slaves {
		if one.ID == id {
			return one, true
		}
	}
	return control.Slave{}, false
}

// strayGuildState, strayStopShard and strayResume send what only makes sense in a
// migration, when there is none.
func strayGuildState(ctx context.Context, b *bed, _ bot) (string, error) {
	state, err1 := wire.EncodeEvent(wire.EvtGuildState, wire.GuildStateData{})
	record, err2 := wire.EncodeEvent(wire.EvtGuildState, wire.StateRecordData{Shard: 1, Epoch: 99, Kind: "guild", Key: "1", Payload: []byte("x")})
	if err := errors.Join(err1, err2); err != nil {
		return "", err
	}
	return b.stray(ctx, state, record)
}

func strayStopShard(ctx context.Context, b *bed, _ bot) (string, error) {
	stop, err1 := wire.EncodeEvent(wire.EvtStopShard, wire.StopShardData{Shard: 1, SessionID: "s", Sequence: 7})
	stopped, err2 := wire.EncodeEvent(wire.EvtShardStopped, wire.ShardStoppedData{Shard: 1, SessionID: "s", Sequence: 7, Epoch: 99})
	if err := errors.Join(err1, err2); err != nil {
		return "", err
	}
	return b.stray(ctx, stop, stopped)
}

func strayResume(ctx context.Context, b *bed, _ bot) (string, error) {
	resume, err1 := wire.EncodeEvent(wire.EvtResume, wire.ResumeShardData{Shard: 1, SessionID: "s", Sequence: 7})
	later, err2 := wire.EncodeEvent(wire.EvtResume, wire.ResumeShardData{Shard: 1, SessionID: "s", Sequence: 7, Epoch: 99})
	if err := errors.Join(err1, err2); err != nil {
		return "", err
	}
	return b.stray(ctx, resume, later)
}

// stray has a peer of dialect 1 send the first message, and one of dialect 2 the
// second one on each kind of link.
func (b *bed) stray(ctx context.Context, first, second []byte) (string, error) {
	hello := func(data wire.SlaveHelloData) ([]byte, error) { return wire.EncodeEvent(wire.EvtSlaveHello, data) }
	dialect1, err1 := hello(wire.SlaveHelloData{})
	controls, err2 := hello(wire.SlaveHelloData{Protocol: 2, SlaveID: "stray"})
	states, err3 := hello(wire.SlaveHelloData{Protocol: 2, SlaveID: "stray", Link: wire.LinkState})
	if err := errors.Join(err1, err2, err3); err != nil {
		return "", err
	}
	for _, frames := range [][][]byte{{dialect1, first}, {controls, second}, {states, second}} {
		if _, err := b.say(ctx, frames...); err != nil {
			return "", err
		}
	}
	return b.living(ctx)
}

// hugeLength announces bodies of 4 GiB, before and after a hello.
func hugeLength(ctx context.Context, b *bed, _ bot) (string, error) {
	before, err := b.master.memory()
	if err != nil {
		return "", err
	}
	hello, err := wire.EncodeEvent(wire.EvtSlaveHello, wire.SlaveHelloData{Protocol: 2, SlaveID: "huge"})
	if err != nil {
		return "", err
	}
	for n := range 20 {
		// Dialect 1's hello, its state, and an event that nobody knows.
		frame := header([]wire.EventType{wire.EvtSlaveHello, wire.EvtGuildState, 4711}[n%3], 0xFFFFFFFF)
		frames := [][]byte{frame, make([]byte, 1<<16)}
		if n%2 == 1 {
			frames = append([][]byte{hello}, frames...)
		}
		if _, err := b.say(ctx, frames...); err != nil {
			return "", err
		}
	}
	return b.grown(ctx, before)
}

// nestedArrays sends 16 MiB of 0x91, arrays of one array each, as whatever the master
// may be willing to decode.
func nestedArrays(ctx context.Context, b *bed, _ bot) (string, error) {
	before, err := b.master.memory()
	if err != nil {
		return "", err
	}
	body := []byte(strings.Repeat("\x91", 16<<20))
	short := body[:wire.DefaultControlLimit]
	hello, err := wire.EncodeEvent(wire.EvtSlaveHello, wire.SlaveHelloData{Protocol: 2, SlaveID: "nested"})
	if err != nil {
		return "", err
	}
	state, err := wire.EncodeEvent(wire.EvtSlaveHello, wire.SlaveHelloData{Protocol: 2, SlaveID: "nested", Link: wire.LinkState})
	if err != nil {
		return "", err
	}
	for _, frames := range [][][]byte{
		{header(wire.EvtSlaveHello, len(body)), body},
		{header(wire.EvtSlaveHello, len(short)), short},
		{hello, header(wire.EvtResume, len(short)), short},
		{hello, header(wire.EvtGuildState, len(body)), body},
		{state, header(wire.EvtGuildState, len(body)), body},
	} {
		if _, err := b.say(ctx, frames...); err != nil {
			return "", err
		}
	}
	return b.grown(ctx, before)
}

// header is a frame's.
func header(e wire.EventType, length int) []byte {
	var head [wire.HeaderSize]byte
	binary.LittleEndian.PutUint32(head[:], uint32(e))
	binary.LittleEndian.PutUint32(head[4:], uint32(length))
	return head[:]
}

// splitHeader lets no header arrive in one piece from now on.
func splitHeader(ctx context.Context, b *bed, _ bot) (string, error) {
	b.links.Shape(links.Everyone, links.Conditions{Piece: 5, BytesPerSecond: 1 << 20})
	// And once for certain: the rest comes when the first part has long been read.
	hello, err := wire.EncodeEvent(wire.EvtSlaveHello, wire.SlaveHelloData{Protocol: 2, SlaveID: "split"})
	if err != nil {
		return "", err
	}
	p, err := b.dial(ctx)
	if err != nil {
		return "", err
	}
	defer p.Close()
	if _, err := p.Write(hello[:3]); err != nil {
		return "", err
	}
	if err := pause(ctx, 100*time.Millisecond); err != nil {
		return "", err
	}
	if _, err := p.Write(hello[3:]); err != nil {
		return "", err
	}
	answer, err := wire.NewReader(p, wire.Limits{}).Next()
	if err != nil || answer.Event != wire.EvtWelcome {
		return "", fmt.Errorf("a split hello is answered with %v, %w", answer.Event, err)
	}
	return "a split hello was welcomed", nil
}

// acceptThenReset cuts the serving slave's links and resets the next connections as
// soon as they are accepted.
func acceptThenReset(ctx context.Context, b *bed, first bot) (string, error) {
	b.links.ResetNext(6)
	b.links.Cut(first.slave)
	began := time.Now()
	if _, err := b.master.await(ctx, func(s control.Status) bool {
		one, _ := slaveOf(s, first.slave)
		return one.Link == string(lifecycle.LinkReady) && b.links.Links(first.slave) > 0
	}); err != nil {
		return "", fmt.Errorf("the slave does not come back: %w", err)
	}
	return fmt.Sprintf("the slave was back after %.1f s", time.Since(began).Seconds()), nil
}

// statusAnswers asks for the master's status while the new slave stands still.
func statusAnswers(ctx context.Context, b *bed) (string, error) {
	began := time.Now()
	limit, cancel := context.WithTimeout(ctx, StopFor/2)
	defer cancel()
	if _, err := b.master.control.Status(limit); err != nil {
		return "", fmt.Errorf("the master does not answer while the new slave stands still: %w", err)
	}
	return fmt.Sprintf("meanwhile the master's status took %d ms", time.Since(began).Milliseconds()), nil
}
