package slaveclient_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/shardbaton/baton/slaveclient"
)

// testBot is a bot whose shards need no gateway. It notes every call, and checks
// that those of one shard do not overlap.
type testBot struct {
	t         *testing.T
	numShards int
	records   []slaveclient.Record // what StopShard sends of each shard

	// These replace the ordinary behaviour where they are set.
	start    func(ctx context.Context, shard int, s slaveclient.Session) (slaveclient.Started, error)
	stop     func(ctx context.Context, shard int, out slaveclient.StateSender) (slaveclient.Session, error)
	load     func(ctx context.Context, shard int, r slaveclient.Record) error
	full     func(ctx context.Context, a slaveclient.Assignment) error
	from     func(ctx context.Context) (int, error)
	shutdown func(ctx context.Context) error

	mu     sync.Mutex
	calls  []string
	inside map[int]string
}

// enter notes a call and returns what notes its end.
func (b *testBot) enter(shard int, format string, args ...any) func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	call := fmt.Sprintf(format, args...)
	b.calls = append(b.calls, call)
	if b.inside == nil {
		b.inside = make(map[int]string)
	}
	if other := b.inside[shard]; other != "" {
		b.t.Errorf("%s was called during %s", call, other)
	}
	b.inside[shard] = call
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.inside[shard] = ""
	}
}

// called returns the calls so far.
func (b *testBot) called() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.calls)
}

// count returns how often a call was made.
func (b *testBot) count(call string) (n int) {
	for _, c := range b.called() {
		if c == call {
			n++
		}
	}
	return n
}

func session(shard int) slaveclient.Session {
	return slaveclient.Session{ID: fmt.Sprintf("session-%d", shard), Sequence: int64(100 + shard), ResumeURL: "wss://resume"}
}

func (b *testBot) SoftStart(_ context.Context, a slaveclient.Assignment) error {
	defer b.enter(-1, "SoftStart %d %v", a.NumShards, a.Shards)()
	return nil
}

func (b *testBot) FullStart(ctx context.Context, a slaveclient.Assignment) error {
	defer b.enter(-1, "FullStart %d %v", a.NumShards, a.Shards)()
	if b.full != nil {
		return b.full(ctx, a)
	}
	return nil
}

func (b *testBot) Shutdown(ctx context.Context) error {
	defer b.enter(-1, "Shutdown")()
	if b.shutdown != nil {
		return b.shutdown(ctx)
	}
	return nil
}

func (b *testBot) StartShardTransferFrom(ctx context.Context) (int, error) {
	defer b.enter(-1, "StartShardTransferFrom")()
	if b.from != nil {
		return b.from(ctx)
	}
	return b.numShards, nil
}

func (b *testBot) StartShardTransferTo(_ context.Context, numShards int) error {
	defer b.enter(-1, "StartShardTransferTo %d", numShards)()
	return nil
}

func (b *testBot) StopShard(ctx context.Context, shard int, out slaveclient.StateSender) (slaveclient.Session, error) {
	defer b.enter(shard, "StopShard %d", shard)()
	if b.stop != nil {
		return b.stop(ctx, shard, out)
	}
	for _, r := range b.records {
		if err := out.Send(ctx, r); err != nil {
			return slaveclient.Session{}, err
		}
	}
	return session(shard), nil
}

func (b *testBot) StartShard(ctx context.Context, shard, numShards int, s slaveclient.Session) (slaveclient.Started, error) {
	defer b.enter(shard, "StartShard %d/%d %s", shard, numShards, s.ID)()
	if b.start != nil {
		return b.start(ctx, shard, s)
	}
	if s.IsZero() {
		return slaveclient.Started{Session: session(shard), Fresh: true}, nil
	}
	return slaveclient.Started{Session: s}, nil
}

func (b *testBot) LoadGuildState(ctx context.Context, shard int, r slaveclient.Record) error {
	defer b.enter(shard, "LoadGuildState %d %s %s", shard, r.Kind, r.Key)()
	if b.load != nil {
		return b.load(ctx, shard, r)
	}
	return nil
}
