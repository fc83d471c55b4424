package core_test

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// The stories are told by story. Each line that is not a comment is something that
// happens to the master; what it does is under the dashes, news for subscribers
// indented. A slave is called by the id that the master gives it, or by a name.
//
//	master [shards=N] [slaves=N] [max=N] [parallel=N] [launches] [at-once] [upgrade-on-hello]
//	       [journal] [lease=SPAN]
//	NAME MESSAGE [Field=value ...]      a message; SlaveHello opens a new connection
//	                                    first; shards as Shards=(0@1:running,1@1)
//	obey NAME ... [times=N]             the slaves do and answer what they were told,
//	                                    in turns, until nothing is open or N times
//	until STATE NAME ... [pre-copy] [arm] [stateless]
//	                                    the same, with the slaves coming and the journal
//	                                    being durable first, until the upgrade, or every
//	                                    share, is in a state; only where things are then
//	                                    is told
//	state-link up|down NAME
//	connect NAME                        a connection on which nothing was said yet
//	cut NAME                            the control link breaks
//	launched NAME | launch-failed NAME | exited NAME [code=N]
//	attached NAME                       the process of an earlier master's slave was found
//	time KIND [N|NAME]                  a timer runs out: master, upgrade, total, move 3,
//	                                    share 1, link s1, lease s1
//	upgrade ID [shards=N] [slaves=(s1,s2)] [parallel=N] [command=WORD] [canary=N]
//	        [canary-shards=(0,2)] [hold=SPAN] [healthy=SPAN] [progress=SPAN] [total=SPAN]
//	        [pause-limit=SPAN] [on-failure=pause]
//	pause | resume | abort [WORD ...]
//	forget NAME | stop
//	journaled [N]                       what was written down, up to number N, is durable
//	restart [keep[=N]]                  the master dies and another begins, with what is
//	                                    durable and the first N changes beyond that, or all
//	status | timers                     what the master says, and what it waits for
func TestStories(t *testing.T) {
	datadriven.Walk(t, "../../testdata/stories/master", func(t *testing.T, path string) {
		s := &story{}
		datadriven.RunTest(t, path, s.line)
	})
}

type story struct {
	*rig
	// hello is what slaves say that come by themselves.
	hello wire.SlaveHelloData
}

func (s *story) line(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	if d.Cmd == "master" {
		return s.begin(t, d)
	}
	s.t = t
	arg := func(i int) string {
		if i >= len(d.CmdArgs) {
			t.Fatalf("%s: %s: want %d words", d.Pos, d.Cmd, i+1)
		}
		return d.CmdArgs[i].Key
	}
	switch d.Cmd {
	case "obey":
		return s.obeyAll(d)
	case "state-link":
		id := core.SlaveID(arg(1))
		if arg(0) == "up" {
			return s.tell(s.step(core.StateUp{Slave: id}))
		}
		return s.tell(s.step(core.StateLost{Slave: id}))
	case "connect":
		return s.tell(s.connect(arg(0)))
	case "cut":
		return s.tell(s.step(core.Lost{Link: s.link[arg(0)], Reason: "connection reset"}))
	case "launched":
		return s.tell(s.step(core.Launched{Slave: core.SlaveID(arg(0)), PID: 1000}))
	case "launch-failed":
		return s.tell(s.step(core.LaunchFailed{Slave: core.SlaveID(arg(0)), Reason: "no such file"}))
	case "exited":
		return s.tell(s.step(core.Exited{Slave: core.SlaveID(arg(0)), Code: number(t, d, "code"), Reason: "exit"}))
	case "attached":
		return s.tell(s.step(core.Attached{Slave: core.SlaveID(arg(0)), PID: 1000}))
	case "time":
		return s.tell(s.fire(s.timer(d)))
	case "until":
		return s.until(t, d)
	case "pause":
		return s.tell(s.step(core.PauseAsked{}))
	case "resume":
		return s.tell(s.step(core.ResumeAsked{}))
	case "abort":
		return s.tell(s.step(core.AbortAsked{Reason: strings.Join(keys(d.CmdArgs), " ")}))
	case "journaled":
		return s.journaled(t, d)
	case "restart":
		keep := number(t, d, "keep")
		if d.HasArg("keep") && keep == 0 {
			keep = len(s.tail)
		}
		s.reborn(min(keep, len(s.tail)))
		return s.tell(s.step(core.Started{Record: s.record.Clone()}))
	case "upgrade":
		return s.tell(s.step(core.UpgradeAsked{Upgrade: core.UpgradeID(arg(0)), Plan: plan(t, d)}))
	case "forget":
		return s.tell(s.step(core.ForgetAsked{Slave: core.SlaveID(arg(0))}))
	case "stop":
		return s.tell(s.step(core.StopAsked{}))
	case "status":
		return where(s.core.Status())
	case "timers":
		return s.armed()
	default:
		return s.message(t, d)
	}
}

