package simulate

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/shardbaton/baton/master"
)

// world is everything that one run is made of.
type world struct {
	seed     uint64
	scenario scenario
	clock    *clock
	diary    *diary
	ledger   *ledger
	gateway  *gateway
	network  *network
	disk     *disk
	logger   *zap.Logger
	tasks    sync.WaitGroup // every goroutine but the clock's

	mu        sync.Mutex
	processes []*process // in the order of their starts
	upgrade   int        // how many upgrades have begun
	callbacks int        // of bots, since then
	busy      bool       // events come often
	ceased    bool       // no events come any more
	trouble   time.Time  // until when something goes wrong
	atPeace   bool       // nothing does any more
	strikes   map[faultKind]int
	masters   int    // how many were crowned
	reign     *reign // of the latest
}

// newWorld makes the world of a scenario. What happens is written to out, if that is
// not nil.
func newWorld(seed uint64, s scenario, out io.Writer) *world {
	w := &world{seed: seed, scenario: s, clock: newClock(), logger: zap.NewNop(), strikes: make(map[faultKind]int)}
	w.diary = newDiary(w.clock, out)
	if out != nil {
		encoder := zapcore.NewConsoleEncoder(zapcore.EncoderConfig{
			MessageKey: "message", NameKey: "name", LevelKey: "level", EncodeLevel: zapcore.LowercaseLevelEncoder,
			EncodeDuration: zapcore.StringDurationEncoder, ConsoleSeparator: " ",
		})
		w.logger = zap.New(zapcore.NewCore(encoder, zapSink{w.diary}, zap.DebugLevel))
	}
	w.ledger = newLedger(w.clock, w.diary, s.shards)
	w.ledger.stateless = s.stateless
	w.gateway = &gateway{
		clock: w.clock, diary: w.diary, ledger: w.ledger, seed: seed,
		from: s.gatewayFrom, to: s.gatewayTo, keep: s.keep, expiry: s.expiry,
		produced: make([]int64, s.shards), sessions: make(map[string]*session),
	}
	if w.has(gatewayForgets) {
		w.gateway.skip = 1
	}
	w.network = &network{
		clock: w.clock, diary: w.diary, seed: seed,
		from: s.latencyFrom, to: s.latencyTo, perKiB: s.perKiB,
	}
	w.disk = &disk{world: w, entries: make(map[string][]byte)}
	for shard := range s.shards {
		w.produce(shard, newDice(seed, fmt.Sprintf("events of shard %d", shard)))
	}
	return w
}

// produce plans the next event of a shard, and with it those after it.
func (w *world) produce(shard int, d dice) {
	mean := w.scenario.quiet
	w.mu.Lock()
	if w.busy {
		mean = w.scenario.busy
	}
	w.mu.Unlock()
	wait := time.Duration(float64(mean) * d.ExpFloat64())
	w.clock.after(wait, func() {
		w.mu.Lock()
		ceased := w.ceased
		w.mu.Unlock()
		if ceased {
			return
		}
		w.gateway.produce(shard)
		w.produce(shard, d)
	})
}

// start starts a process for its master.
func (w *world) start(parent *reign, spec master.Spec) *process {
	ctx, cancel := context.WithCancel(context.Background())
	p := &process{
		world: w, parent: parent, name: spec.Slave, host: w.network.host(spec.Slave),
		cancel: cancel, ended: make(chan struct{}),
	}
	p.dead = p.host.dead
	p.bot = newBot(p)
	w.mu.Lock()
	p.generation = w.upgrade
	w.processes = append(w.processes, p)
	p.number = len(w.processes)
	w.mu.Unlock()
	w.diary.note("proc %s: starts", p.name)
	w.tasks.Go(func() {
		defer cancel()
		p.run(ctx, spec)
	})
	return p
}

// all returns the processes that were ever started, in that order.
func (w *world) all() []*process {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.processes[:len(w.processes):len(w.processes)]
}

// living returns the processes that have not ended, in the order of their starts.
func (w *world) living() []*process {
	var living []*process
	for _, p := range w.all() {
		p.mu.Lock()
		if !p.killed && !p.over {
			living = append(living, p)
		}
		p.mu.Unlock()
	}
	return living
}

// workTime is how long a piece of a bot's work takes: the same for each, but no two
// shards of two slaves have the same.
func (w *world) workTime(p *process, shard int) time.Duration {
	return 2*time.Microsecond + time.Duration(13*p.number+shard+1)*time.Nanosecond
}

// ended returns the processes whose end could be seen, in the order of their starts.
func (w *world) ended() []*process {
	var ended []*process
	for _, p := range w.all() {
		select {
		case <-p.ended:
			ended = append(ended, p)
		default:
		}
	}
	return ended
}

// begin marks the beginning of an upgrade.
func (w *world) begin() {
	w.mu.Lock()
	w.upgrade++
	w.callbacks = 0
	w.busy = true
	upgrade := w.upgrade
	w.mu.Unlock()
	w.diary.note("main upgrade %d begins", upgrade)
	for i, f := range w.scenario.faults {
		if f.upgrade == upgrade && f.callback == 0 {
			w.clock.after(f.after, func() { w.strike(i) })
		}
	}
	w.clock.after(busyLimit, w.slow)
}

// busyLimit is for how long events come often after an upgrade's beginning.
const busyLimit = 8 * time.Second

// slow has events come less often.
func (w *world) slow() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = false
}

// calmed tells whether nothing goes wrong any more.
func (w *world) calmed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.atPeace
}

// cease has no more events come.
func (w *world) cease() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ceased = true
}
