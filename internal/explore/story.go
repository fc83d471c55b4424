package explore

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The last step of a story that ends in a violation of L2, and of L1.
const (
	healing = "faults stop"
	ending  = "nothing more happens"
	// healingTold is the same as healing, with all that is done.
	healingTold = healing + ", and this happens"
)

// finally does what a last step means.
func (w *world) finally(step string) {
	if strings.HasPrefix(step, healing) {
		w.heal()
	} else {
		w.judgeEnd()
	}
}

// Story is what happened, step by step.
type Story struct {
	Config *Config
	Steps  []string
	// Verdict is the violation, or "holds".
	Verdict string
}

// newStory plays a path again and writes it down.
func newStory(cfg *Config, path []action, v *Violation, last string) *Story {
	s := &Story{Config: cfg, Verdict: v.Error()}
	w, err := cfg.begin(nil)
	if err != nil {
		s.Verdict = err.Error()
		return s
	}
	for _, a := range path {
		s.Steps = append(s.Steps, w.text(a))
		w.do(a)
	}
	if last != "" {
		s.Steps = append(s.Steps, last)
	}
	return s
}

// String writes the story in the form in which it is kept under testdata/explore,
// without what is told between the steps: [Replay] adds that.
func (s *Story) String() string {
	return "explore " + s.Config.String() + "\n" + strings.Join(s.Steps, "\n") + "\n----\n"
}

// Replay lets the steps of a story happen in a world of the configuration and tells
// what follows from each. A step that is not possible is noted and left out, because
// the cores may have changed since the story was written. The last line is the
// violation, or "holds". The error says that the configuration is no good.
func Replay(cfg *Config, steps []string) (string, error) {
	w, err := cfg.begin(nil)
	if err != nil {
		return "", err
	}
	w.told = &teller{}
	for _, step := range steps {
		if w.wrong != nil {
			break
		}
		w.told.step(step)
		if strings.HasPrefix(step, healing) || step == ending {
			told := w.told
			w.told = nil // it may take thousands of steps
			if step == healingTold {
				w.told = told
			}
			w.finally(step)
			w.told = told
			continue
		}
		a, possible := w.named(step)
		if !possible {
			w.told.line("  (not possible)")
			continue
		}
		w.do(a)
	}
	verdict := "holds"
	if w.wrong != nil {
		verdict = w.wrong.Error()
	}
	w.told.line("%s", verdict)
	return w.told.b.String(), nil
}

// named returns the action that a step of a story means.
func (w *world) named(step string) (action, bool) {
	for _, a := range w.actions(nil) {
		if w.text(a) == step {
			return a, true
		}
	}
	return action{}, false
}

// ParseConfig reads a configuration as [Config.String] writes it: one word or
// word=value for each argument.
func ParseConfig(args map[string]string) (*Config, error) {
	c := &Config{}
	numbers := map[string]*int{
		"shards": &c.Shards, "slaves": &c.Slaves, "parallel": &c.Parallel, "numshards": &c.NumShards, "records": &c.Records, "first": &c.First, "canary": &c.Canary, "exits": &c.Exits,
	}
	flags := map[string]*bool{
		"byhand": &c.ByHand, "startnow": &c.StartNow, "cold": &c.Cold, "precopy": &c.PreCopy, "arm": &c.Arm, "journal": &c.Journal,
		"stateless": &c.Stateless, "health": &c.Health, "hold": &c.Hold, "pausing": &c.Pauses, "back": &c.Back,
	}
	for name, value := range args {
		var err error
		switch n, f, l := numbers[name], flags[name], limitOf(name); {
		case n != nil:
			*n, err = strconv.Atoi(value)
		case f != nil:
			*f = true
		case l < limits:
			var v uint64
			v, err = strconv.ParseUint(value, 10, 8)
			c.Budget[l] = uint8(v)
		case name == "from":
			c.From = strings.ReplaceAll(value, "-", " ")
		case name == "lease":
			c.Lease, err = time.ParseDuration(value)
		default:
			err = fmt.Errorf("no such word")
		}
		if err != nil {
			return nil, fmt.Errorf("explore: %s=%s: %w", name, value, err)
		}
	}
	return c, nil
}

// limitOf returns the limit of a name, or limits when there is none.
func limitOf(name string) Limit {
	for l, n := range limitNames() {
		if n == name {
			return Limit(l)
		}
	}
	return limits
}
