package main

import (
	"context"
	"testing"
	"time"

	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/cache"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/rest"
	"go.uber.org/zap"

	batondisgo "github.com/shardbaton/baton/adapters/disgo"
	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
	"github.com/shardbaton/baton/internal/gatewaysim/simtest"
	"github.com/shardbaton/baton/slaveclient"
)

// nowhere is the sender of a process whose state is lost.
type nowhere struct{}

func (nowhere) Send(context.Context, slaveclient.Record) error { return nil }
func (nowhere) Copied() bool                                   { return false }
func (nowhere) Dropped() bool                                  { return true }

func TestWhatWasNotCachedIsAnOffenceUnlessTheStateIsKnownToBeLost(t *testing.T) {
	for name, stateless := range map[string]bool{"with state": false, "stateless": true} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), limit)
			defer cancel()
			sim := simtest.Start(t, gatewaysim.Config{
				Shards: 1, GuildsPerShard: 5, Rate: 100, StateEvery: 1, Stopped: true,
				HeartbeatInterval: time.Second, HeartbeatGrace: limit,
			})
			dir := t.TempDir()
			old, next := noting(t, sim, dir, "old", false), noting(t, sim, dir, "new", stateless)
			if _, err := old.StartShard(ctx, 0, 1, slaveclient.Session{}); err != nil {
				t.Fatal(err)
			}
			handled(ctx, t, sim, 1, 30)
			session, err := old.StopShard(ctx, 0, nowhere{})
			if err != nil {
				t.Fatal(err)
			}
			if started, err := next.StartShard(ctx, 0, 1, session); err != nil || started.Fresh {
				t.Fatalf("want a resume, got %+v, %v", started, err)
			}
			handled(ctx, t, sim, 1, 30)
			if _, err := sim.Quiesce(ctx); err != nil {
				t.Fatal(err)
			}
			v, err := ledger.Judge(sim.Sent(), dir)
			if err != nil {
				t.Fatal(err)
			}
			if v.Lost+v.Duplicated+v.Reordered > 0 || (v.Stale == 0) != stateless {
				t.Errorf("stateless: %t\n%v", stateless, v)
			}
		})
	}
}

// noting makes this command's bot, without a master.
func noting(t *testing.T, sim *simtest.Sim, dir, process string, stateless bool) *batondisgo.Bot {
	t.Helper()
	n, err := openNotes(dir, process, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	n.stateless = stateless
	b, err := batondisgo.New(gatewaysim.Token(gatewaysim.DefaultApplication), batondisgo.Config{
		Client: []bot.ConfigOpt{
			bot.WithLogger(zapSlog(zap.NewNop())),
			bot.WithRestClientConfigOpts(rest.WithURL(sim.URLs.REST)),
			bot.WithCacheConfigOpts(cache.WithCaches(cache.FlagsAll &^ cache.FlagMessages)),
			bot.WithEventListeners(n.listener()),
		},
		Gateway: []gateway.ConfigOpt{gateway.WithIntents(gateway.IntentGuilds, gateway.IntentGuildMembers, gateway.IntentGuildMessages)},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		if err := b.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown of %s: %v", process, err)
		}
		n.close()
	})
	return b
}
