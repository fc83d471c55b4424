package core

import (
	"errors"
	"slices"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// upgradeView answers the guards of the upgrade table.
type upgradeView struct {
	c *Core
	*upgrade
}

// LaunchNeeded implements [lifecycle.UpgradeView].
func (v *upgradeView) LaunchNeeded() bool {
	return v.c.opt.CanLaunch && slices.ContainsFunc(v.parts, func(p *part) bool { return p.id == "" })
}

// Awaited implements [lifecycle.UpgradeView].
func (v *upgradeView) Awaited() bool {
	p := v.who()
	return p != nil && p.awaited
}

// NobodyAwaited implements [lifecycle.UpgradeView].
func (v *upgradeView) NobodyAwaited() bool { return v.awaited == 0 }

// IsSource implements [lifecycle.UpgradeView].
func (v *upgradeView) IsSource() bool {
	p := v.who()
	return p != nil && p.source
}

// Soft implements [lifecycle.UpgradeView].
func (v *upgradeView) Soft() bool { return v.soft }

// DialectsFit implements [lifecycle.UpgradeView].
func (v *upgradeView) DialectsFit() bool {
	for _, p := range v.parts {
		s := v.c.slaveAt(p)
		if s == nil || v.soft && p.source {
			continue
		}
		if (s.dialect == 1) != v.first {
			return false
		}
	}
	return true
}

// ShardsAgree implements [lifecycle.UpgradeView].
func (v *upgradeView) ShardsAgree() bool {
	p := v.who()
	if p == nil || p.count <= 0 || p.count > maxShards {
		return false
	}
	return p.count == v.num || v.num == 0 || v.c.reg.all == p.id
}

// FirstDialect implements [lifecycle.UpgradeView].
func (v *upgradeView) FirstDialect() bool { return v.first }

// AllOnNew implements [lifecycle.UpgradeView].
func (v *upgradeView) AllOnNew() bool {
	if v.m.State() != lifecycle.UpgradeRestoring {
		return v.total > 0 && v.onNew == v.total
	}
	return v.total > 0 && (v.cut || v.count(lifecycle.MoveMoved) == v.total)
}

// AllOnOld implements [lifecycle.UpgradeView].
func (v *upgradeView) AllOnOld() bool {
	if v.cut || slices.ContainsFunc(v.parts, func(p *part) bool { s := v.c.slaveAt(p); return p.source && (s == nil || s.ending) }) {
		return false
	}
	return len(v.moves) == 0 || v.count(lifecycle.MoveKept) == v.total
}

// AtRest implements [lifecycle.UpgradeView].
func (v *upgradeView) AtRest() bool { return v.inFlight == 0 }

// SourcesLinked implements [lifecycle.UpgradeView].
func (v *upgradeView) SourcesLinked() bool {
	return !slices.ContainsFunc(v.parts, func(p *part) bool { return p.source && !p.gone && !v.c.slaveAt(p).usable() })
}

// Killable implements [lifecycle.UpgradeView].
func (v *upgradeView) Killable() bool {
	return slices.ContainsFunc(v.parts, func(p *part) bool {
		s := v.c.slaveAt(p)
		return p.awaited && s != nil && s.ending && s.launched && !s.killed
	})
}

// who returns the part of the slave that the present event is about, dead or not.
func (v *upgradeView) who() *part {
	for _, p := range v.parts {
		if p.id == v.now.slave && p.id != "" {
			return p
		}
	}
	return nil
}

// Written implements [lifecycle.UpgradeView].
func (v *upgradeView) Written() bool { return v.c.safe(v.written) }

// Committed implements [lifecycle.UpgradeView].
func (v *upgradeView) Committed() bool { return v.committed }

// CanaryOpen implements [lifecycle.UpgradeView].
func (v *upgradeView) CanaryOpen() bool {
	return slices.ContainsFunc(v.plan.CanaryShards, func(n int) bool {
		m := v.move(n)
		return m != nil && m.m.State() != lifecycle.MoveOnNew
	})
}

// HoldDue implements [lifecycle.UpgradeView].
func (v *upgradeView) HoldDue() bool {
	return !v.held && len(v.plan.CanaryShards) > 0 && v.plan.Hold+v.plan.Healthy > 0
}

// ProofDue implements [lifecycle.UpgradeView].
func (v *upgradeView) ProofDue() bool { return v.plan.Healthy > 0 || !v.GateGood() }

// GateGood implements [lifecycle.UpgradeView].
func (v *upgradeView) GateGood() bool {
	for _, p := range v.parts {
		if p.source || p.gone {
			continue
		}
		if s := v.c.slaveAt(p); !s.usable() || s.unhealthy != "" {
			return false
		}
		for n := range v.c.reg.shards {
			if sh := &v.c.reg.shards[n]; sh.owner == p.id && (!sh.up || sh.doubt) {
				return false
			}
		}
	}
	return true
}

// Pausing implements [lifecycle.UpgradeView].
func (v *upgradeView) Pausing() bool { return v.pausing }

// PausesOnFailure implements [lifecycle.UpgradeView].
func (v *upgradeView) PausesOnFailure() bool {
	if v.plan.OnFailure != Pause || v.MasterStops() {
		return false
	}
	if v.m.State() != lifecycle.UpgradeRecovering {
		return true
	}
	aborted := v.failure != nil && errors.Is(v.failure.Kind, ErrAborted)
	return !aborted && !slices.ContainsFunc(v.parts, func(p *part) bool { return p.gone || v.c.ends(p) })
}

// MasterStops implements [lifecycle.UpgradeView].
func (v *upgradeView) MasterStops() bool {
	return v.c.life.State() != lifecycle.MasterListening && v.c.life.State() != lifecycle.MasterServing
}

// WayBack implements [lifecycle.UpgradeView].
func (v *upgradeView) WayBack() bool {
	return slices.ContainsFunc(v.moves, func(m move) bool { return v.c.goesBack(v.upgrade, &m) })
}

// NewStuck implements [lifecycle.UpgradeView].
func (v *upgradeView) NewStuck() bool { return len(v.c.stuck(v.upgrade)) > 0 }
