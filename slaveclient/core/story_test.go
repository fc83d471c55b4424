package core_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/shardbaton/baton/fsm/lifecycle"
	"github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// The stories are read by story, told below. Each line that is not a comment is
// something that happens to the slave; what it does is under the dashes:
//
//	slave [shards=N] [precopy] [arm] [health] [stateless] [dialect=1]   a new process, which begins
//	link up|down control|state [reason=...]
//	master MESSAGE [Field=value ...]               shards as Shards=(0@1,1@1/id/seq): shard@epoch/session
//	record 0@2 number=0 key=a [lost]               on the state link
//	bot CALLBACK [shard=0] [session=id/seq] [fresh] [count=N] [error=...]
//	time TIMER|shard=N                             a timer's time has come
//	stop                                           this process is told to end
//	inventory                                      where everything is
//
// Together they take every row of the tables.
func TestStories(t *testing.T) {
	taken := make(map[string]bool)
	datadriven.Walk(t, "../../testdata/stories/slave", func(t *testing.T, path string) {
		s := &story{taken: taken}
		datadriven.RunTest(t, path, s.line)
	})
	tables := core.StandardTables()
	for i, row := range tables.Slave.Rows {
		if !taken[rowName(tables.Slave.Name, i)] {
			t.Errorf("no story takes the slave's row from %v on %q when %v", row.From, row.On, row.When)
		}
	}
	for i, row := range tables.Shard.Rows {
		if !taken[rowName(tables.Shard.Name, i)] {
			t.Errorf("no story takes the shard's row from %v on %q when %v", row.From, row.On, row.When)
		}
	}
}

func rowName(table string, row int) string { return fmt.Sprint(table, row) }

// story is a slave and what it has been told so far.
type story struct {
	slave *core.Core
	// sent are the digests of the records that the story's source has sent.
	sent map[string]*wire.Digest
	// loading are the records that the bot has been given and has not answered.
	loading []core.Load
	calls   map[string]core.Call
	taken   map[string]bool // the rows, of all stories
}

func (s *story) line(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	switch d.Cmd {
	case "slave":
		return s.begin(t, d)
	case "link":
		return s.tell(s.link(t, d))
	case "master":
		return s.tell(s.master(t, d))
	case "record":
		return s.record(t, d)
	case "bot":
		return s.bot(t, d)
	case "time":
		kind := strings.ReplaceAll(d.CmdArgs[0].Key, "-", " ")
		return s.tell(core.Fired{Timer: core.Timer{Kind: core.TimerKind(kind), Shard: number(t, d, "shard", 0)}})
	case "stop":
		return s.tell(core.StopAsked{})
	case "inventory":
		return s.inventory()
	default:
		t.Fatalf("%s: no such command: %s", d.Pos, d.Cmd)
		return ""
	}
}

func (s *story) begin(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	c, err := core.New(core.Options{
		SlaveID: "s1", Token: "token", NumShards: number(t, d, "shards", 0),
		PreCopy: d.HasArg("precopy"), Arm: d.HasArg("arm"), Health: d.HasArg("health"), Stateless: d.HasArg("stateless"),
		OnlyDialect1: number(t, d, "dialect", 2) == 1,
		BackoffMin:   100 * time.Millisecond, BackoffMax: 5 * time.Second,
		Deadlines: lifecycle.SlaveDeadlines{}.OrDefault(),
		Trace:     func(table string, row int) { s.taken[rowName(table, row)] = true },
	})
	if err != nil {
		t.Fatal(err)
	}
	*s = story{slave: c, taken: s.taken, sent: make(map[string]*wire.Digest), calls: make(map[string]core.Call)}
	return s.tell(core.Begin{})
}

func (s *story) link(t *testing.T, d *datadriven.TestData) core.Event {
	t.Helper()
	link := core.Link(d.CmdArgs[1].Key)
	if d.CmdArgs[0].Key == "up" {
		return core.LinkUp{Link: link}
	}
	return core.LinkDown{Link: link, Reason: word(d, "reason", "cut")}
}

// record sends a record with its right number, or the number given. One that is
// lost counts for the sender only.
func (s *story) record(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	at := d.CmdArgs[0].Key
	shard, epoch := shardAt(t, at)
	n := uint64(number(t, d, "number", 0))
	r := core.Record{Kind: word(d, "kind", "guild"), Key: word(d, "key", "key"), Payload: []byte(word(d, "payload", "payload"))}
	sum := wire.RecordSum(n, r.Kind, r.Key, r.Payload)
	if s.sent[at] == nil {
		s.sent[at] = new(wire.Digest)
	}
	if !d.HasArg("again") {
		s.sent[at].Add(sum)
	}
	if d.HasArg("lost") {
		return "(lost)"
	}
	return s.tell(core.RecordIn{Shard: shard, Epoch: epoch, Number: n, Sum: sum, Record: r})
}

// tell gives the slave an event and describes everything that follows.
func (s *story) tell(e core.Event) string {
	var b strings.Builder
	before := s.slave.Status()
	effects := s.slave.Step(e)
	for _, effect := range effects {
		switch f := effect.(type) {
		case core.Load:
			s.loading = append(s.loading, f)
		case core.Call:
			s.calls[fmt.Sprint(f.Callback, f.Shard)] = f
		}
		fmt.Fprintln(&b, describe(effect))
	}
	b.WriteString(changes(before, s.slave.Status()))
	if b.Len() == 0 {
		return "(nothing)"
	}
	return b.String()
}

func (s *story) inventory() string {
	st := s.slave.Status()
	lines := []string{fmt.Sprintf("the slave is %s", st.State)}
	for _, sh := range st.Shards {
		lines = append(lines, fmt.Sprintf("shard %d is %s at epoch %d", sh.Shard, sh.State, sh.Epoch))
	}
	return strings.Join(lines, "\n")
}

// changes tells which machines have moved.
func changes(before, after core.Status) string {
	var b strings.Builder
	if before.State != after.State {
		fmt.Fprintf(&b, "  slave: %s → %s\n", before.State, after.State)
	}
	was := make(map[int]lifecycle.ShardState)
	for _, s := range before.Shards {
		was[s.Shard] = s.State
	}
	is := make(map[int]lifecycle.ShardState)
	for _, s := range after.Shards {
		is[s.Shard] = s.State
	}
	for n := range max(before.NumShards, after.NumShards) {
		from, to := orAbsent(was[n]), orAbsent(is[n])
		if from != to {
			fmt.Fprintf(&b, "  shard %d: %s → %s\n", n, from, to)
		}
	}
	return b.String()
}

func orAbsent(s lifecycle.ShardState) lifecycle.ShardState {
	if s == "" {
		return lifecycle.ShardAbsent
	}
	return s
}