func (s *story) begin(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	opt := core.Options{
		Shards: number(t, d, "shards"), Slaves: number(t, d, "slaves"), MaxShardsPerSlave: number(t, d, "max"), Parallel: number(t, d, "parallel"),
		CanLaunch: d.HasArg("launches"), StartNow: d.HasArg("at-once"), UpgradeOnHello: d.HasArg("upgrade-on-hello"),
		Journal: d.HasArg("journal"), Lease: span(t, d, "lease"),
	}
	s.rig = newRig(t, opt)
	s.shards = opt.Shards
	if opt.Journal {
		return s.tell(s.step(core.Started{Record: s.record.Clone()}))
	}
	return s.tell(s.step(core.Started{}))
}

// tell describes effects.
func (s *story) tell(effects []core.Effect) string {
	var b strings.Builder
	for _, e := range effects {
		switch e.(type) {
		case core.Arm, core.Disarm:
		default:
			fmt.Fprintln(&b, s.describe(e))
		}
	}
	if b.Len() == 0 {
		return "(nothing)"
	}
	return b.String()
}

// message lets a slave say something.
func (s *story) message(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	if len(d.CmdArgs) == 0 {
		t.Fatalf("%s: %s: want a message", d.Pos, d.Cmd)
	}
	event := eventNamed(t, d.CmdArgs[0].Key)
	var data any
	switch {
	case event == wire.EvtGuildState:
		return s.tell(s.step(core.Received{Link: s.link[d.Cmd], Type: event, Body: []byte(d.CmdArgs[1].Key)}))
	case event == wire.EvtFullStart && len(d.CmdArgs) == 1:
	default:
		data = wire.NewData(event)
	}
	for _, a := range d.CmdArgs[1:] {
		set(t, data, a.Key, a.Vals)
	}
	var before []core.Effect
	if h, ok := data.(*wire.SlaveHelloData); ok {
		before = s.connect(d.Cmd)
		s.first[d.Cmd] = h.Protocol < 2
		s.shards = max(s.shards, h.NumShards)
	}
	usable := s.usable()
	effects := s.say(d.Cmd, event, data)
	if s.first[d.Cmd] && event == wire.EvtSlaveHello {
		s.learn(d.Cmd, usable)
	}
	return s.tell(append(before, effects...))
}

// obeyAll lets slaves answer in turns until nothing is open.
func (s *story) obeyAll(d *datadriven.TestData) string {
	var b strings.Builder
	left := number(s.t.(*testing.T), d, "times")
	if left == 0 {
		left = -1
	}
	for again := true; again; {
		again = false
		for _, a := range d.CmdArgs {
			if a.Key == "times" || left == 0 {
				continue
			}
			e, open := s.obey(a.Key)
			if !open {
				continue
			}
			again = true
			left--
			got := e.(core.Received)
			fmt.Fprintf(&b, "%s: %s%s\n", a.Key, name(got.Type), fields(got.Data))
			if text := s.tell(s.step(e)); text != "(nothing)" {
				b.WriteString(text)
			}
		}
	}
	return b.String()
}

