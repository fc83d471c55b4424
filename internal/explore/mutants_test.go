package explore_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/internal/explore"
	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// mutant is a deliberate defect, and the smallest world in which it shows.
type mutant struct {
	name   string
	bounds bounded
	// rule is what has to be found violated: one of these, where several are as near.
	rule string
	bend func(*explore.Config)
}

// TestMutants puts one defect at a time into a table, or around a core. The search
// proves nothing about the tables as they are if it does not fail on each of them;
// and it must not fail in the same world without the defect.
func TestMutants(t *testing.T) {
	for _, m := range slices.Concat(tableMutants(), coreMutants()) {
		t.Run(m.name, func(t *testing.T) {
			sound := m.bounds
			if r := hunt(t, &sound); r.Violation != nil {
				t.Fatalf("without the defect: %v", r.Violation)
			}
			bent := sound
			m.bend(&bent.Config)
			r := hunt(t, &bent)
			if r.Violation == nil {
				t.Fatalf("not found in %d states", r.States)
			}
			if !slices.Contains(strings.Fields(m.rule), r.Violation.Rule) {
				t.Errorf("found %v, want a violation of %s", r.Violation, m.rule)
			}
			t.Logf("%d steps, %d states: %v", len(r.Story.Steps), r.States, r.Violation)
		})
	}
}

