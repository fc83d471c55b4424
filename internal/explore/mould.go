package explore

import (
	"sync"

	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
)

// mould makes cores for the worlds of one search. Building a core checks its tables,
// which takes longer than a thousand steps, so that each is built once and copied.
type mould struct {
	cfg   *Config
	trace func(table string, row int)

	mu      sync.Mutex
	masters map[int]*mcore.Core
	slaves  map[slaveKind]*score.Core
}

// slaveKind is what tells one new slave's core from another.
type slaveKind struct {
	id    string
	first bool
}

func newMould(cfg *Config, trace func(string, int)) *mould {
	return &mould{cfg: cfg, trace: trace, masters: make(map[int]*mcore.Core), slaves: make(map[slaveKind]*score.Core)}
}

// master returns a new master's core for its life-th life.
func (m *mould) master(life int) (*mcore.Core, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.masters[life] == nil {
		c, err := mcore.New(m.cfg.masterOptions(life, m.trace))
		if err != nil {
			return nil, err
		}
		m.masters[life] = c
	}
	return m.masters[life].Clone(), nil
}

// slave returns a new slave's core.
func (m *mould) slave(k slaveKind) (*score.Core, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.slaves[k] == nil {
		c, err := score.New(m.cfg.slaveOptions(k, m.trace))
		if err != nil {
			return nil, err
		}
		m.slaves[k] = c
	}
	return m.slaves[k].Clone(), nil
}