// until lets everything go on as it should until the upgrade, or every share, is in a
// state.
func (s *story) until(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	state, slaves := strings.ReplaceAll(d.CmdArgs[0].Key, "-", " "), keys(d.CmdArgs[1:])
	s.hello = wire.SlaveHelloData{Protocol: 2, PreCopy: d.HasArg("pre-copy"), Arm: d.HasArg("arm"), Stateless: d.HasArg("stateless")}
	for range 1000 {
		if s.are(state) {
			return where(s.core.Status())
		}
		if !s.goOn(slaves) {
			t.Fatalf("%s: nothing is left to do, but it is not %q:\n%s", d.Pos, state, where(s.core.Status()))
		}
	}
	t.Fatalf("%s: it is not %q after a long time:\n%s", d.Pos, state, where(s.core.Status()))
	return ""
}

// are reports whether the upgrade, or else every share, is in a state.
func (s *story) are(state string) bool {
	st := s.core.Status()
	if st.Upgrade != nil {
		return string(st.Upgrade.State) == state
	}
	return len(st.Shares) > 0 && !slices.ContainsFunc(st.Shares, func(sh core.ShareStatus) bool { return string(sh.State) != state })
}

// goOn lets one thing happen that has to. It reports whether there was anything.
func (s *story) goOn(slaves []string) bool {
	if len(s.tail) > 0 {
		s.step(core.Journaled{Seq: s.persist(len(s.tail))})
		return true
	}
	for _, name := range slaves {
		id := core.SlaveID(name)
		if name == "pre-copy" || name == "arm" || name == "stateless" {
			continue
		}
		launched := slices.ContainsFunc(s.core.Status().Slaves, func(o core.SlaveStatus) bool { return o.Slave == id && o.Launched })
		switch e, open := s.obey(name); {
		case open:
			s.step(e)
		case s.link[name] == 0:
			if launched {
				s.step(core.Launched{Slave: id, PID: 1000})
			}
			s.connect(name)
			h := s.hello
			h.SlaveID = name
			s.say(name, wire.EvtSlaveHello, &h)
			s.step(core.StateUp{Slave: id})
		default:
			continue
		}
		return true
	}
	return false
}

// journaled makes what was written down durable.
func (s *story) journaled(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	n := len(s.tail)
	if len(d.CmdArgs) > 0 {
		last, err := strconv.ParseUint(d.CmdArgs[0].Key, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", d.Pos, err)
		}
		n = slices.IndexFunc(s.tail, func(j core.Journal) bool { return j.Seq == last }) + 1
	}
	if n == 0 {
		t.Fatalf("%s: nothing was written down that is not durable", d.Pos)
	}
	return s.tell(s.step(core.Journaled{Seq: s.persist(n)}))
}

func (s *story) timer(d *datadriven.TestData) core.Timer {
	kinds := map[string]core.Life{
		"master": core.MasterLife, "link": core.LinkLife, "share": core.ShareLife, "upgrade": core.UpgradeLife, "move": core.MoveLife,
		"total": core.TotalLife, "lease": core.LeaseLife,
	}
	t := core.Timer{Of: kinds[d.CmdArgs[0].Key]}
	if len(d.CmdArgs) > 1 {
		word := d.CmdArgs[1].Key
		n, err := strconv.Atoi(word)
		switch {
		case err == nil:
			t.ID = uint64(n)
		case t.Of == core.LeaseLife:
			for id, who := range s.lessee {
				if who == word {
					t.ID = id
				}
			}
		default:
			t.ID = uint64(s.link[word])
		}
	}
	return t
}

func keys(args []datadriven.CmdArg) []string {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = a.Key
	}
	return words
}

// armed lists the timers.
func (s *story) armed() string {
	var lines []string
	for t, a := range s.timers {
		of := t.String()
		if t.Of == core.LinkLife {
			of = "link " + s.peer(core.LinkID(t.ID))
		}
		if who := s.lessee[t.ID]; t.Of == core.LeaseLife && who != "" {
			of = "lease " + who
		}
		line := fmt.Sprintf("%s: %s, %v", of, a.Name, a.After)
		if a.Jitter > 0 {
			line += fmt.Sprintf(" ±%v", a.Jitter)
		}
		lines = append(lines, line)
	}
	if lines == nil {
		return "(none)"
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}
