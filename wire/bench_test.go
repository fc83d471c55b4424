package wire

import (
	"net"
	"testing"
	"time"

	"github.com/vmihailenco/msgpack/v5"
)

// compare runs ours and plain in turns, so that both see the same machine, and reports their times and the ratio.
func compare(b *testing.B, ours, plain func() error) {
	b.Helper()
	const batch = 256
	var took [2]time.Duration
	for b.Loop() {
		for i, f := range []func() error{ours, plain} {
			start := time.Now()
			for range batch {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
			took[i] += time.Since(start)
		}
	}
	each := func(d time.Duration) float64 { return float64(d) / float64(b.N*batch) }
	b.ReportMetric(each(took[0]), "ns/ours")
	b.ReportMetric(each(took[1]), "ns/plain")
	b.ReportMetric(float64(took[0])/float64(took[1]), "ratio")
	b.ReportMetric(0, "ns/op") // a batch of both: of no interest
}

// controlMessages are a short control message of dialect 1 and a long one of dialect 2.
func controlMessages() (names []string, messages []*ResumeShardData) {
	short := ResumeShardData{Shard: 15, SessionID: "0f5c3f9a8b7c6d5e4f3a2b1c0d9e8f7a", Sequence: 123456789}
	long := short
	long.ResumeURL, long.Epoch, long.Records, long.Digest = "wss://gateway-us-east1-b.discord.gg", 4, 50, make([]byte, 32)
	return []string{"dialect 1", "dialect 2"}, []*ResumeShardData{&short, &long}
}

func BenchmarkEncodeControl(b *testing.B) {
	names, messages := controlMessages()
	for i, d := range messages {
		b.Run(names[i], func(b *testing.B) {
			compare(b, func() error {
				_, err := EncodeEvent(EvtResume, d)
				return err
			}, func() error {
				_, err := msgpack.Marshal(d)
				return err
			})
		})
	}
}

func BenchmarkDecodeControl(b *testing.B) {
	names, messages := controlMessages()
	for i, d := range messages {
		b.Run(names[i], func(b *testing.B) {
			body := mustFrame(b, EvtResume, d)[HeaderSize:]
			compare(b, func() error {
				return DecodeBody(EvtResume, body, new(ResumeShardData))
			}, func() error {
				return msgpack.Unmarshal(body, new(ResumeShardData))
			})
		})
	}
}

// tcpConns returns two Conns connected over loopback.
func tcpConns(tb testing.TB) (near, far *Conn) {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	dialed, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		tb.Fatal(err)
	}
	accepted, err := l.Accept()
	if err != nil {
		tb.Fatal(err)
	}
	near, far = NewConn(dialed, ConnConfig{}), NewConn(accepted, ConnConfig{})
	tb.Cleanup(func() { _, _ = near.Close(), far.Close() })
	return near, far
}

// handOver runs the four messages of a move between three parties over loopback, for 1,000 shards, atOnce of them in flight.
// send is how the party in the middle, which has one goroutine, sends.
func handOver(b *testing.B, atOnce int, send func(*Conn, EventType, any) error) {
	b.Helper()
	toOld, old := tcpConns(b)
	toNew, target := tcpConns(b)
	answer := func(c *Conn, with EventType) {
		go func() {
			_ = c.Serve(func(m Message) error { return c.WriteMessage(Message{Event: with, Body: m.Body}) })
		}()
	}
	answer(old, EvtShardStopped)
	answer(target, EvtResume)

	inbox := make(chan any, 1024)
	receive := func(c *Conn) {
		go func() {
			_ = c.Serve(func(m Message) error {
				d, err := Decode(m)
				inbox <- d
				return err
			})
		}()
	}
	receive(toOld)
	receive(toNew)

	const shards = 1000
	for b.Loop() {
		next, done := 0, 0
		start := func() {
			if next < shards {
				if err := send(toOld, EvtStopShard, &StopShardData{Shard: next}); err != nil {
					b.Fatal(err)
				}
				next++
			}
		}
		for range atOnce {
			start()
		}
		for done < shards {
			switch d := (<-inbox).(type) {
			case *ShardStoppedData:
				if err := send(toNew, EvtResume, &ResumeShardData{Shard: d.Shard}); err != nil {
					b.Fatal(err)
				}
			case *ResumeShardData:
				done++
				start()
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N*shards), "ns/shard")
}

func BenchmarkHandOver(b *testing.B) {
	b.Run("Send, 1 at once", func(b *testing.B) { handOver(b, 1, (*Conn).Send) })
	b.Run("Send, 64 at once", func(b *testing.B) { handOver(b, 64, (*Conn).Send) })
	b.Run("Enqueue, 1 at once", func(b *testing.B) { handOver(b, 1, (*Conn).Enqueue) })
	b.Run("Enqueue, 64 at once", func(b *testing.B) { handOver(b, 64, (*Conn).Enqueue) })
}
