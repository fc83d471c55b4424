package explore

import (
	"context"
	"hash/crc32"
	"hash/maphash"
	"slices"
	"sync"
	"time"
)

// Options bound a search.
type Options struct {
	// Workers is how many goroutines search. 0: 1.
	Workers int
	// States ends the search when so many distinct states were found. 0: all.
	States int
	// Until ends it at a point in time. Zero: never.
	Until time.Time
	// HealEvery heals one state in so many, see [Result].Healed. 0: none.
	HealEvery int
	// Trace is told each row that is taken, from several goroutines. nil: nobody is.
	Trace func(table string, row int)
}

// Result is what a search has found.
type Result struct {
	// States are distinct, Edges are steps between them.
	States, Edges int
	// Depth is the number of steps to the farthest state.
	Depth int
	// Whole says that no state was left out.
	Whole bool
	// Terminal counts the states in which nothing can happen any more, Healed those
	// from which faults were made to stop, see [Search].
	Terminal, Healed int
	// Violation is the first that was found, or nil; Story leads to it.
	Violation *Violation
	Story     *Story
}

// node is a state by the step that led to it.
type node struct {
	parent int32
	by     action
}

// found is a new state, not yet numbered.
type found struct {
	w    *world
	from int32
	by   action
	// sick says that it is one of those that are healed.
	sick bool
}

// frontier is a state whose steps are to be tried.
type frontier struct {
	w    *world
	n    int32
	sick bool
}

const parts = 64

// visited is a set of hashes that many goroutines add to.
type visited struct {
	seed  maphash.Seed
	parts [parts]struct {
		mu  sync.Mutex
		set map[uint64]struct{}
	}
}

func newVisited() *visited {
	v := &visited{seed: maphash.MakeSeed()}
	for i := range v.parts {
		v.parts[i].set = make(map[uint64]struct{})
	}
	return v
}

// add reports whether a fingerprint is new.
func (v *visited) add(fingerprint []byte) bool {
	h := maphash.Bytes(v.seed, fingerprint)
	p := &v.parts[h%parts]
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.set[h]; ok {
		return false
	}
	p.set[h] = struct{}{}
	return true
}

// search is a search that runs.
type search struct {
	cfg   *Config
	opt   Options
	seen  *visited
	nodes []node
	res   Result
}

// Search tries everything that can happen within the bounds of the configuration,
// breadth first, so that the story of a violation is as short as can be. The error is
// the context's, or says that the configuration is no good.
func Search(ctx context.Context, cfg *Config, opt Options) (*Result, error) {
	w, err := cfg.begin(opt.Trace)
	if err != nil {
		return nil, err
	}
	s := &search{cfg: cfg, opt: opt, seen: newVisited()}
	s.seen.add(w.appendFingerprint(nil, &canon{}))
	s.nodes = []node{{parent: -1}}
	s.res.States, s.res.Whole = 1, true
	level := []frontier{{w, 0, true}}
	if w.wrong != nil {
		s.report(w.wrong, 0, "")
	}
	for len(level) > 0 && s.res.Violation == nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if opt.States > 0 && s.res.States >= opt.States || !opt.Until.IsZero() && time.Now().After(opt.Until) {
			s.res.Whole = false
			break
		}
		level = s.expand(level)
		if len(level) > 0 {
			s.res.Depth++
		}
	}
	return &s.res, nil
}

// harvest is what one worker has found in a level.
type harvest struct {
	states   []found
	edges    int
	terminal int
	healed   int
	wrong    *Violation // found by looking at a state, not at a step
	at       int32
	last     string // what was done to find it
}

// expand tries every step from every state of a level and returns the next level.
func (s *search) expand(level []frontier) []frontier {
	workers := max(1, s.opt.Workers)
	harvests := make([]harvest, workers)
	jobs := make(chan []frontier)
	var group sync.WaitGroup
	for i := range harvests {
		group.Go(func() {
			x := &explorer{search: s, harvest: &harvests[i]}
			for chunk := range jobs {
				x.run(chunk)
			}
		})
	}
	const chunk = 64
	for len(level) > 0 {
		n := min(chunk, len(level))
		jobs <- level[:n]
		level = level[n:]
	}
	close(jobs)
	group.Wait()
	var next []frontier
	for _, h := range harvests {
		s.res.Edges += h.edges
		s.res.Terminal += h.terminal
		s.res.Healed += h.healed
		for _, f := range h.states {
			s.nodes = append(s.nodes, node{f.from, f.by})
			if f.w.wrong != nil {
				if s.res.Violation == nil {
					s.report(f.w.wrong, len(s.nodes)-1, "")
				}
				continue
			}
			next = append(next, frontier{f.w, int32(len(s.nodes) - 1), f.sick})
		}
		s.res.States = len(s.nodes)
	}
	for _, h := range harvests {
		if h.wrong != nil && s.res.Violation == nil {
			s.report(h.wrong, int(h.at), h.last)
		}
	}
	return next
}

// report keeps a violation and the way to it.
func (s *search) report(v *Violation, at int, last string) {
	var path []action
	for n := s.nodes[at]; n.parent >= 0; n = s.nodes[n.parent] {
		path = append(path, n.by)
	}
	slices.Reverse(path)
	s.res.Violation = v
	s.res.Story = newStory(s.cfg, path, v, last)
}

// explorer is one worker.
type explorer struct {
	*search
	*harvest
	actions []action
	print   []byte
	names   canon
}

func (x *explorer) run(chunk []frontier) {
	for _, f := range chunk {
		x.actions = f.w.actions(x.actions[:0])
		x.edges += len(x.actions)
		if len(x.actions) == 0 {
			x.terminal++
		}
		for _, a := range x.actions {
			w := f.w.clone()
			w.do(a)
			x.print = w.appendFingerprint(x.print[:0], &x.names)
			if x.seen.add(x.print) {
				x.states = append(x.states, found{w, f.n, a, x.picks()})
			}
		}
		if len(x.actions) == 0 && x.cfg.faultless() {
			x.look(f, ending)
		}
		if x.opt.HealEvery > 0 && (f.sick || len(x.actions) == 0) {
			x.healed++
			x.look(f, healing)
		}
	}
}

// picks reports whether the state whose fingerprint was written last is one of those
// that are healed: the same ones in every search.
func (x *explorer) picks() bool {
	every := uint32(max(1, x.opt.HealEvery))
	return crc32.ChecksumIEEE(x.print)%every == 0
}

// look finds out what becomes of a state after a last step that is none of the search's.
func (x *explorer) look(f frontier, last string) {
	if x.wrong != nil {
		return
	}
	w := f.w.clone()
	w.finally(last)
	if w.wrong != nil {
		x.wrong, x.at, x.last = w.wrong, f.n, last
	}
}
