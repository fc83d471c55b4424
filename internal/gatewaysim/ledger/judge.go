package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// FirstOffenders is how many offenders of a kind a shard's verdict lists.
const FirstOffenders = 10

// Verdict is what the comparison found. See the package's documentation for what
// each word means.
type Verdict struct {
	Sent       int `json:"sent"`       // distinct events
	Handled    int `json:"handled"`    // of those, the ones that were handled
	Lost       int `json:"lost"`       // Sent minus Handled
	Duplicated int `json:"duplicated"` // handlings beyond the first
	Reordered  int `json:"reordered"`
	// ReorderedAcross is the part of Reordered where the event that was handled
	// too early was handled by another process.
	ReorderedAcross int `json:"reordered_across"`
	Stale           int `json:"stale"`
	Unknown         int `json:"unknown"`
	TwoOwners       int `json:"two_owners"`
	Torn            int `json:"torn"` // files that end in half a line

	// Shards are the shards with an offence, by shard count and shard.
	Shards   []ShardVerdict `json:"shards,omitempty"`
	Overlaps []Overlap      `json:"overlaps,omitempty"`
}

// ShardVerdict lists the first offenders of one shard, by number, at most
// FirstOffenders of a kind; the counts count all. A lost event stands with the
// shard that it was sent to, the first one if there were several.
type ShardVerdict struct {
	Stream
	Lost       Offence `json:"lost"`
	Duplicated Offence `json:"duplicated"`
	Reordered  Offence `json:"reordered"`
	Stale      Offence `json:"stale"`
	Unknown    Offence `json:"unknown"`
}

// Offence is a count and the numbers of the first events that it counts.
type Offence struct {
	Count int      `json:"count"`
	First []uint64 `json:"first,omitempty"`
}

func (o *Offence) add(number uint64) {
	if o.Count++; len(o.First) < FirstOffenders {
		o.First = append(o.First, number)
	}
}

// Overlap is a time for which two connections held one shard. When TookOver is
// set, the second took the session of the first, which held it until then.
type Overlap struct {
	Stream
	First    uint64        `json:"first"` // the connections' ids
	Second   uint64        `json:"second"`
	From     time.Time     `json:"from"`
	For      time.Duration `json:"for"` // negative while it lasts
	TookOver bool          `json:"took_over,omitempty"`
}

// Clean tells whether nothing was lost, duplicated, reordered, stale or unknown,
// and no shard had two owners.
func (v Verdict) Clean() bool {
	return v.Lost+v.Duplicated+v.Reordered+v.Stale+v.Unknown+v.TwoOwners == 0
}

// String sums the verdict up in one line.
func (v Verdict) String() string {
	return fmt.Sprintf("sent %d, handled %d, lost %d, duplicated %d, reordered %d, stale %d, unknown %d, two owners %d, torn %d",
		v.Sent, v.Handled, v.Lost, v.Duplicated, v.Reordered, v.Stale, v.Unknown, v.TwoOwners, v.Torn)
}

// Judge compares what was sent with the handled files in dir. Errors are those of
// ReadHandled.
func Judge(sent Sent, dir string) (Verdict, error) {
	lines, torn, err := ReadHandled(dir)
	if err != nil {
		return Verdict{}, err
	}
	v := Compare(sent, lines)
	v.Torn = torn
	return v, nil
}

// Compare is Judge on lines that are read already, in the order of ReadHandled.
func Compare(sent Sent, lines []Handled) Verdict {
	c := newComparison(sent)
	for _, h := range lines {
		c.handled(h)
	}
	return c.verdict()
}

// comparison walks the lines in the order in which handlers finished.
type comparison struct {
	v      Verdict
	sent   Sent
	events map[uint64]*event
	shards map[Stream]*ShardVerdict
	latest map[Stream]Handled // the handled event with the highest number so far
}

// event is one number: where it was sent, and how often it was handled.
type event struct {
	deliveries []Delivery
	handled    int
}

func newComparison(sent Sent) *comparison {
	c := &comparison{
		sent:   sent,
		events: make(map[uint64]*event, len(sent.Deliveries)),
		shards: make(map[Stream]*ShardVerdict),
		latest: make(map[Stream]Handled),
	}
	for i, d := range sent.Deliveries {
		if d.Number <= sent.Forgotten {
			continue
		}
		e := c.events[d.Number]
		if e == nil {
			c.events[d.Number] = &event{deliveries: sent.Deliveries[i : i+1 : i+1]}
			continue
		}
		e.deliveries = append(e.deliveries, d)
	}
	return c
}

func (c *comparison) shard(s Stream) *ShardVerdict {
	v := c.shards[s]
	if v == nil {
		v = &ShardVerdict{Stream: s}
		c.shards[s] = v
	}
	return v
}

func (c *comparison) handled(h Handled) {
	if h.Number <= c.sent.Forgotten {
		return
	}
	e := c.events[h.Number]
	if e == nil || !slices.ContainsFunc(e.deliveries, func(d Delivery) bool {
		return d.Stream == h.Stream && d.Sequence == h.Sequence && d.Session != ""
	}) {
		c.v.Unknown++
		c.shard(h.Stream).Unknown.add(h.Number)
		return
	}
	// Only the first handling is asked about order and state: what a second one
	// found follows from its being a second one.
	if e.handled++; e.handled > 1 {
		c.v.Duplicated++
		c.shard(h.Stream).Duplicated.add(h.Number)
		return
	}
	if latest, ok := c.latest[h.Stream]; !ok || h.Number > latest.Number {
		c.latest[h.Stream] = h
	} else {
		c.v.Reordered++
		if latest.Process != h.Process {
			c.v.ReorderedAcross++
		}
		c.shard(h.Stream).Reordered.add(h.Number)
	}
	if d := e.deliveries[0]; d.Changes && h.Previous != Unchecked && h.Previous != d.Previous {
		c.v.Stale++
		c.shard(h.Stream).Stale.add(h.Number)
	}
}

func (c *comparison) verdict() Verdict {
	c.v.Sent = len(c.events)
	for _, d := range c.sent.Deliveries {
		e := c.events[d.Number]
		if e == nil || e.handled > 0 || e.deliveries[0] != d {
			continue
		}
		c.v.Lost++
		c.shard(d.Stream).Lost.add(d.Number)
	}
	c.v.Handled = c.v.Sent - c.v.Lost
	c.v.Overlaps = overlaps(c.sent.Connections)
	c.v.TwoOwners = len(c.v.Overlaps)
	for _, s := range c.shards {
		c.v.Shards = append(c.v.Shards, *s)
	}
	slices.SortFunc(c.v.Shards, func(a, b ShardVerdict) int { return compareStreams(a.Stream, b.Stream) })
	return c.v
}

func compareStreams(a, b Stream) int {
	return cmp.Or(cmp.Compare(a.Shards, b.Shards), cmp.Compare(a.Shard, b.Shard))
}
