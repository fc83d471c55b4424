package core_test

import (
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// The stories are told by story. Each line that is not a comment is something that
// happens to the master; what it does is under the dashes, news for subscribers
// indented. A slave is called by the id that the master gives it, or by a name.
//
//	master [shards=N] [slaves=N] [max=N] [parallel=N] [launches] [at-once] [upgrade-on-hello]
//	NAME MESSAGE [Field=value ...]      a message; SlaveHello opens a new connection
//	                                    first; shards as Shards=(0@1:running,1@1)
//	obey NAME ...                       the slaves do and answer what they were told,
//	                                    in turns, until nothing is open
//	state-link up|down NAME
//	connect NAME                        a connection on which nothing was said yet
//	cut NAME                            the control link breaks
//	launched NAME | launch-failed NAME | exited NAME [code=N]
//	time KIND [N|NAME]                  a timer runs out: master, upgrade, move 3, share 1, link s1
//	upgrade ID [shards=N] [slaves=(s1,s2)] [parallel=N] [command=WORD]
//	forget NAME | stop
//	status | timers                     what the master says, and what it waits for
func TestStories(t *testing.T) {
	datadriven.Walk(t, "../../testdata/stories/master", func(t *testing.T, path string) {
		s := &story{}
		datadriven.RunTest(t, path, s.line)
	})
}

type story struct{ *rig }

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
	case "time":
		return s.tell(s.fire(s.timer(d)))
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
	}
	s.rig = newRig(t, opt)
	s.shards = opt.Shards
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
	for again := true; again; {
		again = false
		for _, a := range d.CmdArgs {
			e, open := s.obey(a.Key)
			if !open {
				continue
			}
			again = true
			got := e.(core.Received)
			fmt.Fprintf(&b, "%s: %s%s\n", a.Key, name(got.Type), fields(got.Data))
			if text := s.tell(s.step(e)); text != "(nothing)" {
				b.WriteString(text)
			}
		}
	}
	return b.String()
}

func (s *story) timer(d *datadriven.TestData) core.Timer {
	kinds := map[string]core.Life{
		"master": core.MasterLife, "link": core.LinkLife, "share": core.ShareLife, "upgrade": core.UpgradeLife, "move": core.MoveLife,
	}
	t := core.Timer{Of: kinds[d.CmdArgs[0].Key]}
	if len(d.CmdArgs) > 1 {
		word := d.CmdArgs[1].Key
		if n, err := strconv.Atoi(word); err == nil {
			t.ID = uint64(n)
		} else {
			t.ID = uint64(s.link[word])
		}
	}
	return t
}

// armed lists the timers.
func (s *story) armed() string {
	var lines []string
	for t, a := range s.timers {
		of := t.String()
		if t.Of == core.LinkLife {
			of = "link " + s.peer(core.LinkID(t.ID))
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

func plan(t *testing.T, d *datadriven.TestData) core.Plan {
	t.Helper()
	p := core.Plan{NumShards: number(t, d, "shards"), Parallel: number(t, d, "parallel")}
	for _, a := range d.CmdArgs {
		switch a.Key {
		case "slaves":
			for _, v := range a.Vals {
				p.Slaves = append(p.Slaves, core.SlaveID(v))
			}
		case "command":
			p.Command = a.Vals
		}
	}
	return p
}

func number(t *testing.T, d *datadriven.TestData, key string) int {
	t.Helper()
	for _, a := range d.CmdArgs {
		if a.Key == key && len(a.Vals) == 1 {
			n, err := strconv.Atoi(a.Vals[0])
			if err != nil {
				t.Fatalf("%s: %s: %v", d.Pos, key, err)
			}
			return n
		}
	}
	return 0
}

func eventNamed(t *testing.T, word string) wire.EventType {
	t.Helper()
	for e, n := range wire.EventNames() {
		if n == "Evt"+word {
			return e
		}
	}
	t.Fatalf("there is no message %q", word)
	return 0
}

// set sets a field of a message from words.
func set(t *testing.T, data any, field string, words []string) {
	t.Helper()
	f := reflect.ValueOf(data).Elem().FieldByName(field)
	if !f.IsValid() {
		t.Fatalf("%T has no field %q", data, field)
	}
	word := strings.Join(words, " ")
	switch f.Interface().(type) {
	case []wire.ShardInfo:
		for _, w := range words {
			f.Set(reflect.Append(f, reflect.ValueOf(info(t, w))))
		}
		return
	case []byte:
		f.SetBytes([]byte(word))
		return
	case wire.EventType:
		f.SetUint(uint64(eventNamed(t, word)))
		return
	case time.Duration:
		t.Fatalf("field %s cannot be set", field)
	}
	switch f.Kind() {
	case reflect.Bool:
		f.SetBool(len(words) == 0 || word == "true")
	case reflect.String:
		f.SetString(word)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", field, err)
		}
		f.SetInt(n)
	case reflect.Uint64:
		n, err := strconv.ParseUint(word, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", field, err)
		}
		f.SetUint(n)
	}
}

// info reads a shard as "0@1:running".
func info(t *testing.T, word string) wire.ShardInfo {
	t.Helper()
	at, phase, _ := strings.Cut(word, ":")
	shard, epoch, _ := strings.Cut(at, "@")
	n, err := strconv.Atoi(shard)
	if err != nil {
		t.Fatalf("%q is no shard: %v", word, err)
	}
	i := wire.ShardInfo{Shard: n, Phase: phase}
	if epoch != "" {
		e, err := strconv.ParseUint(epoch, 10, 64)
		if err != nil {
			t.Fatalf("%q is no epoch: %v", word, err)
		}
		i.Epoch = e
	}
	return i
}
