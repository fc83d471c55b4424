package explore_test

import (
	"time"

	"github.com/shardbaton/baton/internal/explore"
)

type (
	budget = explore.Budget
	world  = explore.Config
)

// bounded is a configuration and how far it is searched.
type bounded struct {
	explore.Config
	// states ends its search; 0: it is searched to the end.
	states int
	// heal heals one state in so many.
	heal int
}

// bound names a world of one shard, unless it says otherwise, and bounds its search.
func bound(name string, w world, b budget, states, heal int) bounded {
	w.Name, w.Budget, w.Shards = name, b, max(w.Shards, 1)
	return bounded{w, states, heal}
}

const (
	upgrades  = explore.Upgrades
	cuts      = explore.Cuts
	stateCuts = explore.StateCuts
	kills     = explore.Kills
	crashes   = explore.Crashes
	freezes   = explore.Freezes
	deadlines = explore.Deadlines
	failures  = explore.Failures
	noLaunch  = explore.LaunchFailures
	beats     = explore.Beats
	events    = explore.Events
	arrivals  = explore.Arrivals
	forgets   = explore.Forgets
	stops     = explore.Stops
	strangers = explore.Strangers
	pauses    = explore.Pauses
	resumes   = explore.Resumes
	aborts    = explore.Aborts
	ills      = explore.Ills
)

// faultless are worlds in which nothing goes wrong.
func faultless() []bounded {
	return []bounded{
		bound("an upgrade", world{Records: 1}, budget{upgrades: 1, events: 2}, 0, 1),
		bound("two upgrades", world{Records: 1}, budget{upgrades: 2}, 0, 1),
		bound("three shards", world{Shards: 3, Records: 1}, budget{upgrades: 1}, 0, 10),
		bound("three shards, one at a time", world{Shards: 3, Parallel: 1, Records: 1}, budget{upgrades: 1}, 0, 10),
		bound("two slaves", world{Shards: 2, Slaves: 2}, budget{upgrades: 1}, 0, 100),
		bound("state ahead", world{Records: 2, PreCopy: true, Arm: true}, budget{upgrades: 1, events: 1}, 0, 1),
		bound("another count", world{NumShards: 2}, budget{upgrades: 1}, 0, 1),
		bound("by hand", world{ByHand: true}, budget{upgrades: 1, arrivals: 1}, 0, 1),
		bound("no waiting", world{StartNow: true, Cold: true}, budget{}, 0, 1),
		bound("dialect 1", world{Shards: 2, Records: 1, First: 9}, budget{upgrades: 1}, 0, 1),
		bound("from dialect 1", world{Records: 1, First: 1}, budget{upgrades: 2}, 0, 1),
	}
}

// Not everything about slaves of dialect 1 can be known, so that what has gone wrong there
// does not heal by itself: see the limits in the master's documentation.

// faulty are worlds in which one thing or two go wrong, at any moment of an upgrade.
func faulty() []bounded {
	return []bounded{
		bound("a cut", world{}, budget{upgrades: 1, cuts: 1}, 0, 50),
		bound("a cut for state", world{Records: 2}, budget{upgrades: 1, stateCuts: 1}, 0, 10),
		bound("a cut with state ahead", world{Records: 1, PreCopy: true, Arm: true}, budget{upgrades: 1, cuts: 1}, 9000, 100),
		bound("a kill", world{}, budget{upgrades: 1, kills: 1}, 40000, 100),
		bound("a kill and events", world{}, budget{upgrades: 1, kills: 1, events: 1}, 9000, 200),
		bound("failures", world{Records: 1, PreCopy: true, Arm: true}, budget{upgrades: 1, failures: 2}, 0, 5),
		bound("failures of two shards", world{Shards: 2, Records: 1}, budget{upgrades: 1, failures: 2}, 0, 50),
		bound("a deadline", world{Records: 1}, budget{upgrades: 1, deadlines: 1}, 0, 50),
		bound("deadlines", world{}, budget{upgrades: 1, deadlines: 2}, 9000, 200),
		bound("a freeze", world{}, budget{upgrades: 1, freezes: 1}, 9000, 200),
		bound("failed launches", world{Shards: 2, Slaves: 2}, budget{upgrades: 1, noLaunch: 2}, 0, 50),
		bound("a cold start", world{Shards: 2, Cold: true}, budget{deadlines: 1, cuts: 1}, 7000, 50),
		bound("a cold start with failures", world{Shards: 2, Cold: true}, budget{deadlines: 2, failures: 2}, 7000, 50),
		bound("a cold start with kills", world{Cold: true, Exits: 2}, budget{deadlines: 1, kills: 2, noLaunch: 1}, 0, 20),
		bound("a cold start of two", world{Shards: 2, Slaves: 2, Cold: true}, budget{deadlines: 1, kills: 1, cuts: 1}, 9000, 100),
		bound("a cold start by hand", world{Shards: 2, Slaves: 2, ByHand: true, Cold: true}, budget{arrivals: 2, deadlines: 2}, 7000, 100),
		bound("strangers", world{}, budget{strangers: 2, deadlines: 1}, 7000, 50),
		bound("by hand and a cut", world{ByHand: true}, budget{upgrades: 1, arrivals: 1, cuts: 1}, 0, 100),
		bound("by hand and a kill", world{ByHand: true}, budget{upgrades: 1, arrivals: 1, kills: 1, forgets: 1}, 7000, 50),
		bound("a stop", world{}, budget{upgrades: 1, stops: 3, deadlines: 1}, 7000, 50),
		bound("a crash at rest", world{}, budget{crashes: 1, cuts: 1}, 0, 20),
		bound("a crash with two slaves", world{Shards: 2, Slaves: 2}, budget{crashes: 1}, 7000, 50),
		bound("another count and failures", world{NumShards: 2}, budget{upgrades: 1, failures: 1, deadlines: 1}, 7000, 100),
		bound("another count and a kill", world{NumShards: 2}, budget{upgrades: 1, kills: 1}, 7000, 100),
		bound("dialect 1 and a cut", world{Records: 1, First: 9}, budget{upgrades: 1, cuts: 1}, 7000, 0),
	}
}

