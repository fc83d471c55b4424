package master

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// collect waits until n timers have fired and returns them with the time that
// had passed when each did.
func collect(t *testing.T, ts *timers[string], n int) map[string]time.Duration {
	t.Helper()
	start := time.Now()
	got := make(map[string]time.Duration)
	for len(got) < n {
		for now := <-ts.fired(); ; {
			name, due := ts.next(now)
			if !due {
				break
			}
			got[name] = time.Since(start)
		}
	}
	return got
}

func TestTimersFireWhenTheyRunOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts := newTimers[string]()
		defer ts.stop()
		now := time.Now()
		for name, after := range map[string]time.Duration{"c": 3 * time.Second, "a": time.Second, "b": 2 * time.Second} {
			ts.arm(name, now.Add(after))
		}
		got := collect(t, ts, 3)
		for name, want := range map[string]time.Duration{"a": time.Second, "b": 2 * time.Second, "c": 3 * time.Second} {
			if got[name] != want {
				t.Errorf("timer %s fired after %v, want %v", name, got[name], want)
			}
		}
	})
}

func TestATimerThatWasDisarmedNeverFires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts := newTimers[string]()
		defer ts.stop()
		ts.arm("gone", time.Now().Add(time.Second))
		ts.arm("stays", time.Now().Add(2*time.Second))
		ts.disarm("gone")
		ts.disarm("never armed")
		got := collect(t, ts, 1)
		if _, fired := got["gone"]; fired {
			t.Error("the disarmed timer fired")
		}
		if got["stays"] != 2*time.Second {
			t.Errorf("the other timer fired after %v, want 2s", got["stays"])
		}
	})
}

func TestATimerThatIsArmedAgainFiresOnceAtItsNewTime(t *testing.T) {
	for name, again := range map[string]time.Duration{"later": 5 * time.Second, "earlier": time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ts := newTimers[string]()
				defer ts.stop()
				ts.arm("x", time.Now().Add(2*time.Second))
				ts.arm("x", time.Now().Add(again))
				ts.arm("end", time.Now().Add(time.Minute))
				if got := collect(t, ts, 2)["x"]; got != again {
					t.Errorf("fired after %v, want %v", got, again)
				}
			})
		})
	}
}

func TestTimersThatAreDueTogetherComeEarliestFirst(t *testing.T) {
	ts := newTimers[int]()
	defer ts.stop()
	now := time.Now()
	var want []int
	for i := range 50 {
		name := i * 37 % 50
		ts.arm(name, now.Add(time.Duration(name)*time.Second))
		want = append(want, i)
	}
	var got []int
	for {
		name, due := ts.next(now.Add(time.Hour))
		if !due {
			break
		}
		got = append(got, name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("timers came as %v, want them in order of time", got)
	}
}

func TestATimerThatAnEarlierOneDisarmsDoesNotFire(t *testing.T) {
	ts := newTimers[string]()
	defer ts.stop()
	now := time.Now()
	ts.arm("first", now)
	ts.arm("second", now)
	name, _ := ts.next(now)
	for _, other := range []string{"first", "second"} {
		if other != name {
			ts.disarm(other)
		}
	}
	if name, due := ts.next(now); due {
		t.Errorf("%s fired although it was disarmed", name)
	}
}
