package explore

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/shardbaton/baton/fsm"
	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
)

// Coverage counts which rows of the standard tables were taken. It is for many
// goroutines at once.
type Coverage struct {
	names  []string // of the tables, the master's first
	tables map[string]*tableRows
}

type tableRows struct {
	rows  []string
	taken []atomic.Bool
}

// NewCoverage returns one with nothing taken.
func NewCoverage() *Coverage {
	c := &Coverage{tables: make(map[string]*tableRows)}
	m, s := mcore.StandardTables(), score.StandardTables()
	addTable(c, m.Master)
	addTable(c, m.Link)
	addTable(c, m.Lease)
	addTable(c, m.Share)
	addTable(c, m.Upgrade)
	addTable(c, m.Move)
	addTable(c, s.Slave)
	addTable(c, s.Shard)
	return c
}

func addTable[S, E ~string, V any](c *Coverage, t fsm.Table[S, E, V]) {
	rows := make([]string, len(t.Rows))
	for i, r := range t.Rows {
		rows[i] = rowText(t.Name, r)
	}
	c.names = append(c.names, t.Name)
	c.tables[t.Name] = &tableRows{rows: rows, taken: make([]atomic.Bool, len(rows))}
}

// rowText names a row by what makes it different from all others.
func rowText[S, E ~string](table string, r fsm.Row[S, E]) string {
	from := make([]string, len(r.From))
	for i, s := range r.From {
		from[i] = string(s)
	}
	text := fmt.Sprintf("%s: %s, on %s", table, strings.Join(from, "|"), r.On)
	for i, term := range r.When {
		word := " and "
		if i == 0 {
			word = ", when "
		}
		text += word + term.String()
	}
	if r.To != "" {
		text += ", to " + string(r.To)
	}
	return text
}

// Take notes that a row was taken: it is what [Options].Trace calls.
func (c *Coverage) Take(table string, row int) {
	if t := c.tables[table]; t != nil && row < len(t.taken) && !t.taken[row].Load() {
		t.taken[row].Store(true)
	}
}

// Add takes over what another coverage has seen.
func (c *Coverage) Add(o *Coverage) {
	for name, t := range o.tables {
		for i := range t.taken {
			if t.taken[i].Load() {
				c.Take(name, i)
			}
		}
	}
}

// Rows returns how many rows were taken, and how many there are.
func (c *Coverage) Rows() (taken, all int) {
	for _, t := range c.tables {
		all += len(t.rows)
		for i := range t.taken {
			if t.taken[i].Load() {
				taken++
			}
		}
	}
	return taken, all
}

// Untaken names the rows that were not taken.
func (c *Coverage) Untaken() []string {
	var list []string
	for _, name := range c.names {
		for i, row := range c.tables[name].rows {
			if !c.tables[name].taken[i].Load() {
				list = append(list, row)
			}
		}
	}
	return slices.Clip(list)
}
