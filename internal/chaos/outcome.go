package chaos

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
	"github.com/shardbaton/baton/internal/testbed"
)

// Outcome is what came of a cell.
type Outcome struct {
	Cell
	// Reached says that the upgrade came through the cell's phase. What follows is
	// empty otherwise.
	Reached bool `json:"reached"`
	// Upgrade is how the upgrade ended, as its result says, or "cut off" when the
	// master died before it did, or "endless".
	Upgrade string `json:"upgrade"`
	// Why is the reason that the upgrade gives.
	Why string `json:"why,omitempty"`
	// UpgradeSeconds is from the request to the end of the upgrade; 0 when the master
	// died before that.
	UpgradeSeconds float64 `json:"upgrade_seconds"`
	// Owners says who has the shards in the end.
	Owners string `json:"owners"`
	// Shards is the number of shards in the end.
	Shards int `json:"shards"`

	Sent       int `json:"sent"`
	Lost       int `json:"lost"`
	Duplicated int `json:"duplicated"`
	Reordered  int `json:"reordered"`
	Stale      int `json:"stale"`
	Unknown    int `json:"unknown"`
	TwoOwners  int `json:"two_owners"`
	// Orphaned are the shards that handle no events in the end.
	Orphaned int `json:"orphaned"`
	// Identifies counts the sessions beyond each shard's first.
	Identifies int `json:"identifies"`
	// Rework is how long before a master last heard of it a killed slave had handled the
	// oldest of those events that were handled again; 0 without any.
	Rework time.Duration `json:"rework_ns"`
	// Dark is the longest time for which a shard's events were handled by nobody.
	Dark time.Duration `json:"dark_ns"`
	// Recovery is the time from a slave's death until all shards that it had are
	// handled again; 0 when it had none, or not all are.
	Recovery time.Duration `json:"recovery_ns"`
	// Seconds is how long the cell took.
	Seconds float64 `json:"seconds"`
	// Unbound says that nothing is promised about what was lost or duplicated: the
	// number of shards changed.
	Unbound bool `json:"unbound,omitempty"`
	// Note says what else there is to say, such as that the victim had no link.
	Note string `json:"note,omitempty"`
	// Violations are the bounds that were not kept. None means that all is well.
	Violations []string `json:"violations"`

	// What the judgement is made of.
	gateway gatewaysim.Stats
	sent    ledger.Sent
	lines   []ledger.Handled
	torn    int
	stopped time.Time // when the load was stopped
}

func (o *Outcome) violate(format string, args ...any) {
	o.Violations = append(o.Violations, fmt.Sprintf(format, args...))
}

// check turns the outcome of a check around: the violations have to be there.
func (o *Outcome) check(must []string) {
	found := o.Violations
	o.Violations = nil
	for _, want := range must {
		if !slices.ContainsFunc(found, func(v string) bool { return strings.Contains(v, want) }) {
			o.violate("nobody has noticed that something is %s", want)
		}
	}
	o.note("found: %s", strings.Join(found, "; "))
}

// note adds to the note.
func (o *Outcome) note(format string, args ...any) {
	if o.Note != "" {
		o.Note += "; "
	}
	o.Note += fmt.Sprintf(format, args...)
}

// owners notes who has how many shards.
func (o *Outcome) owners(status control.Status, s *strike) {
	count := make(map[string]int)
	for _, shard := range status.Shards {
		count[s.role(shard.Owner)]++
	}
	var parts []string
	for _, role := range []string{"old", "new", "relaunched", "nobody"} {
		if n := count[role]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", role, n))
		}
	}
	o.Owners = strings.Join(parts, ", ")
}

// role says what a slave is to the cell.
func (s *strike) role(slave string) string {
	bots := s.bed.births.all()
	switch {
	case slave == "":
		return "nobody"
	case slave == s.old.slave:
		return "old"
	case !s.course.idle && len(bots) > s.known && slave == bots[s.known].slave:
		return "new"
	default:
		return "relaunched"
	}
}

// notHandling notes how many shards handle no events.
func (o *Outcome) notHandling(err error) {
	var unhandled *testbed.UnhandledError
	if errors.As(err, &unhandled) {
		// More can handle events than there should be, after a change of their number.
		o.Orphaned = max(0, unhandled.Shards-unhandled.Handling)
	}
	o.violate("%v", err)
}
