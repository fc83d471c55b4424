package core

import (
	"errors"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
)

// Tables are the lifecycles by which a core lives.
type Tables struct {
	Slave fsm.Table[lifecycle.SlaveState, lifecycle.SlaveEvent, lifecycle.SlaveView]
	Shard fsm.Table[lifecycle.ShardState, lifecycle.ShardEvent, lifecycle.ShardView]
}

// StandardTables returns the tables of package lifecycle. What they hold is the
// caller's own.
func StandardTables() Tables {
	return Tables{Slave: lifecycle.Slave(), Shard: lifecycle.Shard()}
}

// program is what all cores of a kind share: the tables, built, and the functions
// behind the names of their effects. It never changes.
type program struct {
	slave        *fsm.Definition[lifecycle.SlaveState, lifecycle.SlaveEvent, lifecycle.SlaveView]
	shard        *fsm.Definition[lifecycle.ShardState, lifecycle.ShardEvent, lifecycle.ShardView]
	slaveEffects fsm.Bound[func(*Core)]
	shardEffects fsm.Bound[func(*shard)]
}

func newProgram(tables Tables) (*program, error) {
	var p program
	var errs [4]error
	if p.slave, errs[0] = tables.Slave.Build(); errs[0] != nil {
		return nil, errs[0]
	}
	if p.shard, errs[1] = tables.Shard.Build(); errs[1] != nil {
		return nil, errs[1]
	}
	p.slaveEffects, errs[2] = fsm.Bind(p.slave, map[string]func(*Core){
		lifecycle.SlaveBeginShards:   (*Core).beginShards,
		lifecycle.SlaveCallSoftStart: (*Core).callSoftStart,
		lifecycle.SlaveCallFullStart: (*Core).callFullStart,
		lifecycle.SlaveCallFrom:      (*Core).callTransferFrom,
		lifecycle.SlaveCallTo:        (*Core).callTransferTo,
		lifecycle.SlaveCallShutdown:  (*Core).callShutdown,
		lifecycle.SlaveUndertake:     (*Core).undertake,
		lifecycle.SlaveOpenInboxes:   (*Core).openInboxes,
		lifecycle.SlaveAnswer:        (*Core).answer,
		lifecycle.SlaveReport:        (*Core).report,
		lifecycle.SlavePass:          (*Core).pass,
		lifecycle.SlaveKeep:          (*Core).keep,
		lifecycle.SlaveTakeUp:        (*Core).takeUp,
		lifecycle.SlaveYieldShards:   (*Core).yieldShards,
		lifecycle.SlaveTellShards:    (*Core).sendInventory,
		lifecycle.SlaveEnd:           (*Core).end,
	})
	p.shardEffects, errs[3] = fsm.Bind(p.shard, map[string]func(*shard){
		lifecycle.ShardOpenInbox:    (*shard).openInbox,
		lifecycle.ShardCallStart:    (*shard).callStart,
		lifecycle.ShardCancelStart:  (*shard).cancel,
		lifecycle.ShardCallCopy:     (*shard).callCopy,
		lifecycle.ShardCancelCopy:   (*shard).cancel,
		lifecycle.ShardYield:        (*shard).yield,
		lifecycle.ShardCallStop:     (*shard).callStop,
		lifecycle.ShardAnswerStart:  (*shard).answerStart,
		lifecycle.ShardAnswerCopied: (*shard).answerCopied,
		lifecycle.ShardAnswerStop:   (*shard).answerStop,
		lifecycle.ShardReport:       (*shard).report,
		lifecycle.ShardDrop:         (*shard).drop,
	})
	return &p, errors.Join(errs[:]...)
}
