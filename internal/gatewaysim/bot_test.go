package gatewaysim_test

import (
	"encoding/json"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// bot is what a client library makes of a client: a loop that reads, which stores
// each sequence as it arrives, and handlers that run behind it, one event at a
// time, with a cache of texts that events change.
type bot struct {
	c      *client
	stream ledger.Stream
	file   *ledger.Writer
	queue  chan payload // read and not handled
	ended  sync.WaitGroup

	received atomic.Int64 // the sequence as the reading loop sees it

	gate    lock
	frozen  bool              // nothing is handled any more
	handled int               // the sequence of the last dispatch whose handler has finished
	cost    time.Duration     // what a handler takes
	cache   map[string]uint64 // what changed: number of the event that changed it
}

// lock is a mutex that may be held while simulated time passes.
type lock chan struct{}

func (l lock) Lock()   { l <- struct{}{} }
func (l lock) Unlock() { <-l }

// run starts the loops on an authenticated client.
func (w *world) run(c *client, dir, process string, stream ledger.Stream, cache map[string]uint64) *bot {
	w.t.Helper()
	file, err := ledger.Create(dir, process)
	if err != nil {
		w.t.Fatal(err)
	}
	b := &bot{
		c: c, stream: stream, file: file, queue: make(chan payload, 1<<16), gate: make(lock, 1),
		handled: c.last, cost: time.Millisecond, cache: map[string]uint64{},
	}
	b.received.Store(int64(c.last))
	maps.Copy(b.cache, cache)
	b.ended.Go(b.read)
	b.ended.Go(b.handleAll)
	w.t.Cleanup(func() {
		_ = c.conn.CloseNow()
		b.ended.Wait()
		_ = file.Close()
	})
	return b
}

func (b *bot) read() {
	defer close(b.queue)
	for {
		p, err := b.c.receive()
		if err != nil {
			return
		}
		b.received.Store(int64(b.c.last))
		b.queue <- p
	}
}

func (b *bot) handleAll() {
	for p := range b.queue {
		b.gate.Lock()
		if !b.frozen {
			b.handle(p)
		}
		b.gate.Unlock()
	}
}

func (b *bot) handle(p payload) {
	switch {
	case p.Op == heartbeat:
		b.c.send(heartbeat, b.handled)
	case p.Op == dispatch:
		if number := p.number(); number != 0 {
			<-time.After(b.cost)
			h := ledger.Handled{Stream: b.stream, Sequence: p.S, Number: number, Previous: b.change(p)}
			if err := b.file.Done(h); err != nil {
				b.c.t.Error(err)
			}
		}
		b.handled = p.S
	}
}

// change puts what the event changes into the cache and returns what was there.
func (b *bot) change(p payload) uint64 {
	var d struct {
		ID    string
		Guild string `json:"guild_id"`
	}
	if err := json.Unmarshal(p.D, &d); err != nil {
		b.c.t.Error(err)
	}
	var key string
	switch p.T {
	case "GUILD_UPDATE":
		key = "guild " + d.ID
	case "GUILD_MEMBER_UPDATE":
		key = "member of " + d.Guild
	default:
		return ledger.Unchecked
	}
	before := b.cache[key]
	b.cache[key] = p.number()
	return before
}

// slow makes handlers take so long that events pile up behind them.
func (b *bot) slow(cost time.Duration) {
	b.gate.Lock()
	defer b.gate.Unlock()
	b.cost = cost
}
