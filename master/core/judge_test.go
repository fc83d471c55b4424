package core_test

import (
	"maps"
	"slices"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// judge watches what goes in and out of a core and knows, from that alone, who may
// run which shard. It holds the core to the invariants:
//
//   - S1: nobody is told to start a shard while another slave may run it.
//   - S2: epochs of a shard only grow.
//   - S6: no old slave of an upgrade is told to shut down while one of its shards
//     may still run there, or rests there stopped, and nobody else has it.
type judge struct {
	shards int // of the whole bot
	// mayRun says which slave may run a shard, by the name in the story.
	mayRun map[int]string
	// stopped says which slave holds a shard's session.
	stopped map[int]string
	epochs  map[int]uint64
	first   map[string]bool // slaves that speak dialect 1
	ids     map[string]string
	stopMet bool // an orderly end was asked for
	lies    bool // slaves say what is not so, so that S6 cannot be judged
	soft    map[int]string
	cut     map[string]bool // new slaves of a soft start, which never compete with each other
	ended   map[string]bool // slaves that were told to end
	// told is the epoch of the latest order to each slave for each shard.
	told map[order]uint64
	// all is a dialect 1 slave that was told to start every shard, as long as nobody
	// knows how many there are.
	all string
}

// order is an order to a slave to start a shard.
type order struct {
	slave string
	shard int
}

func newJudge() *judge {
	return &judge{
		mayRun: make(map[int]string), stopped: make(map[int]string), epochs: make(map[int]uint64),
		first: make(map[string]bool), ids: make(map[string]string), soft: make(map[int]string), cut: make(map[string]bool),
		told: make(map[order]uint64), ended: make(map[string]bool),
	}
}

// event notes what a slave, or its process, says about shards: it is taken for true.
func (j *judge) event(r *rig, e core.Event) {
	switch e := e.(type) {
	case core.StopAsked:
		j.stopMet = true
	case core.Fired:
		if e.Timer.Of == core.LeaseLife {
			j.dead(r.lessee[e.Timer.ID]) // it has stopped its shards by itself
		}
	case core.Exited:
		j.dead(r.called(e.Slave))
	case core.ForgetAsked:
		j.dead(r.called(e.Slave))
	case core.Received:
		slave := r.who[e.Link]
		if e.Type == wire.EvtShutdown {
			j.dead(slave) // it says that it has stopped
		}
		switch d := e.Data.(type) {
		case *wire.SlaveHelloData:
			if d != nil && d.Running && d.Protocol < 2 && j.shards == 0 {
				j.all = slave
			}
			if d != nil && d.Protocol >= 2 && !j.lies {
				j.inventory(slave, d.Shards)
			}
			if d != nil && d.Protocol >= 2 && !j.ended[slave] {
				for _, i := range d.Shards {
					if serves(i.Phase) && j.mayRun[i.Shard] == "" && j.soft[i.Shard] != slave {
						j.mayRun[i.Shard] = slave
					}
				}
			}
		case *wire.HeartbeatData:
			if d == nil {
				break
			}
			for _, i := range d.Shards { // it may have been sent before the latest order was heard
				if !serves(i.Phase) && i.Epoch >= j.told[order{slave, i.Shard}] {
					j.stop(slave, i.Shard)
				}
			}
		case *wire.ShardStoppedData:
			if d != nil {
				j.stop(slave, d.Shard)
			}
		case *wire.StopShardData:
			if d != nil {
				j.stop(slave, d.Shard)
			}
		case *wire.ShardMigrationStartData:
			if d != nil && d.FromThisSlave && j.all == slave && slave != "" {
				for n := range min(d.NumShards, 64) {
					j.mayRun[n] = slave
				}
				j.shards, j.all = min(d.NumShards, 64), ""
			}
		case *wire.FailureData:
			if d != nil && !serves(d.Phase) {
				j.stop(slave, d.Shard)
			}
			if d != nil && d.Phase == string(lifecycle.ShardAbsent) {
				delete(j.stopped, d.Shard) // nothing is left of it there
			}
		}
	}
}

// inventory takes a hello: it comes after everything that was said on earlier links, so
// what it does not mention is not there.
func (j *judge) inventory(slave string, list []wire.ShardInfo) {
	for shard, who := range j.mayRun {
		if who == slave && !slices.ContainsFunc(list, func(i wire.ShardInfo) bool { return i.Shard == shard && serves(i.Phase) }) {
			delete(j.mayRun, shard)
		}
	}
}

func serves(phase string) bool { return lifecycle.ShardState(phase).Serves() }

func (j *judge) stop(slave string, shard int) {
	if j.mayRun[shard] == slave {
		delete(j.mayRun, shard)
		j.stopped[shard] = slave
	}
}

func (j *judge) dead(slave string) {
	for shard, who := range j.mayRun {
		if who == slave {
			delete(j.mayRun, shard)
		}
	}
	for shard, who := range j.stopped {
		if who == slave {
			delete(j.stopped, shard)
		}
	}
	for shard, who := range j.soft {
		if who == slave {
			delete(j.soft, shard)
		}
	}
}

// effect checks what a slave is told to do.
func (j *judge) effect(r *rig, effect core.Effect) {
	e, ok := effect.(core.Send)
	if !ok {
		return
	}
	slave := r.who[e.Link]
	if e.Type == wire.EvtFullStart && e.Data == nil {
		if j.all != "" && j.all != slave {
			r.fail("S1: %s is told to start every shard, but %s runs them", slave, j.all)
		}
		if j.all = slave; j.shards > 0 {
			j.all = ""
		}
		for n := range j.shards {
			j.start(r, slave, n, 0)
		}
	}
	switch d := e.Data.(type) {
	case *wire.ResumeShardData:
		j.start(r, slave, d.Shard, d.Epoch)
	case *wire.StartData:
		if d == nil {
			return
		}
		for _, info := range d.Shards {
			switch {
			case e.Type == wire.EvtSoftStart:
				j.epoch(r, info.Shard, info.Epoch)
				j.soft[info.Shard], j.cut[slave] = slave, true
			case j.soft[info.Shard] == slave:
				j.cutOver(r, slave, info.Shard)
			case j.mayRun[info.Shard] == slave: // it is told what it has
			case j.told[order{slave, info.Shard}] == info.Epoch && j.mayRun[info.Shard] == "": // a repeated order
				j.mayRun[info.Shard] = slave
			default:
				j.start(r, slave, info.Shard, info.Epoch)
			}
		}
	case *wire.StopShardData:
		j.epoch(r, d.Shard, d.Epoch)
		if j.first[slave] && d.Shard >= j.shards {
			j.retired(r, slave)
		}
	}
	if e.Type == wire.EvtShutdown {
		j.retired(r, slave)
	}
}

func (j *judge) start(r *rig, slave string, shard int, epoch uint64) {
	r.t.Helper()
	j.epoch(r, shard, epoch)
	if who := j.mayRun[shard]; who != "" && who != slave {
		r.fail("S1: %s is told to start shard %d at epoch %d, which %s may run", slave, shard, epoch, who)
	}
	j.mayRun[shard], j.told[order{slave, shard}] = slave, epoch
	delete(j.stopped, shard)
}

// cutOver checks that a new slave of a soft start handles no event while an old one
// may: a shard of the one is not a shard of the other.
func (j *judge) cutOver(r *rig, slave string, shard int) {
	r.t.Helper()
	delete(j.soft, shard)
	for n, who := range j.mayRun {
		if !j.cut[who] && who != slave {
			r.fail("S1: %s is cut over to, but %s may run shard %d", slave, who, n)
		}
	}
	j.mayRun[shard] = slave
}

func (j *judge) epoch(r *rig, shard int, epoch uint64) {
	r.t.Helper()
	if epoch == 0 {
		return // dialect 1
	}
	if epoch < j.epochs[shard] {
		r.fail("S2: epoch %d of shard %d after epoch %d", epoch, shard, j.epochs[shard])
	}
	j.epochs[shard] = epoch
}

// retired checks that a slave that is told to end has nothing that would be lost,
// and in a soft start that the new slaves are there.
func (j *judge) retired(r *rig, slave string) {
	r.t.Helper()
	if j.stopMet || j.lies {
		return
	}
	j.ended[slave] = true
	st := r.core.Status()
	for _, who := range j.soft {
		if who == slave { // a new one, which is not needed any more
			maps.DeleteFunc(j.soft, func(_ int, who string) bool { return who == slave })
			return
		}
	}
	soft := len(j.soft) > 0
	for shard, who := range j.mayRun {
		if who == slave && !soft {
			r.fail("S6: %s is told to end, but may run shard %d; the status is\n%s", slave, shard, where(st))
		}
	}
	for shard, who := range j.stopped {
		lost := slices.ContainsFunc(st.Shards, func(s core.ShardStatus) bool {
			return s.Shard == shard && (s.Move == lifecycle.MoveLost || s.Owner != "" && string(s.Owner) != slave)
		})
		if who == slave && !lost && !soft {
			r.fail("S6: %s is told to end, but has stopped shard %d, which nobody has taken; the status is\n%s", slave, shard, where(st))
		}
	}
}
