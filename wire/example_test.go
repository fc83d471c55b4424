package wire_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/shardbaton/baton/wire"
)

// A struct that uses no field of dialect 2 encodes byte for byte as YAGPDB's master v1.5.2 does.
func ExampleEncodeEvent() {
	frame, err := wire.EncodeEvent(wire.EvtSlaveHello, wire.SlaveHelloData{Running: false})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%x\n", frame)
	// Output: 080000000a00000081a752756e6e696e67c2
}

// A Reader needs a stream, not a connection: a recording will do.
func ExampleReader() {
	stream, err := wire.EncodeEvent(wire.EvtStopShard, &wire.StopShardData{Shard: 3, Epoch: 7})
	if err != nil {
		fmt.Println(err)
		return
	}
	stream = wire.AppendMessage(stream, wire.Message{Event: wire.EvtShutdown})

	r := wire.NewReader(bytes.NewReader(stream), wire.Limits{})
	for {
		m, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		data, err := wire.Decode(m)
		if err != nil {
			fmt.Println(err)
			return
		}
		switch d := data.(type) {
		case *wire.StopShardData:
			fmt.Printf("%s: shard %d, epoch %d\n", m.Event, d.Shard, d.Epoch)
		default:
			fmt.Println(m.Event)
		}
	}
	// Output:
	// EvtStopShard: shard 3, epoch 7
	// EvtShutdown
}

// A slave says hello and is told to stop a shard; it answers and the link ends.
func ExampleConn() {
	near, far := net.Pipe()
	master := wire.NewConn(near, wire.ConnConfig{ID: 1})
	slave := wire.NewConn(far, wire.ConnConfig{})

	go func() {
		slave.SendLogErr(wire.EvtSlaveHello, &wire.SlaveHelloData{Protocol: 2, SlaveID: "s1"})
		_ = slave.Serve(func(m wire.Message) error {
			var stop wire.StopShardData
			if err := wire.DecodeBody(m.Event, m.Body, &stop); err != nil {
				return err
			}
			stopped := &wire.ShardStoppedData{Shard: stop.Shard, Epoch: stop.Epoch, SessionID: "0f5c", Sequence: 41}
			if err := slave.Send(wire.EvtShardStopped, stopped); err != nil {
				return err
			}
			return slave.Close()
		})
	}()

	hello, err := master.Expect(wire.EvtSlaveHello)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(hello.Event)
	if err := master.Send(wire.EvtStopShard, &wire.StopShardData{Shard: 3, Epoch: 8}); err != nil {
		fmt.Println(err)
		return
	}
	err = master.Serve(func(m wire.Message) error {
		data, err := wire.Decode(m)
		if stopped, ok := data.(*wire.ShardStoppedData); ok {
			fmt.Printf("shard %d stopped after %d\n", stopped.Shard, stopped.Sequence)
		}
		return err
	})
	fmt.Println("ended cleanly:", errors.Is(err, io.EOF))
	// Output:
	// EvtSlaveHello
	// shard 3 stopped after 41
	// ended cleanly: true
}

// The old owner of a shard counts and digests the state records that it sends; the new one does the same with what arrives.
func ExampleDigest() {
	var sent, arrived wire.Digest
	for number, guild := range []string{"41", "42"} {
		sent.Add(wire.RecordSum(uint64(number), "guild", guild, []byte("state of "+guild)))
	}
	arrived.Add(wire.RecordSum(0, "guild", "41", []byte("state of 41")))
	fmt.Println("after one record:", arrived.Matches(sent.Bytes()))
	arrived.Add(wire.RecordSum(1, "guild", "42", []byte("state of 42")))
	fmt.Println("after both:", arrived.Matches(sent.Bytes()))
	// Output:
	// after one record: false
	// after both: true
}