// late are worlds in which several things go wrong, from some step of an upgrade on.
func late() []bounded {
	return []bounded{
		bound("kills while copying", world{From: "copying", PreCopy: true, Arm: true, Records: 1}, budget{kills: 1, deadlines: 1, stops: 2}, 7000, 100),
		bound("failures while copying", world{From: "copying", PreCopy: true}, budget{kills: 1, deadlines: 1, failures: 1}, 7000, 100),
		bound("kills while arming", world{From: "arming", Arm: true}, budget{kills: 1, deadlines: 1}, 7000, 100),
		bound("deadlines while preparing", world{From: "preparing new"}, budget{cuts: 1, deadlines: 2}, 7000, 100),
		bound("deadlines while stopping", world{From: "stopping"}, budget{deadlines: 3, cuts: 1}, 7000, 100),
		bound("kills while stopping", world{From: "stopping"}, budget{kills: 2, cuts: 1}, 7000, 100),
		bound("stops while stopping", world{From: "stopping"}, budget{stops: 3, failures: 1}, 30000, 100),
		bound("kills while resuming", world{From: "resuming"}, budget{kills: 2, deadlines: 1}, 7000, 100),
		bound("failures while resuming", world{From: "resuming"}, budget{failures: 3, deadlines: 2}, 7000, 100),
		bound("deadlines while resuming", world{From: "resuming"}, budget{deadlines: 3, cuts: 1}, 7000, 100),
		bound("deadlines while resuming by hand", world{From: "resuming", ByHand: true}, budget{deadlines: 3, failures: 1}, 7000, 100),
		bound("stops while resuming", world{From: "resuming"}, budget{stops: 3, deadlines: 1}, 7000, 100),
		bound("kills in the full start", world{From: "full start"}, budget{kills: 2, failures: 1}, 7000, 100),
		bound("kills while retiring", world{From: "retiring"}, budget{failures: 1, deadlines: 1, cuts: 1, kills: 1}, 7000, 100),
		bound("kills in the soft start", world{From: "soft starting", NumShards: 2}, budget{kills: 1, failures: 1, deadlines: 1}, 7000, 100),
		bound("kills while cutting over", world{From: "cutting over", NumShards: 2}, budget{kills: 2, deadlines: 2}, 7000, 100),
		bound("cuts while cutting over by hand", world{From: "cutting over", NumShards: 2, ByHand: true}, budget{cuts: 1, deadlines: 2}, 7000, 100),
		bound("a second upgrade after failures", world{From: "stopping", Records: 1}, budget{upgrades: 1, failures: 2}, 7000, 100),
		bound("kills with one of two moved", world{From: "stopping", Shards: 2, Parallel: 1, Records: 1}, budget{kills: 2}, 7000, 100),
		bound("dialect 1, cut while stopping", world{From: "stopping", Records: 1, First: 9}, budget{cuts: 2}, 7000, 0),
		bound("dialect 1, killed while resuming", world{From: "resuming", Records: 1, First: 9}, budget{cuts: 1, kills: 1}, 7000, 0),
	}
}

