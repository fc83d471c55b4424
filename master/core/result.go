package core

import "github.com/shardbaton/baton/fsm/lifecycle"

// Result is how an upgrade ended.
type Result struct {
	// State is [lifecycle.UpgradeDone], [lifecycle.UpgradeReverted],
	// [lifecycle.UpgradeFailed], or empty when the upgrade could not begin.
	State lifecycle.UpgradeState
	// NumShards is the number of shards afterwards.
	NumShards int
	// Sources were to be replaced by Targets.
	Sources, Targets []SlaveID
	// Moved run on the new slaves, Kept on those they were on. Lost have no owner:
	// no slave that could take them lives. InDoubt may or may not run on the owner
	// that the status names. All in order.
	Moved, Kept, Lost, InDoubt []int
	// Fresh counts the shards that needed an IDENTIFY.
	Fresh int
	// Err says why the upgrade was reverted, failed or did not begin; nil when it is
	// done.
	Err *UpgradeError
	// Trouble says what would have made an upgrade revert that is done all the same,
	// because there was nobody to revert to; usually nil.
	Trouble *UpgradeError
}