func hunt(t *testing.T, c *bounded) *explore.Result {
	t.Helper()
	r, err := explore.Search(context.Background(), &c.Config, explore.Options{Workers: 2, States: c.states, HealEvery: c.heal})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// master returns a bend of the master's tables.
func master(change func(*mcore.Tables)) func(*explore.Config) {
	return func(c *explore.Config) {
		t := mcore.StandardTables()
		change(&t)
		c.Master = &t
	}
}

// slave returns a bend of the slave's tables.
func slave(change func(*score.Tables)) func(*explore.Config) {
	return func(c *explore.Config) {
		t := score.StandardTables()
		change(&t)
		c.Slave = &t
	}
}

// warp returns a bend around the cores.
func warp(w explore.Warp) func(*explore.Config) {
	return func(c *explore.Config) { c.Warp = &w }
}

// rows calls change for each row that leaves a state on an event.
func rows[S, E ~string, V any](t *fsm.Table[S, E, V], from S, on E, change func(*fsm.Row[S, E])) {
	for i := range t.Rows {
		if r := &t.Rows[i]; r.On == on && slices.Contains(r.From, from) {
			change(r)
		}
	}
}

// answer makes a guard answer always the same.
func answer[S, E ~string, V any](t *fsm.Table[S, E, V], guard string, yes bool) {
	for i := range t.Guards {
		if t.Guards[i].Name == guard {
			t.Guards[i].Test = func(V) bool { return yes }
		}
	}
}

func tableMutants() []mutant {
	upgrade := budget{upgrades: 1}
	return []mutant{
		{
			name: "start-before-stopped", rule: "S5", bounds: bound("", world{}, upgrade, 5000, 0),
			bend: master(func(t *mcore.Tables) {
				rows(&t.Move, lifecycle.MoveOnOld, lifecycle.MoveTurn, func(r *fsm.Row[lifecycle.MoveState, lifecycle.MoveEvent]) {
					if r.To == lifecycle.MoveStopping {
						r.To, r.Do = lifecycle.MoveResuming, []string{lifecycle.MoveStartFresh}
					}
				})
			}),
		},
		{
			name: "doubtful-counts-as-free", rule: "S5", bounds: bound("", world{From: "resuming", ByHand: true}, budget{deadlines: 2}, 5000, 0),
			bend: master(func(t *mcore.Tables) {
				rows(&t.Move, lifecycle.MoveResuming, lifecycle.MoveDeadline, func(r *fsm.Row[lifecycle.MoveState, lifecycle.MoveEvent]) {
					if slices.Contains(r.Do, lifecycle.MoveDoubtTaker) {
						r.To, r.Do = lifecycle.MoveReturning, []string{lifecycle.MoveUnroute, lifecycle.MoveGiveBack}
					}
				})
			}),
		},
		{
			name: "fullstart-before-all-shards", rule: "S7", bounds: bound("", world{Shards: 2, Parallel: 1}, upgrade, 5000, 0),
			bend: master(func(t *mcore.Tables) { answer(&t.Upgrade, "all on new", true) }),
		},
		{
			name: "retire-before-all-shards", rule: "S7", bounds: bound("", world{}, upgrade, 5000, 0),
			bend: master(func(t *mcore.Tables) {
				rows(&t.Upgrade, lifecycle.UpgradePreparingNew, lifecycle.UpgradeCounted, func(r *fsm.Row[lifecycle.UpgradeState, lifecycle.UpgradeEvent]) {
					if r.To == lifecycle.UpgradeMoving {
						r.Do = append([]string{lifecycle.UpgradeShutDown}, r.Do...)
					}
				})
			}),
		},
		{
			name: "stopped-before-it-has", rule: "S5", bounds: bound("", world{}, upgrade, 5000, 0),
			bend: slave(func(t *score.Tables) {
				rows(&t.Shard, lifecycle.ShardRunning, lifecycle.ShardToldStop, func(r *fsm.Row[lifecycle.ShardState, lifecycle.ShardEvent]) {
					r.Do = append(slices.Clone(r.Do), lifecycle.ShardAnswerStop)
				})
			}),
		},
		{
			name: "resumed-before-it-runs", rule: "S7", bounds: bound("", world{}, budget{upgrades: 1, failures: 1}, 5000, 0),
			bend: slave(func(t *score.Tables) {
				rows(&t.Shard, lifecycle.ShardLoading, lifecycle.ShardToldResume, func(r *fsm.Row[lifecycle.ShardState, lifecycle.ShardEvent]) {
					if r.To == lifecycle.ShardResuming {
						r.Do = append(slices.Clone(r.Do), lifecycle.ShardAnswerStart)
					}
				})
			}),
		},
		{
			name: "resume-on-a-part-of-the-state", rule: "S4", bounds: bound("", world{Records: 2}, upgrade, 5000, 0),
			bend: slave(func(t *score.Tables) {
				answer(&t.Shard, "state whole", true)
			}),
		},
	}
}

func coreMutants() []mutant {
	upgrade := budget{upgrades: 1}
	return []mutant{
		{
			name: "reassign-on-lost-link-without-lease", rule: "S5", bounds: bound("", world{}, budget{cuts: 1}, 5000, 0),
			bend: warp(explore.Warp{MasterEvent: func(peer string, e mcore.Event) mcore.Event {
				if _, lost := e.(mcore.Lost); lost && peer != "" {
					return mcore.Exited{Slave: mcore.SlaveID(peer)}
				}
				return e
			}}),
		},
		{
			name: "skip-the-digest", rule: "S4", bounds: bound("", world{Records: 1}, upgrade, 5000, 0),
			bend: warp(explore.Warp{SlaveEvent: func(e score.Event) score.Event {
				r, _ := e.(score.Received)
				d, ok := r.Data.(*wire.ResumeShardData)
				if !ok {
					return e
				}
				bare := *d
				bare.Records, bare.Digest = 0, nil
				return score.Received{Type: r.Type, Data: &bare}
			}}),
		},
		{
			name: "checkpoint-newer-than-handled", rule: "G2", bounds: bound("", world{}, budget{upgrades: 1, events: 1}, 5000, 0),
			bend: warp(explore.Warp{SlaveEvent: func(e score.Event) score.Event {
				if l, ok := e.(score.LetGo); ok {
					l.Session.Sequence++
					return l
				}
				return e
			}}),
		},
		{
			name: "checkpoint-older-than-handled", rule: "G1", bounds: bound("", world{}, budget{upgrades: 1, events: 1}, 5000, 0),
			bend: warp(explore.Warp{SlaveEvent: func(e score.Event) score.Event {
				if l, ok := e.(score.LetGo); ok && l.Session.Sequence > 0 {
					l.Session.Sequence--
					return l
				}
				return e
			}}),
		},
		{
			name: "forget-the-session", rule: "G3", bounds: bound("", world{}, upgrade, 5000, 0),
			bend: warp(explore.Warp{MasterEffect: func(e mcore.Effect) []mcore.Effect {
				s, _ := e.(mcore.Send)
				d, ok := s.Data.(*wire.ResumeShardData)
				if !ok {
					return []mcore.Effect{e}
				}
				bare := *d
				bare.SessionID, bare.Sequence = "", 0
				return []mcore.Effect{mcore.Send{Link: s.Link, Type: s.Type, Data: &bare}}
			}}),
		},
		{
			name: "an-epoch-that-does-not-grow", rule: "L1", bounds: bound("", world{}, upgrade, 5000, 0),
			bend: warp(explore.Warp{MasterEffect: func(e mcore.Effect) []mcore.Effect {
				s, _ := e.(mcore.Send)
				d, ok := s.Data.(*wire.StopShardData)
				if !ok {
					return []mcore.Effect{e}
				}
				old := *d
				old.Epoch = 1
				return []mcore.Effect{mcore.Send{Link: s.Link, Type: s.Type, Data: &old}}
			}}),
		},
		{
			name: "route-state-nowhere", rule: "L1", bounds: bound("", world{Records: 1}, upgrade, 5000, 0),
			bend: warp(explore.Warp{MasterEffect: func(e mcore.Effect) []mcore.Effect {
				if _, ok := e.(mcore.Route); ok {
					return nil
				}
				return []mcore.Effect{e}
			}}),
		},
		{
			name: "a-wait-without-a-deadline", rule: "L3", bounds: bound("", world{}, upgrade, 5000, 0),
			bend: warp(explore.Warp{MasterEffect: func(e mcore.Effect) []mcore.Effect {
				if a, ok := e.(mcore.Arm); ok && a.Timer.Of == mcore.MoveLife {
					return nil
				}
				return []mcore.Effect{e}
			}}),
		},
		{
			name: "do-not-wait-for-those-who-serve", rule: "S5", bounds: bound("", world{}, budget{crashes: 1}, 5000, 0),
			bend: func(c *explore.Config) { c.StartNow = true },
		},
		{
			name: "nobody-hears-of-an-end", rule: "L2", bounds: bound("", world{}, budget{kills: 1}, 5000, 5),
			bend: warp(explore.Warp{MasterEvent: func(_ string, e mcore.Event) mcore.Event {
				if _, ok := e.(mcore.Exited); ok {
					return nil
				}
				return e
			}}),
		},
		{
			name: "shutdown-before-all-shards", rule: "S6", bounds: bound("", world{}, upgrade, 5000, 0),
			bend: warp(explore.Warp{MasterEffect: func(e mcore.Effect) []mcore.Effect {
				if s, _ := e.(mcore.Send); s.Type == wire.EvtStopShard {
					return []mcore.Effect{e, mcore.Send{Link: s.Link, Type: wire.EvtShutdown}}
				}
				return []mcore.Effect{e}
			}}),
		},
		{
			// The first connection is the old slave's.
			name: "revert-after-shutdown", rule: "S6", bounds: bound("", world{From: "full start"}, budget{kills: 1}, 5000, 0),
			bend: warp(explore.Warp{MasterEffect: func(e mcore.Effect) []mcore.Effect {
				if u, _ := e.(mcore.Publish); u.Notice != nil {
					if n, ok := u.Notice.(mcore.UpgradeState); ok && n.State == lifecycle.UpgradeSettling {
						return []mcore.Effect{mcore.Send{Link: 1, Type: wire.EvtShutdown}, e}
					}
				}
				return []mcore.Effect{e}
			}}),
		},
		{
			name: "forget-the-journal", rule: "S5", bounds: bound("", world{Journal: true}, budget{crashes: 1, deadlines: 1}, 5000, 0),
			bend: warp(explore.Warp{MasterEvent: func(_ string, e mcore.Event) mcore.Event {
				if s, ok := e.(mcore.Started); ok && s.Record != nil {
					return mcore.Started{}
				}
				return e
			}}),
		},
		{
			name: "do-not-wait-for-those-in-the-journal", rule: "S5", bounds: bound("", world{Journal: true}, budget{crashes: 1, deadlines: 1}, 5000, 0),
			bend: warp(explore.Warp{MasterEvent: func(_ string, e mcore.Event) mcore.Event {
				if s, ok := e.(mcore.Started); ok && s.Record != nil {
					r := s.Record.Clone()
					r.Slaves = nil
					return mcore.Started{Record: r}
				}
				return e
			}}),
		},
		{
			name: "end-the-old-before-it-is-written-down", rule: "S6",
			bounds: bound("", world{Journal: true, From: "full start"}, budget{crashes: 1}, 5000, 0),
			bend:   master(func(t *mcore.Tables) { answer(&t.Upgrade, "written down", true) }),
		},
		{
			name: "give-before-it-is-written-down", rule: "S5", bounds: bound("", world{Journal: true, Cold: true, StartNow: true}, budget{crashes: 1}, 5000, 0),
			bend: master(func(t *mcore.Tables) { answer(&t.Link, "written down", true) }),
		},
		{
			name: "accept-an-old-epoch", rule: "S2", bounds: bound("", world{}, upgrade, 5000, 0),
			bend: warp(explore.Warp{
				MasterEffect: func(e mcore.Effect) []mcore.Effect {
					return []mcore.Effect{atEpoch(e, func(uint64) uint64 { return 1 })}
				},
				SlaveEvent: func(e score.Event) score.Event {
					if r, ok := e.(score.Received); ok {
						if d, ok := r.Data.(*wire.ResumeShardData); ok {
							lifted := *d
							lifted.Epoch += lift
							return score.Received{Type: r.Type, Data: &lifted}
						}
					}
					return e
				},
				SlaveEffect: func(e score.Effect) score.Effect {
					if k, ok := e.(score.Call); ok && k.Epoch > lift {
						k.Epoch -= lift
						return k
					}
					return e
				},
			}),
		},
		{
			name: "lease-from-the-wrong-side", rule: "S1 S5",
			bounds: bound("", world{Lease: time.Minute, ByHand: true}, budget{freezes: 1, deadlines: 1, beats: 1, arrivals: 1}, 50000, 0),
			bend:   warp(explore.Warp{LeaseFromRead: true}),
		},
		{
			name: "serve-on-without-a-lease", rule: "S5", bounds: bound("", world{Lease: time.Minute, ByHand: true}, budget{cuts: 1, deadlines: 2, arrivals: 1}, 20000, 0),
			bend: warp(explore.Warp{SlaveEffect: func(e score.Effect) score.Effect {
				if _, ok := e.(score.Hold); ok {
					return nil
				}
				return e
			}}),
		},
		{
			name: "an-old-checkpoint", rule: "G1", bounds: bound("", world{Stateless: true}, budget{kills: 1, events: 1, beats: 1}, 5000, 0),
			bend: warp(explore.Warp{SlaveEffect: func(e score.Effect) score.Effect {
				if k, ok := e.(score.Call); ok && k.Callback == score.CallStart && k.Session.Sequence > 0 {
					k.Session.Sequence--
					return k
				}
				return e
			}}),
		},
	}
}

// lift is more than any epoch of a search.
const lift = 1000

// atEpoch changes the epoch of a Resume.
func atEpoch(e mcore.Effect, change func(uint64) uint64) mcore.Effect {
	s, _ := e.(mcore.Send)
	d, ok := s.Data.(*wire.ResumeShardData)
	if !ok {
		return e
	}
	other := *d
	other.Epoch = change(d.Epoch)
	return mcore.Send{Link: s.Link, Type: s.Type, Data: &other}
}
