package control_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

func TestTheWordThatASlaveIsDeadArrivesOrIsRefused(t *testing.T) {
	var got string
	refusal := errors.New("it lives")
	path, _ := serve(t, &fake{forget: func(slave string) error {
		got = slave
		if slave != "s1/odd name" {
			return refusal
		}
		return nil
	}})
	client := control.NewClient(path)
	if err := client.Forget(t.Context(), "s1/odd name"); err != nil || got != "s1/odd name" {
		t.Errorf("got %q and %v", got, err)
	}
	var refused *control.Error
	if err := client.Forget(t.Context(), "s2"); !errors.As(err, &refused) || refused.Reason != refusal.Error() {
		t.Errorf("got %v, want the master's reason", err)
	}
}

func TestOnlyASlaveThatIsNotConnectedCanBeForgotten(t *testing.T) {
	m, err := master.New(master.Config{Shards: 1})
	if err != nil {
		t.Fatal(err)
	}
	addr := filepath.Join(t.TempDir(), "slaves.sock")
	listener, err := master.Listen(addr, false)
	if err != nil {
		t.Fatal(err)
	}
	news := m.Subscribe(0)
	defer news.Close()
	await := func(until func(master.Notice) bool) {
		t.Helper()
		for event := range news.All(t.Context()) {
			if until(event.Notice) {
				return
			}
		}
	}
	served := make(chan error, 1)
	ctx, cancel := context.WithCancel(context.Background())
	go func() { served <- m.Serve(ctx, listener) }()
	defer func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	}()
	nc, err := net.Dial("unix", addr)
	if err != nil {
		t.Fatal(err)
	}
	slave := wire.NewConn(nc, wire.ConnConfig{})
	hello := &wire.SlaveHelloData{
		Running: true, Protocol: 2, SlaveID: "s1", NumShards: 1,
		Shards: []wire.ShardInfo{{Shard: 0, Epoch: 1, Phase: "running"}},
	}
	if err := slave.Send(wire.EvtSlaveHello, hello); err != nil {
		t.Fatal(err)
	}
	if _, err := slave.Receive(); err != nil { // the Welcome
		t.Fatal(err)
	}

	backend := control.ForMaster(m, control.About{Listen: addr})
	if err := backend.Forget(t.Context(), "s1"); err == nil || !strings.Contains(err.Error(), "is connected") {
		t.Errorf("got %v, want that it is connected", err)
	}
	if err := backend.Forget(t.Context(), "s2"); err == nil || !strings.Contains(err.Error(), "no slave is called") {
		t.Errorf("got %v, want that there is none", err)
	}
	if err := slave.Close(); err != nil {
		t.Fatal(err)
	}
	await(func(n master.Notice) bool { _, lost := n.(core.SlaveLost); return lost })
	if err := backend.Forget(t.Context(), "s1"); err != nil {
		t.Fatal(err)
	}
	if owner := backend.Status().Shards[0].Owner; owner != "" {
		t.Errorf("shard 0 is still %s's", owner)
	}
}
