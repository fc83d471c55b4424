package master_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
)

// world is what a gateway sees: who runs which shard.
type world struct {
	t *testing.T
	// network and addr are where the master is.
	network, addr string

	mu sync.Mutex
	// runs says which actor runs a shard; double lists what two ran at once.
	runs       map[int]string
	double     []string
	identifies int
	// changed is closed and replaced whenever a shard starts or stops.
	changed chan struct{}
}

func newWorld(t *testing.T, network, addr string) *world {
	t.Helper()
	w := &world{t: t, network: network, addr: addr, runs: make(map[int]string), changed: make(chan struct{})}
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, d := range w.double {
			t.Error(d)
		}
	})
	return w
}

func (w *world) start(shard int, who string, fresh bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if other := w.runs[shard]; other != "" {
		w.double = append(w.double, fmt.Sprintf("shard %d was started by %s while %s ran it", shard, who, other))
	}
	w.runs[shard] = who
	if fresh {
		w.identifies++
	}
	w.news()
}

func (w *world) stop(shard int, who string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.runs[shard] == who {
		delete(w.runs, shard)
	}
	w.news()
}

// news wakes who waits. w.mu is held.
func (w *world) news() {
	close(w.changed)
	w.changed = make(chan struct{})
}

// await waits until every shard is run by one of the named.
func (w *world) await(shards int, names ...string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		w.mu.Lock()
		good := len(w.runs) == shards
		for _, who := range w.runs {
			good = good && slices.Contains(names, who)
		}
		changed, now := w.changed, fmt.Sprint(w.runs)
		w.mu.Unlock()
		if good {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			w.t.Fatalf("shards are run by %s, want all %d by one of %v", now, shards, names)
		}
	}
}
