package explore_test

// untaken are the rows that no search takes, because more has to go wrong before than
// the bounds allow.
func untaken() []string {
	return []string{
		"share: vacant|backing off|given up|launching|awaiting hello, on arrived, when dialect 1 and not alone",
		"share: serving|mending, on shard up, when not whole",
		"share: launching|awaiting hello, on deadline, when worn out, to given up",
		"share: mending, on started, when whole, to serving",
		"upgrade: awaiting hello, on counted, when nobody awaited and not dialects fit, to settling",
		"upgrade: preparing old, on old prepared, when awaited and not shard counts agree, to settling",
		"upgrade: preparing old, on old prepared, when not awaited",
		"upgrade: preparing new, on new prepared, when not awaited",
		"upgrade: soft starting, on soft started, when not awaited",
		"upgrade: cutting over, on goodbye, when not awaited",
		"upgrade: cutting over, on failure",
		"upgrade: full start, on fully started, when not awaited",
		"upgrade: cutting over, on slave dead, when old slave and not awaited",
		"move: on old, on turn, when source dead and target dead, to lost",
		"move: copying|arming, on source dead, to on old",
		"move: copying|arming, on target dead, to on old",
		"move: copying|arming, on upgrade ended, to kept",
		"move: handing over, on target dead, when source takes back, to returning",
		"move: handing over, on deadline, when not source takes back, to lost",
		"move: resuming, on not resumed, when not source takes back and not fresh",
		"slave: starting|soft starting, on deadline, when not serving, to idle",
		"slave: soft starting, on shards settled, when barren and not serving, to idle",
		"slave: preparing in, on not prepared, when serving, to running",
		"slave: preparing in, on deadline, when serving, to running",
		"slave: running|moving in, on stop a shard, when epochs used",
		"slave: running|moving in, on stop a shard, when not epochs used",
		"shard: loading|stopped, on expect",
		"shard: absent|stopped, on resume, when not state whole and state broken",
		"shard: completing, on state advanced, when not state whole and state broken and session kept, to stopped",
		"shard: completing, on deadline, when session kept, to stopped",
		"shard: running, on resume",
		"shard: copying, on resume, to running",
		"shard: copying, on begin, to running",
		"shard: running, on copy, when not copy offered",
		"shard: stopped, on stop, when epochs used",
		"shard: stopped, on stop, when not epochs used",
	}
}
