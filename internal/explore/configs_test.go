package explore_test

import "github.com/shardbaton/baton/internal/explore"

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
// known are violations besides those that every search knows.
func bound(name string, w world, b budget, states, heal int, known ...string) bounded {
	w.Name, w.Budget, w.Shards, w.Known = name, b, max(w.Shards, 1), append(known, knownEverywhere()...)
	return bounded{w, states, heal}
}

// The violations that have not been mended. Each is the end of a story under
// testdata/explore, and goes from here when that story has another end.
func knownEverywhere() []string {
	return []string{
		"unexpected message: ",
		"which is dead",
		"is told to shut down and has stopped shard",
	}
}

const (
	knownSoft    = "which does not run it"
	knownNoOwner = "has no owner"
	knownStop    = "FullStart is sent to"
	knownFirst   = "is told to shut down and runs shard"
)

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
		bound("a cut with state ahead", world{Records: 1, PreCopy: true, Arm: true}, budget{upgrades: 1, cuts: 1}, 15000, 100),
		bound("a kill", world{}, budget{upgrades: 1, kills: 1}, 0, 100),
		bound("a kill and events", world{}, budget{upgrades: 1, kills: 1, events: 1}, 15000, 200),
		bound("failures", world{Records: 1, PreCopy: true, Arm: true}, budget{upgrades: 1, failures: 2}, 0, 5),
		bound("failures of two shards", world{Shards: 2, Records: 1}, budget{upgrades: 1, failures: 2}, 0, 50),
		bound("a deadline", world{Records: 1}, budget{upgrades: 1, deadlines: 1}, 0, 50),
		bound("deadlines", world{}, budget{upgrades: 1, deadlines: 2}, 15000, 200),
		bound("a freeze", world{}, budget{upgrades: 1, freezes: 1}, 20000, 200),
		bound("failed launches", world{Shards: 2, Slaves: 2}, budget{upgrades: 1, noLaunch: 2}, 0, 50),
		bound("a cold start", world{Shards: 2, Cold: true}, budget{deadlines: 1, cuts: 1}, 10000, 50),
		bound("a cold start with failures", world{Shards: 2, Cold: true}, budget{deadlines: 2, failures: 2}, 10000, 50),
		bound("a cold start with kills", world{Cold: true, Exits: 2}, budget{deadlines: 1, kills: 2, noLaunch: 1}, 0, 20),
		bound("a cold start of two", world{Shards: 2, Slaves: 2, Cold: true}, budget{deadlines: 1, kills: 1, cuts: 1}, 15000, 100),
		bound("a cold start by hand", world{Shards: 2, Slaves: 2, ByHand: true, Cold: true}, budget{arrivals: 2, deadlines: 2}, 10000, 100),
		bound("strangers", world{}, budget{strangers: 2, deadlines: 1}, 10000, 50),
		bound("by hand and a cut", world{ByHand: true}, budget{upgrades: 1, arrivals: 1, cuts: 1}, 0, 100),
		bound("by hand and a kill", world{ByHand: true}, budget{upgrades: 1, arrivals: 1, kills: 1, forgets: 1}, 10000, 50),
		bound("a stop", world{}, budget{upgrades: 1, stops: 3, deadlines: 1}, 10000, 50, knownStop),
		bound("a crash at rest", world{}, budget{crashes: 1, cuts: 1}, 0, 20),
		bound("a crash with two slaves", world{Shards: 2, Slaves: 2}, budget{crashes: 1}, 10000, 50),
		bound("another count and failures", world{NumShards: 2}, budget{upgrades: 1, failures: 1, deadlines: 1}, 10000, 100, knownSoft),
		bound("another count and a kill", world{NumShards: 2}, budget{upgrades: 1, kills: 1}, 10000, 100, knownSoft),
		bound("dialect 1 and a cut", world{Records: 1, First: 9}, budget{upgrades: 1, cuts: 1}, 10000, 0, knownFirst),
	}
}

// late are worlds in which several things go wrong, from some step of an upgrade on.
func late() []bounded {
	return []bounded{
		bound("kills while copying", world{From: "copying", PreCopy: true, Arm: true, Records: 1}, budget{kills: 1, deadlines: 1, stops: 2}, 10000, 100, knownStop),
		bound("failures while copying", world{From: "copying", PreCopy: true}, budget{kills: 1, deadlines: 1, failures: 1}, 10000, 100),
		bound("kills while arming", world{From: "arming", Arm: true}, budget{kills: 1, deadlines: 1}, 10000, 100),
		bound("deadlines while preparing", world{From: "preparing new"}, budget{cuts: 1, deadlines: 2}, 10000, 100),
		bound("deadlines while stopping", world{From: "stopping"}, budget{deadlines: 3, cuts: 1}, 10000, 100),
		bound("kills while stopping", world{From: "stopping"}, budget{kills: 2, cuts: 1}, 10000, 100),
		bound("stops while stopping", world{From: "stopping"}, budget{stops: 3, failures: 1}, 0, 100, knownStop),
		bound("kills while resuming", world{From: "resuming"}, budget{kills: 2, deadlines: 1}, 10000, 100),
		bound("failures while resuming", world{From: "resuming"}, budget{failures: 3, deadlines: 2}, 10000, 100),
		bound("deadlines while resuming", world{From: "resuming"}, budget{deadlines: 3, cuts: 1}, 10000, 100),
		bound("deadlines while resuming by hand", world{From: "resuming", ByHand: true}, budget{deadlines: 3, failures: 1}, 10000, 100),
		bound("stops while resuming", world{From: "resuming"}, budget{stops: 3, deadlines: 1}, 10000, 100, knownStop),
		bound("kills in the full start", world{From: "full start"}, budget{kills: 2, failures: 1}, 10000, 100),
		bound("kills while retiring", world{From: "retiring"}, budget{failures: 1, deadlines: 1, cuts: 1, kills: 1}, 10000, 100),
		bound("kills in the soft start", world{From: "soft starting", NumShards: 2}, budget{kills: 1, failures: 1, deadlines: 1}, 10000, 100, knownSoft),
		bound("kills while cutting over", world{From: "cutting over", NumShards: 2}, budget{kills: 2, deadlines: 2}, 10000, 100, knownSoft),
		bound("cuts while cutting over by hand", world{From: "cutting over", NumShards: 2, ByHand: true}, budget{cuts: 1, deadlines: 2}, 10000, 100, knownSoft, knownNoOwner, knownStop),
		bound("a second upgrade after failures", world{From: "stopping", Records: 1}, budget{upgrades: 1, failures: 2}, 10000, 100),
		bound("kills with one of two moved", world{From: "stopping", Shards: 2, Parallel: 1, Records: 1}, budget{kills: 2}, 10000, 100),
		bound("dialect 1, cut while stopping", world{From: "stopping", Records: 1, First: 9}, budget{cuts: 2}, 10000, 0, knownFirst),
		bound("dialect 1, killed while resuming", world{From: "resuming", Records: 1, First: 9}, budget{cuts: 1, kills: 1}, 10000, 0, knownFirst),
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
		bound("everything once", world{Records: 1, PreCopy: true, Arm: true}, everything, 0, 1000, knownStop),
		bound("everything once while resuming", world{Shards: 2, Records: 1, From: "resuming"}, everything, 0, 1000, knownStop),
		bound("crashes at rest", world{Shards: 2, Slaves: 2}, budget{crashes: 2, cuts: 1, beats: 1}, 0, 1000),
		bound("another count, everything once", world{NumShards: 2}, everything, 0, 1000, knownSoft, knownStop),
	}
}
