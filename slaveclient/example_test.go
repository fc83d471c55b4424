package slaveclient_test

import (
	"context"
	"fmt"

	"github.com/shardbaton/baton/slaveclient"
)

// bot is the least that Run can run: its shards have no gateway and no state.
type bot struct{ numShards int }

func (b *bot) SoftStart(context.Context, slaveclient.Assignment) error { return nil }
func (b *bot) FullStart(context.Context, slaveclient.Assignment) error { return nil }
func (b *bot) StartShardTransferFrom(context.Context) (int, error)     { return b.numShards, nil }

func (b *bot) StartShardTransferTo(_ context.Context, n int) error           { b.numShards = n; return nil }
func (b *bot) LoadGuildState(context.Context, int, slaveclient.Record) error { return nil }
func (b *bot) Shutdown(context.Context) error                                { fmt.Println("bye"); return nil }

func (b *bot) StartShard(_ context.Context, shard, n int, s slaveclient.Session) (slaveclient.Started, error) {
	return slaveclient.Started{Session: s, Fresh: s.IsZero()}, nil // connect here
}

func (b *bot) StopShard(_ context.Context, shard int, out slaveclient.StateSender) (slaveclient.Session, error) {
	return slaveclient.Session{ID: fmt.Sprint("session of ", shard)}, nil // freeze, close, send state here
}

func Example() {
	ctx, cancel := context.WithCancel(context.Background()) // main would use signal.NotifyContext
	cancel()
	err := slaveclient.Run(ctx, slaveclient.Config{Addr: "unix:/run/baton.sock"}, &bot{numShards: 1})
	fmt.Println(err)
	// Output:
	// bye
	// <nil>
}