// durable are worlds whose masters keep a journal, and are killed.
func durable() []bounded {
	journal := func(w world) world { w.Journal = true; return w }
	return []bounded{
		bound("an upgrade with a journal", journal(world{}), budget{upgrades: 1}, 0, 10),
		bound("a crash", journal(world{}), budget{upgrades: 1, crashes: 1}, 7000, 100),
		bound("a crash and a kill at rest", journal(world{}), budget{crashes: 1, kills: 1}, 8000, 50),
		bound("a crash at the start", journal(world{Cold: true}), budget{crashes: 1}, 8000, 50),
		bound("a crash while preparing", journal(world{From: "preparing new"}), budget{crashes: 1}, 8000, 50),
		bound("a crash while stopping", journal(world{From: "stopping", Records: 1}), budget{crashes: 1}, 7000, 100),
		bound("a crash while resuming", journal(world{From: "resuming"}), budget{crashes: 1, kills: 1}, 7000, 100),
		bound("a crash in the full start", journal(world{From: "full start"}), budget{crashes: 1, kills: 1}, 7000, 100),
		bound("a crash while sealing", journal(world{From: "sealing"}), budget{crashes: 1}, 7000, 50),
		bound("a crash while retiring", journal(world{From: "retiring"}), budget{crashes: 1, deadlines: 1}, 7000, 100),
		bound("a crash on the way back", journal(world{From: "full start"}), budget{aborts: 1, crashes: 1}, 7000, 100),
		bound("a crash with two shards", journal(world{From: "stopping", Shards: 2, Parallel: 1}), budget{crashes: 1}, 7000, 100),
		bound("a crash by hand", journal(world{From: "resuming", ByHand: true}), budget{crashes: 1, deadlines: 1}, 7000, 100),
		bound("a crash with another count", journal(world{NumShards: 2, From: "soft starting"}), budget{crashes: 1}, 7000, 100),
		bound("a crash while cutting over", journal(world{NumShards: 2, From: "cutting over"}), budget{crashes: 1}, 7000, 100),
		bound("a crash in a pause", journal(world{From: "resuming", Pauses: true}), budget{crashes: 1, pauses: 1, resumes: 1}, 7000, 100),
		bound("a crash and a checkpoint", journal(world{Stateless: true}), budget{crashes: 1, kills: 1, events: 2, beats: 1}, 7000, 100),
	}
}

// steered are worlds in which an operator, or the health of the bots, decides.
func steered() []bounded {
	return []bounded{
		bound("an abort", world{}, budget{upgrades: 1, aborts: 1}, 7000, 100),
		bound("an abort with state", world{From: "stopping", Records: 1, PreCopy: true, Arm: true}, budget{aborts: 1, events: 1}, 7000, 100),
		bound("an abort of two shards", world{From: "stopping", Shards: 2, Parallel: 1}, budget{aborts: 1}, 7000, 100),
		bound("an abort and a kill", world{From: "full start"}, budget{aborts: 1, kills: 1}, 7000, 100),
		bound("an abort and a cut", world{From: "full start"}, budget{aborts: 1, cuts: 1}, 7000, 100),
		bound("an abort and a deadline", world{From: "full start"}, budget{aborts: 1, deadlines: 2}, 7000, 100),
		bound("an abort and failures", world{From: "full start", Records: 1}, budget{aborts: 1, failures: 2}, 7000, 100),
		bound("an abort by hand", world{From: "full start", ByHand: true}, budget{aborts: 1, deadlines: 1, cuts: 1}, 7000, 100),
		bound("an abort of another count", world{From: "soft starting", NumShards: 2}, budget{aborts: 1, deadlines: 1}, 7000, 100),
		bound("a pause", world{Shards: 2, Parallel: 1}, budget{upgrades: 1, pauses: 1, resumes: 1}, 7000, 100),
		bound("a pause and a failure", world{From: "stopping", Pauses: true}, budget{pauses: 1, resumes: 1, failures: 1, deadlines: 1}, 7000, 100),
		bound("a pause and a kill", world{From: "stopping", Shards: 2, Parallel: 1}, budget{pauses: 1, kills: 1}, 7000, 100),
		bound("a canary", world{Shards: 2, Canary: 1, Hold: true, Health: true}, budget{upgrades: 1}, 7000, 100),
		bound("a canary that is ill", world{Shards: 2, Canary: 1, Hold: true, Health: true, From: "canary"}, budget{ills: 1, beats: 2}, 7000, 100),
		bound("a canary that dies", world{Shards: 2, Canary: 1, Hold: true, From: "holding"}, budget{kills: 1, deadlines: 1}, 7000, 100),
		bound("ill in the end", world{Hold: true, Health: true, From: "full start"}, budget{ills: 1, beats: 2}, 7000, 100),
		bound("ill, and a pause", world{Hold: true, Health: true, Pauses: true, From: "full start"}, budget{ills: 1, beats: 2, resumes: 1, aborts: 1}, 7000, 100),
	}
}

