package master_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
)

func ExampleConfig_Validate() {
	err := master.Config{Shards: 2, Slaves: 5, MaxPending: -1}.Validate()
	fmt.Println(err)
	// Output:
	// master: config: MaxPending is -1: want 0 for the default, or more
	// Slaves is 5 for 2 Shards: want at most one slave a shard
}

func ExampleListen() {
	_, err := master.Listen("0.0.0.0:7000", false)
	fmt.Println(errors.Is(err, master.ErrInsecure))

	l, err := master.Listen("127.0.0.1:0", false)
	fmt.Println(l.Addr().Network(), err, l.Close())
	// Output:
	// true
	// tcp <nil> <nil>
}

func ExampleNew() {
	_, err := master.New(master.Config{Parallel: -1})
	fmt.Println(err)

	m, err := master.New(master.Config{Command: []string{"./bot"}, Shards: 16, Slaves: 4})
	fmt.Println(m.Status().NumShards, err)
	// Output:
	// master: config: Parallel is -1: want 0 for the default, or more
	// 16 <nil>
}

// A master serves until its context ends. The cause decides what becomes of the
// slaves: with ErrDetach they go on, otherwise they are shut down in order.
func ExampleMaster_Serve() {
	dir, err := os.MkdirTemp("", "baton")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	l, err := master.Listen(filepath.Join(dir, "master.sock"), false)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := master.New(master.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	served := make(chan error, 1)
	go func() { served <- m.Serve(ctx, l) }()

	cancel(master.ErrDetach)
	fmt.Println("served:", <-served)
	// Output:
	// served: <nil>
}

// An upgrade that cannot begin is an error at once; one that has begun is a
// handle that tells how it goes.
func ExampleMaster_Upgrade() {
	dir, err := os.MkdirTemp("", "baton")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	l, err := master.Listen(filepath.Join(dir, "master.sock"), false)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := master.New(master.Config{StartNow: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	events := m.Subscribe(0)
	ctx, cancel := context.WithCancelCause(context.Background())
	served := make(chan error, 1)
	go func() { served <- m.Serve(ctx, l) }()
	defer func() {
		cancel(master.ErrDetach)
		fmt.Println("served:", <-served)
	}()
	if _, err := events.Next(ctx); err != nil { // the master is there
		fmt.Println(err)
		return
	}

	u, err := m.Upgrade(ctx, master.Plan{})
	if errors.Is(err, core.ErrNoSlave) {
		fmt.Println("nobody is there to be replaced")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	for p := range u.Progress() {
		fmt.Println(p.Moved, "of", p.Total, "moved:", p.Notice)
	}
	result, err := u.Wait(ctx)
	fmt.Println(result.State, err)
	// Output:
	// nobody is there to be replaced
	// served: <nil>
}
