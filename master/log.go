package master

import (
	"errors"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/master/core"
)

// logNotice writes what happened to the log, as loud as it matters to an operator.
func logNotice(log *zap.Logger, n Notice) {
	switch n := n.(type) {
	case core.Problem:
		level := zap.WarnLevel
		if errors.Is(n.Err, core.ErrGaveUp) { // nothing mends this but the operator
			level = zap.ErrorLevel
		}
		log.Log(level, n.String())
	case core.ShardPhase, core.ShardOwned:
		// Formatting these for nobody would cost a shard its time.
		if entry := log.Check(zap.DebugLevel, "shard"); entry != nil {
			entry.Write(zap.Stringer("notice", n))
		}
	default:
		log.Info(n.String())
	}
}