// returning are worlds in which an upgrade is on its way back.
func returning() []bounded {
	back := func(w world) world { w.Back = true; return w }
	return []bounded{
		bound("back, copying, with cuts", back(world{From: "copying", PreCopy: true, Arm: true, Records: 1}), budget{stateCuts: 1, kills: 1}, 6000, 100),
		bound("back, copying, with deadlines", back(world{From: "copying", PreCopy: true, Arm: true}), budget{deadlines: 2}, 6000, 100),
		bound("back, arming", back(world{From: "arming", PreCopy: true, Arm: true}), budget{kills: 1, stops: 2}, 6000, 100),
		bound("back, stopping", back(world{From: "stopping", Records: 1}), budget{kills: 2}, 6000, 100),
		bound("back, stopping, by hand", back(world{From: "stopping", ByHand: true}), budget{deadlines: 2, cuts: 1}, 6000, 100),
		bound("back, stopping, with failures", back(world{From: "stopping", Records: 1}), budget{failures: 2, deadlines: 1}, 6000, 100),
		bound("back, resuming, with failures", back(world{From: "resuming"}), budget{failures: 2, deadlines: 2}, 6000, 100),
		bound("back, resuming, with kills", back(world{From: "resuming"}), budget{kills: 2, cuts: 1}, 6000, 100),
		bound("back, resuming, by hand", back(world{From: "resuming", ByHand: true}), budget{failures: 1, deadlines: 3}, 6000, 100),
		bound("back, resuming, with events", back(world{From: "resuming"}), budget{events: 1, deadlines: 2}, 6000, 20),
		bound("back, stopping, with events", back(world{From: "stopping"}), budget{events: 1, deadlines: 2, failures: 1}, 6000, 20),
		bound("back, turning", back(world{From: "turning back"}), budget{kills: 1, cuts: 1, deadlines: 1}, 6000, 100),
		bound("back, taking", back(world{From: "taking back"}), budget{kills: 1, cuts: 1, deadlines: 1}, 6000, 100),
		bound("back, two shards", back(world{From: "stopping", Shards: 2, Parallel: 1, Records: 1}), budget{kills: 1, failures: 1}, 6000, 100),
		bound("back, and a crash", back(world{From: "resuming", Journal: true}), budget{crashes: 1}, 6000, 100),
	}
}

// seldom are worlds in which rows are taken that are taken in no other.
func seldom() []bounded {
	return []bounded{
		bound("dialect 1 and a journal", world{Journal: true, First: 9, Cold: true}, budget{deadlines: 2, cuts: 1}, 5000, 0),
		bound("a canary without a hold", world{Shards: 2, Canary: 1, From: "canary"}, budget{pauses: 1, resumes: 1}, 5000, 100),
		bound("a canary held, and a pause", world{Shards: 2, Canary: 1, Hold: true, From: "holding"}, budget{pauses: 1, resumes: 1}, 5000, 100),
		bound("another count and a pause", world{NumShards: 2, From: "soft starting"}, budget{pauses: 1, resumes: 1}, 5000, 100),
		bound("another count, watched", world{NumShards: 2, From: "proving", Hold: true}, budget{cuts: 1, pauses: 1, resumes: 1}, 5000, 100),
		bound("a pause and a stop", world{From: "stopping", Shards: 2, Parallel: 1}, budget{pauses: 1, stops: 1}, 5000, 100),
		bound("a pause, and ill", world{From: "full start", Hold: true, Health: true}, budget{pauses: 1, ills: 1, beats: 1}, 5000, 100),
		bound("a pause that goes on, and ill", world{From: "full start", Hold: true, Health: true, Pauses: true}, budget{pauses: 1, ills: 1, beats: 1}, 5000, 100),
		bound("sealing, and ill", world{From: "sealing", Journal: true, Health: true}, budget{ills: 1, beats: 2}, 5000, 100),
		bound("sealing, and a stop", world{From: "sealing", Journal: true}, budget{stops: 1, deadlines: 1}, 5000, 100),
		bound("a kill with copies", world{From: "copying", PreCopy: true, Arm: true}, budget{kills: 2, deadlines: 1}, 5000, 100),
		bound("stops with copies", world{From: "arming", PreCopy: true, Arm: true}, budget{stops: 2, deadlines: 1}, 5000, 100),
		bound("a kill while handing over", world{From: "stopping"}, budget{cuts: 1, kills: 1, deadlines: 1}, 8000, 100),
		bound("a lease in the dark", world{From: "resuming", Records: 1, Lease: time.Minute}, budget{stateCuts: 1, deadlines: 2}, 5000, 100),
		bound("starting the new by hand", world{From: "starting the new", NumShards: 2}, budget{failures: 1, cuts: 1, deadlines: 1}, 5000, 100),
	}
}

