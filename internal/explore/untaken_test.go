package explore_test

// untaken are the rows that no search of the tests takes, by the reason.
func untaken() map[string][]string {
	return map[string][]string{
		"an answer comes twice only when a link is lost in the very state, twice": {
			"upgrade: preparing old, on old prepared, when not awaited",
			"upgrade: preparing new, on new prepared, when not awaited",
			"upgrade: soft starting, on soft started, when not awaited",
			"upgrade: cutting over, on goodbye, when not awaited",
			"upgrade: full start, on fully started, when not awaited",
			"upgrade: starting the new, on fully started, when not awaited",
			"upgrade: starting the new, on failure, when not awaited",
			"upgrade: turning back, on new prepared, when not awaited",
			"upgrade: taking back, on old prepared, when not awaited",
		},
		"slaves of dialect 1 and 2 are mixed, or count otherwise, in no search": {
			"share: vacant|backing off|given up|launching|awaiting hello, on arrived, when dialect 1 and not alone",
			"upgrade: awaiting hello, on counted, when nobody awaited and not dialects fit, to settling",
			"upgrade: preparing old, on old prepared, when awaited and not shard counts agree, to settling",
			"slave: running|moving in, on stop a shard, when not epochs used",
			"shard: running, on copy, when not copy offered",
			"shard: stopped, on stop, when not epochs used",
		},
		"the lease is the same in all lives of a master": {
			"lease: held, on waived, to free",
		},
		"it takes as many ends in a row as the option says, and a launch that hangs": {
			"share: launching|awaiting hello, on deadline, when worn out, to given up",
		},
		"a second fault is needed in a window of one step that comes late: a longer search, make explore, takes most of these": {
			"upgrade: recovering, on reconciled, when not committed and pauses on failure and new shard count, to settling",
			"move: on old|on new, on turn, when giver dead and not taker dead and not taker linked, to handing over",
			"move: on old|on new, on turn, when giver dead and taker dead, to lost",
			"move: copying|arming, on halted, when heading back, to on new",
			"move: copying|arming, on upgrade ended, when not heading back, to kept",
			"move: handing over, on deadline, when not giver takes back, to lost",
		},
		"a start hangs, or a request is repeated, behind a fault that the bounds do not allow there": {
			"upgrade: cutting over, on slave dead, when old slave and not awaited",
			"slave: soft starting, on shards settled, when barren and not serving, to idle",
			"shard: copying, on resume, to running",
			"shard: copying, on begin, to running",
			"share: mending, on started, when whole, to serving",
			"share: mending, on started, when not whole",
			"shard: completing, on yield, when session kept, to stopped",
		},
	}
}
