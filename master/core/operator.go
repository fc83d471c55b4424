package core

import (
	"fmt"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// decline answers an operator's command that changes nothing.
func (c *Core) decline(kind error, format string, args ...any) {
	c.emit(Refuse{fmt.Errorf("%w: %s", kind, fmt.Sprintf(format, args...))})
}

// operate puts an operator's command to the upgrade that runs.
func (c *Core) operate(e lifecycle.UpgradeEvent, a about) {
	u := c.up
	if u == nil {
		c.decline(ErrNoUpgrade, "there is nothing to %s", e)
		return
	}
	if e == lifecycle.UpgradeAbort && u.first && (u.onNew > 0 || u.inFlight > 0) {
		c.decline(ErrDialect, "a dialect 1 slave ends when it is asked for a shard that it was given, so what has moved to it cannot go back")
		return
	}
	if was := u.m.State(); !c.fireUpgrade(e, a) {
		c.decline(ErrNotNow, "upgrade %s is %s, so it cannot %s", u.id, was, e)
	}
}
