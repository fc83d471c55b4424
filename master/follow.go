package master

import "github.com/shardbaton/baton/master/core"

// Ended returns the upgrade that has ended last in this master's life, or nil. Its Wait
// returns at once.
func (m *Master) Ended() *Upgrade {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ended
}

// follow returns one more handle of the upgrade that runs, or nil when none does.
func (l *loop) follow() *Upgrade {
	status := l.m.Status().Upgrade
	if status == nil {
		return nil
	}
	u := l.upgrade(status.Upgrade)
	o := newUpgrade(u.id, u.began)
	u.others = append(u.others, o)
	o.tell(Progress{
		At: l.now, State: status.State, Moved: status.Moved, Total: status.Total,
		Notice: core.UpgradeState{Upgrade: status.Upgrade, State: status.State, Moved: status.Moved, Total: status.Total},
	})
	return o
}
