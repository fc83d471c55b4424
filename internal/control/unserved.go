package control

import (
	"fmt"
	"slices"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

// Unserved is what becomes of a plan when there is no slave to replace. The master
// has taken its command, and launches it for every share that it had given up, or
// is about to try again. before is how things stood when the plan came.
func Unserved(plan Plan, before core.Status) Result {
	result := ResultOf(master.Result{}, nil)
	result.Result, result.NumShards = ResultLaunched, before.NumShards
	failed := func(format string, args ...any) {
		result.Result = ResultFailed
		result.Error = "no slave serves, so nothing was replaced: " + fmt.Sprintf(format, args...)
	}
	in := func(states ...lifecycle.ShareState) bool {
		return slices.ContainsFunc(before.Shares, func(s core.ShareStatus) bool { return slices.Contains(states, s.State) })
	}
	switch {
	case plan.NumShards > 0 && before.NumShards > 0 && plan.NumShards != before.NumShards:
		failed("the number of shards stays %d; ask again when a slave serves", before.NumShards)
	case before.State == lifecycle.MasterListening:
		failed("an earlier master's slaves are waited for; what is launched if they do not come runs the new version")
	case in(lifecycle.ShareLaunching, lifecycle.ShareAwaitingHello):
		failed("a slave of the former version is on its way; ask again when it serves")
	case !in(lifecycle.ShareGivenUp, lifecycle.ShareBackingOff):
		failed("this master launches nothing; start a slave of the new version")
	}
	return result
}
