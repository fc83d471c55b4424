package simulate

import (
	"fmt"
	"slices"
	"time"

	"github.com/shardbaton/baton/master"
)

// faultKind is a way to go wrong.
type faultKind string

const (
	killSlave    faultKind = "a slave is killed"
	freezeSlave  faultKind = "a slave stands still"
	killMaster   faultKind = "the master is killed"
	freezeMaster faultKind = "the master stands still"
	cutLinks     faultKind = "a slave's links are cut"
	cutOne       faultKind = "one link is cut"
	partition    faultKind = "a slave and the master are apart"
	stallUp      faultKind = "nothing gets to the master"
	stallDown    faultKind = "nothing gets to a slave"
	slowLink     faultKind = "a slave's links are slow"
	cutGateway   faultKind = "a slave is cut from the gateway"
	stallDisk    faultKind = "the journal stands still"
	failDisk     faultKind = "the journal fails"
	pauseUpgrade faultKind = "the upgrade is paused"
	abortUpgrade faultKind = "the upgrade is aborted"
	botUnwell    faultKind = "a bot is not well"
	botFails     faultKind = "a callback fails"
	botHangs     faultKind = "a callback hangs"
	botOverruns  faultKind = "a callback overruns its deadline"
	botExits     faultKind = "a callback ends its process"
)

// faultKinds has every kind as often as it is to be drawn. Masters are killed during
// upgrades only where they keep a journal: without, nothing is promised then.
func (s scenario) faultKinds() []faultKind {
	kinds := []faultKind{
		killSlave, killSlave, freezeSlave, freezeMaster, cutLinks, cutLinks, cutOne, partition, stallUp, stallDown,
		slowLink, cutGateway, botFails, botFails, botHangs, botOverruns, botExits, pauseUpgrade, abortUpgrade, botUnwell,
	}
	if s.journaled {
		kinds = append(kinds, killMaster, killMaster, killMaster, stallDisk, failDisk)
	}
	return kinds
}

// fault is one thing that goes wrong during an upgrade.
type fault struct {
	kind faultKind
	// upgrade is during which, from 1.
	upgrade int
	// callback is after how many callbacks of bots since the upgrade's beginning; 0:
	// the time alone counts. after is how long after that. What a bot does wrong it
	// does in that callback.
	callback int
	after    time.Duration
	// target chooses among the slaves that live then; lasts is for how long.
	target int
	lasts  time.Duration
	times  int // slowLink: how many times as slow
}

// ofBot tells whether the fault is in what a bot answers.
func (f fault) ofBot() bool {
	return slices.Contains([]faultKind{botFails, botHangs, botOverruns, botExits}, f.kind)
}

// ofMaster tells whether the fault happens to the master.
func (f fault) ofMaster() bool {
	return slices.Contains([]faultKind{killMaster, freezeMaster, stallDisk, failDisk, pauseUpgrade, abortUpgrade}, f.kind)
}

// String describes it.
func (f fault) String() string {
	when := fmt.Sprintf("%v after upgrade %d begins", f.after, f.upgrade)
	if f.callback > 0 {
		when = fmt.Sprintf("%v after callback %d of upgrade %d", f.after, f.callback, f.upgrade)
	}
	return fmt.Sprintf("%s, %s, target %d, for %v", f.kind, when, f.target, f.lasts)
}

// drawFault draws what goes wrong, and when.
func (s scenario) drawFault(d dice) fault {
	f := fault{
		kind: pick(d, s.faultKinds()...), upgrade: d.between(1, s.upgrades), target: d.IntN(4), times: pick(d, 5, 50),
		lasts: pick(d, d.span(0, 100*time.Millisecond), d.span(0, 4*time.Second), d.span(4*time.Second, 12*time.Second)),
	}
	if d.chance(0.1) {
		f.lasts = d.span(12*time.Second, 100*time.Second)
	}
	if f.ofBot() || d.chance(0.6) {
		f.callback = d.between(1, 4+5*s.shards)
		f.after = d.span(0, 2*s.latencyTo)
	} else {
		f.after = pick(d, d.span(0, 50*time.Millisecond), d.span(0, time.Second), d.span(0, faultSpan))
	}
	return f
}

// callback notes that a bot is called, which may be what a fault waits for. It
// returns what the bot does wrong now.
func (w *world) callback(p *process, name string, shard int) (wrong fault) {
	w.mu.Lock()
	w.callbacks++
	count, upgrade := w.callbacks, w.upgrade
	w.mu.Unlock()
	if shard < 0 {
		w.diary.note("call %s: %s", p.name, name)
	} else {
		w.diary.note("call %s: %s %d", p.name, name, shard)
	}
	for i, f := range w.scenario.faults {
		switch {
		case f.upgrade != upgrade || f.callback != count || w.calmed():
		case f.ofBot():
			w.struck(f, p.name)
			wrong = f
		default:
			w.clock.after(f.after, func() { w.strike(i) })
		}
	}
	return wrong
}

// struck counts a fault that happens.
func (w *world) struck(f fault, whom string) {
	w.diary.note("fail %s: %s", whom, f.kind)
	w.troubled(f.lasts)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.strikes[f.kind]++
}

// troubled notes for how long something goes wrong.
func (w *world) troubled(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trouble = latest(w.trouble, time.Now().Add(d))
}

// calm waits until whatever goes wrong has passed.
func (w *world) calm() {
	<-w.clock.pass(faultSpan)
	for {
		w.mu.Lock()
		left := time.Until(w.trouble)
		w.mu.Unlock()
		if left <= 0 {
			break
		}
		<-w.clock.pass(left)
	}
	<-w.clock.pass(aftermath)
	w.settled()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.atPeace = true
}

const (
	// faultSpan is how long after an upgrade's beginning or a callback a fault may
	// strike.
	faultSpan = 5 * time.Second
	// aftermath is more than a slave takes to find its master again.
	aftermath = 20 * time.Second
)

// strike has a fault happen to the slave that it chooses. It runs on the clock's
// goroutine.
func (w *world) strike(i int) {
	f := w.scenario.faults[i]
	d := newDice(w.seed, fmt.Sprintf("fault %d", i))
	if w.calmed() {
		return
	}
	if r := w.reigns(); f.ofMaster() {
		if !r.fallen() {
			w.struck(f, r.host.name)
			r.suffer(f, d)
		}
		return
	}
	living := w.living()
	if len(living) == 0 {
		return
	}
	p := living[f.target%len(living)]
	w.struck(f, p.name)
	switch f.kind {
	case killSlave:
		p.kill(d)
	case freezeSlave:
		p.freeze(f.lasts)
	case cutLinks:
		w.network.cut(p.host, d, -1)
		if w.has(ghostExit) {
			p.report(master.Exit{Code: 1})
		}
	case cutOne:
		w.network.cut(p.host, d, d.IntN(2))
	case partition:
		w.network.part(p.host, f.lasts)
	case stallUp, stallDown:
		w.network.stall(p.host, f.kind == stallUp, f.lasts)
	case slowLink:
		w.network.slacken(p.host, f.times, f.lasts)
	case botUnwell:
		p.do(func() { p.unwell = latest(p.unwell, time.Now().Add(f.lasts)) })
	case cutGateway:
		w.gateway.cut(p)
	}
}
