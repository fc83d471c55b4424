package master_test

import (
	"context"
	"fmt"
	"os"
	"sync"

	"github.com/shardbaton/baton/master"
)

// actorProcess is a launched actor, as the master sees it.
type actorProcess struct {
	a    *actor
	once sync.Once
	done chan struct{}
	exit master.Exit
}

func (p *actorProcess) end(e master.Exit) {
	p.once.Do(func() {
		p.exit = e
		close(p.done)
	})
}

// PID implements master.Process.
func (p *actorProcess) PID() int { return 1000 }

// Wait implements master.Process.
func (p *actorProcess) Wait(ctx context.Context) (master.Exit, error) {
	select {
	case <-p.done:
		return p.exit, nil
	case <-ctx.Done():
		return master.Exit{}, ctx.Err()
	}
}

// Signal implements master.Process.
func (p *actorProcess) Signal(sig os.Signal) error {
	if sig == os.Kill {
		p.a.die()
	}
	return nil
}

// troupe launches actors: the first one is called "old", the second "new", the
// next "third", and then "actor 4" and so on.
type troupe struct {
	dialect, shards int
	// cast is called for each actor before it connects.
	cast func(name string, a *actor)

	mu     sync.Mutex
	w      *world
	actors []*actor
}

// Launch implements master.Launcher.
func (t *troupe) Launch(_ context.Context, spec master.Spec) (master.Process, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.w.t.Context().Err(); err != nil {
		return nil, err // the actors leave because the test is over
	}
	name := fmt.Sprintf("actor %d", len(t.actors)+1)
	if names := []string{"old", "new", "third"}; len(t.actors) < len(names) {
		name = names[len(t.actors)]
	}
	a := t.w.actor(name, t.dialect, t.shards)
	if t.dialect == 2 {
		a.hello.SlaveID, a.hello.Token = spec.Slave, spec.Token
	}
	a.process = &actorProcess{a: a, done: make(chan struct{})}
	t.actors = append(t.actors, a)
	if t.cast != nil {
		t.cast(a.name, a)
	}
	a.connect()
	return a.process, nil
}

// actor returns the n-th actor that was launched.
func (t *troupe) actor(n int) *actor {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.actors[n]
}
