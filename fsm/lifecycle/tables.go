package lifecycle

import (
	"errors"

	"github.com/shardbaton/baton/fsm"
)

// Drawing is a lifecycle that can be drawn, whatever the types of its table.
type Drawing interface {
	// Name is the table's name.
	Name() string
	// Mermaid, DOT, Markdown and Promela return the table in that language.
	Mermaid() string
	DOT() string
	Markdown() string
	Promela() string
	// PromelaAs returns the table in another form for the model checker SPIN.
	PromelaAs(form fsm.PromelaForm) string
}

// All returns every lifecycle, the master's first, in a fixed order. The error
// joins the defects of all tables.
func All() ([]Drawing, error) {
	master, err1 := Master().Build()
	link, err2 := Link().Build()
	lease, err8 := Lease().Build()
	share, err3 := Share().Build()
	upgrade, err4 := Upgrade().Build()
	move, err5 := Move().Build()
	slave, err6 := Slave().Build()
	shard, err7 := Shard().Build()
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8); err != nil {
		return nil, err
	}
	return []Drawing{master, link, lease, share, upgrade, move, slave, shard}, nil
}
