package lifecycle_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/fsm"
	"github.com/shardbaton/baton/fsm/lifecycle"
)

func TestTheSlavesTablesHaveNoDefects(t *testing.T) {
	if _, err := lifecycle.Slave().Build(); err != nil {
		t.Error(err)
	}
	if _, err := lifecycle.Shard().Build(); err != nil {
		t.Error(err)
	}
}

func TestRuntimesDoWhatTheSlavesTablesSay(t *testing.T) {
	t.Run("slave", func(t *testing.T) { equivalent(t, lifecycle.Slave()) })
	t.Run("shard", func(t *testing.T) { equivalent(t, lifecycle.Shard()) })
}

// Every truth assignment of the views is tried with the guards' own tests, so a
// guard that reads the wrong answer shows.
func TestGuardsOfTheSlavesTablesReadTheirAnswers(t *testing.T) {
	slave := lifecycle.Slave()
	for i, g := range slave.Guards {
		if g.Test(slaveAnswers{i: true}) == false || g.Test(slaveAnswers{}) == true {
			t.Errorf("guard %q of the slave does not read answer %d", g.Name, i)
		}
	}
	shard := lifecycle.Shard()
	for i, g := range shard.Guards {
		if g.Test(shardAnswers{i: true}) == false || g.Test(shardAnswers{}) == true {
			t.Errorf("guard %q of the shard does not read answer %d", g.Name, i)
		}
	}
}

// slaveAnswers and shardAnswers answer in the order of the guards.
type (
	slaveAnswers map[int]bool
	shardAnswers map[int]bool
)

func (a slaveAnswers) Serving() bool       { return a[0] }
func (a slaveAnswers) Keeping() bool       { return a[1] }
func (a slaveAnswers) Barren() bool        { return a[2] }
func (a slaveAnswers) FullStartDue() bool  { return a[3] }
func (a slaveAnswers) FullStartDone() bool { return a[4] }
func (a slaveAnswers) EpochsUsed() bool    { return a[5] }

func (a shardAnswers) StateWhole() bool  { return a[0] }
func (a shardAnswers) StateBroken() bool { return a[1] }
func (a shardAnswers) SessionKept() bool { return a[2] }
func (a shardAnswers) CopyOffered() bool { return a[3] }
func (a shardAnswers) EpochsUsed() bool  { return a[4] }
func (a shardAnswers) MayRun() bool      { return a[5] }

func TestAShardServesExactlyWhereItCouldRunWithoutAnotherRequest(t *testing.T) {
	table := lifecycle.Shard()
	told := func(e lifecycle.ShardEvent) bool {
		switch e {
		case lifecycle.ShardToldBegin, lifecycle.ShardToldResume, lifecycle.ShardToldExpect,
			lifecycle.ShardToldStop, lifecycle.ShardToldCopy, lifecycle.ShardToldForget, lifecycle.ShardMustYield,
			lifecycle.ShardSlaveEnded:
			return true
		default:
			return false
		}
	}
	// What can run is the running state and everything that leads to it by itself.
	serves := map[lifecycle.ShardState]bool{lifecycle.ShardRunning: true}
	for range table.States {
		for _, row := range table.Rows {
			if told(row.On) || !serves[row.To] {
				continue
			}
			for _, from := range row.From {
				serves[from] = true
			}
		}
	}
	for _, s := range table.States {
		if got := s.Name.Serves(); got != serves[s.Name] {
			t.Errorf("Serves() of %q is %t, but the table says %t", s.Name, got, serves[s.Name])
		}
	}
}

func TestAShardCanAlwaysBeTakenBack(t *testing.T) {
	def, err := lifecycle.Shard().Build()
	if err != nil {
		t.Fatal(err)
	}
	m, err := def.Restore(fsm.Snapshot{Table: def.Name(), State: string(lifecycle.ShardStopped)})
	if err != nil {
		t.Fatal(err)
	}
	out, err := m.Fire(shardAnswers{0: true, 5: true}, lifecycle.ShardToldResume)
	if err != nil || out.To != lifecycle.ShardResuming {
		t.Errorf("a stopped shard that is resumed goes to %q (%v), want resuming", out.To, err)
	}
}

func TestSlaveDeadlinesHaveDefaultsAndNameWhatIsWrong(t *testing.T) {
	got := lifecycle.SlaveDeadlines{Stop: time.Minute}.OrDefault()
	if got.Stop != time.Minute || got.Load != 10*time.Second || got.Grace != time.Second {
		t.Errorf("defaults are %+v", got)
	}
	if err := (lifecycle.SlaveDeadlines{}).Validate(); err != nil {
		t.Errorf("the zero value: %v", err)
	}
	err := lifecycle.SlaveDeadlines{Stop: -1, Arm: -1}.Validate()
	for _, want := range []string{"Deadlines.Stop", "Deadlines.Arm"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Validate: %v, want it to name %s", err, want)
		}
	}
}