// lent are worlds with leases.
func lent() []bounded {
	lease := func(w world) world { w.Lease = time.Minute; return w }
	return []bounded{
		bound("a lease", lease(world{}), budget{upgrades: 1, deadlines: 1}, 7000, 100),
		bound("a lease and a cut", lease(world{}), budget{cuts: 1, deadlines: 2, beats: 1}, 7000, 100),
		bound("a lease and a freeze", lease(world{}), budget{freezes: 1, deadlines: 2}, 7000, 50),
		bound("a lease by hand and a freeze", lease(world{ByHand: true}), budget{freezes: 1, deadlines: 2, arrivals: 1}, 7000, 50),
		bound("a lease and a freeze while stopping", lease(world{From: "stopping"}), budget{freezes: 1, deadlines: 2}, 7000, 100),
		bound("a lease and a freeze while resuming", lease(world{From: "resuming"}), budget{freezes: 1, deadlines: 2}, 7000, 100),
		bound("a lease of two", lease(world{Shards: 2, Slaves: 2}), budget{freezes: 1, deadlines: 2}, 7000, 100),
		bound("a lease and checkpoints", lease(world{ByHand: true, Stateless: true}), budget{freezes: 1, deadlines: 2, arrivals: 1, events: 1, beats: 1}, 7000, 100),
		bound("a lease and a crash", lease(world{Journal: true}), budget{crashes: 1, freezes: 1, deadlines: 2}, 7000, 100),
		bound("a lease and failures", lease(world{}), budget{failures: 1, deadlines: 2, beats: 1}, 7000, 100),
	}
}

// stateless are worlds of bots that can do without their state.
func stateless() []bounded {
	able := func(w world) world { w.Stateless = true; return w }
	return []bounded{
		bound("checkpoints and a kill", able(world{}), budget{kills: 1, events: 2, beats: 2}, 7000, 100),
		bound("checkpoints and a kill in an upgrade", able(world{From: "stopping"}), budget{kills: 1, events: 2}, 7000, 100),
		bound("checkpoints and kills while resuming", able(world{From: "resuming"}), budget{kills: 2, events: 1}, 7000, 100),
		bound("checkpoints on two slaves", able(world{Shards: 2, Slaves: 2}), budget{kills: 1, events: 1, beats: 1}, 7000, 100),
	}
}

// deep are worlds that take longer than a test may.
func deep() []bounded {
	everything := budget{upgrades: 1, cuts: 1, stateCuts: 1, kills: 1, freezes: 1, deadlines: 1, failures: 1, beats: 1, events: 1}
	return []bounded{
		bound("two shards, a cut and a deadline", world{Shards: 2, Records: 1}, budget{upgrades: 1, cuts: 1, deadlines: 1}, 0, 1000),
		bound("two shards and two kills", world{Shards: 2, Records: 1}, budget{upgrades: 1, kills: 2, events: 1}, 0, 1000),
		bound("three shards on two slaves", world{Shards: 3, Slaves: 2, Parallel: 2}, budget{upgrades: 1, kills: 1, cuts: 1}, 0, 1000),
		bound("two freezes", world{Records: 1, PreCopy: true, Arm: true}, budget{upgrades: 1, freezes: 2}, 0, 1000),
		bound("everything once", world{Records: 1, PreCopy: true, Arm: true}, everything, 0, 1000),
		bound("everything once while resuming", world{Shards: 2, Records: 1, From: "resuming"}, everything, 0, 1000),
		bound("crashes at rest", world{Shards: 2, Slaves: 2}, budget{crashes: 2, cuts: 1, beats: 1}, 0, 1000),
		bound("another count, everything once", world{NumShards: 2}, everything, 0, 1000),
	}
}
