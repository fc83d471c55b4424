package gatewaysim

import "time"

// pace says when events are due. Event k of the gateway is event k/shards of home
// shard k%shards, and due k/(rate*shards) seconds after the beginning, so shards
// take turns evenly. The gateway's lock guards it.
type pace struct {
	shards  int
	rate    float64 // per shard and second
	running bool
	begin   time.Time // zero until the timekeeper first looks
	count   uint64    // events since begin
	turn    uint64    // events ever
}

func newPace(cfg Config) pace {
	return pace{shards: cfg.Shards, rate: cfg.Rate, running: !cfg.Stopped}
}

// restart begins to count anew, after a change.
func (p *pace) restart() { p.begin, p.count = time.Time{}, 0 }

// next is when the next event is due; ok is false when none ever is.
func (p *pace) next(now time.Time) (due time.Time, ok bool) {
	if !p.running || p.rate <= 0 {
		return time.Time{}, false
	}
	if p.begin.IsZero() {
		p.begin, p.count = now, 1
	}
	perEvent := float64(time.Second) / (p.rate * float64(p.shards))
	return p.begin.Add(time.Duration(float64(p.count) * perEvent)), true
}

// advance takes the event that is due: its home shard, and its number there.
func (p *pace) advance() (home int, n uint64) {
	turn := p.turn
	p.turn++
	p.count++
	return int(turn % uint64(p.shards)), turn / uint64(p.shards)
}
