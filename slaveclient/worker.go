package slaveclient

import "sync"

// worker runs jobs one at a time, in order. It has a goroutine only while there is
// something to do, and that is counted in all.
type worker struct {
	all *sync.WaitGroup

	mu   sync.Mutex
	jobs []func()
	busy bool
}

// do puts a job behind those that wait. It never blocks.
func (w *worker) do(job func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.jobs = append(w.jobs, job)
	if !w.busy {
		w.busy = true
		w.all.Go(w.run)
	}
}

func (w *worker) run() {
	for {
		job := w.next()
		if job == nil {
			return
		}
		job()
	}
}

// next takes the next job, or ends the goroutine's turn.
func (w *worker) next() func() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.jobs) == 0 {
		w.jobs, w.busy = nil, false
		return nil
	}
	job := w.jobs[0]
	w.jobs[0] = nil
	w.jobs = w.jobs[1:]
	return job
}
