package core

import (
	"errors"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
)

type (
	masterMachine  = fsm.Machine[lifecycle.MasterState, lifecycle.MasterEvent, lifecycle.MasterView]
	leaseMachine   = fsm.Machine[lifecycle.LeaseState, lifecycle.LeaseEvent, lifecycle.LeaseView]
	linkMachine    = fsm.Machine[lifecycle.LinkState, lifecycle.LinkEvent, lifecycle.LinkView]
	shareMachine   = fsm.Machine[lifecycle.ShareState, lifecycle.ShareEvent, lifecycle.ShareView]
	upgradeMachine = fsm.Machine[lifecycle.UpgradeState, lifecycle.UpgradeEvent, lifecycle.UpgradeView]
	moveMachine    = fsm.Machine[lifecycle.MoveState, lifecycle.MoveEvent, lifecycle.MoveView]
)

// Tables are the lifecycles by which a core lives.
type Tables struct {
	Master  fsm.Table[lifecycle.MasterState, lifecycle.MasterEvent, lifecycle.MasterView]
	Link    fsm.Table[lifecycle.LinkState, lifecycle.LinkEvent, lifecycle.LinkView]
	Lease   fsm.Table[lifecycle.LeaseState, lifecycle.LeaseEvent, lifecycle.LeaseView]
	Share   fsm.Table[lifecycle.ShareState, lifecycle.ShareEvent, lifecycle.ShareView]
	Upgrade fsm.Table[lifecycle.UpgradeState, lifecycle.UpgradeEvent, lifecycle.UpgradeView]
	Move    fsm.Table[lifecycle.MoveState, lifecycle.MoveEvent, lifecycle.MoveView]
}

// StandardTables returns the tables of package lifecycle. What they hold is the
// caller's own.
func StandardTables() Tables {
	return Tables{
		Master: lifecycle.Master(), Link: lifecycle.Link(), Lease: lifecycle.Lease(), Share: lifecycle.Share(),
		Upgrade: lifecycle.Upgrade(), Move: lifecycle.Move(),
	}
}

// tables are the checked tables and what implements their effects. They never
// change, so that copies of a core share them.
type tables struct {
	master  *fsm.Definition[lifecycle.MasterState, lifecycle.MasterEvent, lifecycle.MasterView]
	link    *fsm.Definition[lifecycle.LinkState, lifecycle.LinkEvent, lifecycle.LinkView]
	lease   *fsm.Definition[lifecycle.LeaseState, lifecycle.LeaseEvent, lifecycle.LeaseView]
	share   *fsm.Definition[lifecycle.ShareState, lifecycle.ShareEvent, lifecycle.ShareView]
	upgrade *fsm.Definition[lifecycle.UpgradeState, lifecycle.UpgradeEvent, lifecycle.UpgradeView]
	move    *fsm.Definition[lifecycle.MoveState, lifecycle.MoveEvent, lifecycle.MoveView]

	masterDo  fsm.Bound[func(*Core)]
	linkDo    fsm.Bound[func(*Core, *link, about)]
	leaseDo   fsm.Bound[func(*Core, *slave)]
	shareDo   fsm.Bound[func(*Core, *share, about)]
	upgradeDo fsm.Bound[func(*Core, *upgrade, about)]
	moveDo    fsm.Bound[func(*Core, *move, about)]
}

// build checks the tables and binds their effects.
func (from Tables) build() (*tables, error) {
	var t tables
	var errs [12]error
	t.master, errs[0] = from.Master.Build()
	t.link, errs[1] = from.Link.Build()
	t.share, errs[2] = from.Share.Build()
	t.upgrade, errs[3] = from.Upgrade.Build()
	t.move, errs[4] = from.Move.Build()
	t.lease, errs[10] = from.Lease.Build()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	t.masterDo, errs[5] = fsm.Bind(t.master, masterEffects())
	t.linkDo, errs[6] = fsm.Bind(t.link, linkEffects())
	t.shareDo, errs[7] = fsm.Bind(t.share, shareEffects())
	t.upgradeDo, errs[8] = fsm.Bind(t.upgrade, upgradeEffects())
	t.moveDo, errs[9] = fsm.Bind(t.move, moveEffects())
	t.leaseDo, errs[11] = fsm.Bind(t.lease, leaseEffects())
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	return &t, nil
}
