package batondisgo

import (
	"testing"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

func TestHandOverUnderLoadLosesNothing(t *testing.T) {
	for _, test := range []struct {
		name  string
		cfg   gatewaysim.Config
		ahead bool
	}{
		{"with pre-copy and arming", gatewaysim.Config{Shards: 3, GuildsPerShard: 10, Rate: 40}, true},
		{"without", gatewaysim.Config{Shards: 3, GuildsPerShard: 10, Rate: 40}, false},
		{"on a gateway that trims by heartbeat and refuses attached sessions", gatewaysim.Config{
			Shards: 3, GuildsPerShard: 10, Rate: 40, StateEvery: 1, TrimOnHeartbeat: true, AttachedResume: gatewaysim.Refuse,
		}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, test.cfg)
			old, next := r.bot(t, "old", Config{}), r.bot(t, "new", Config{})
			r.startAll(t, old)
			r.handles(t, old, 10)
			before := r.Stats()
			ctx := testContext(t)
			if err := next.StartShardTransferTo(ctx, test.cfg.Shards); err != nil {
				t.Fatal(err)
			}
			each(t, test.cfg.Shards, func(shard int) error {
				started, err := move(ctx, old, next, shard, test.cfg.Shards, test.ahead)
				if started.Fresh {
					t.Errorf("shard %d: want it resumed", shard)
				}
				return err
			})
			r.handles(t, next, 10)
			r.clean(t)
			after := r.Stats()
			if n := after.Identifies - before.Identifies; n != 0 {
				t.Errorf("want no IDENTIFY, got %d", n)
			}
			if after.ResumesRefused != 0 || after.TakeOvers != 0 {
				t.Errorf("want every RESUME accepted on a session that is free: %d refused, %d taken over", after.ResumesRefused, after.TakeOvers)
			}
			lines, _, err := ledger.ReadHandled(r.dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Log("dark:", ledger.DarkTimes(ledger.HandOvers(lines)))
		})
	}
}
