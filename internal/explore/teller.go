package explore

import (
	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
)

// teller writes down what happens, for people. A nil teller is silent.
type teller struct {
	line func(string)
}

func (t *teller) step(w *world, a action) {
	if t != nil {
		t.line(w.text(a))
	}
}

func (t *teller) masterEvent(*world, mcore.Event)          {}
func (t *teller) masterEffect(*world, mcore.Effect)        {}
func (t *teller) slaveEvent(*world, string, score.Event)   {}
func (t *teller) slaveEffect(*world, string, score.Effect) {}
