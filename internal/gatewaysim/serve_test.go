package gatewaysim_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/memnet"
)

func TestTheEndClosesConnectionsWithGoingAwayAndAnswersWaiters(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		c := w.begin(0, 1)
		status := make(chan int)
		go func() {
			s, _ := w.request("GET", w.URLs.Admin+"/await?attached=7", "")
			status <- s
		}()
		synctest.Wait()
		go func() {
			if err := w.Stop(); err != nil {
				t.Error(err)
			}
		}()
		c.closed(gatewaysim.CloseGoingAway)
		if s := <-status; s != 504 {
			t.Errorf("who waited: want 504, got %d", s)
		}
		if _, err := w.dial(""); err == nil {
			t.Error("a dial after the end: want an error")
		}
	})
}

func TestServeEndsWithClientsThatDoNotAnswer(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		w.begin(0, 1) // reads nothing, not even the close frame
		if err := w.Stop(); err != nil {
			t.Error(err)
		}
	})
}

func TestServeEndsWhileAResumeIsDelayed(t *testing.T) {
	inWorld(t, oneShard, func(w *world) {
		w.DelayResumes(1 << 60)
		c := w.connect()
		c.resume("x", 1)
		synctest.Wait()
		if err := w.Stop(); err != nil {
			t.Error(err)
		}
	})
}

func TestServeReportsAListenerThatFails(t *testing.T) {
	g, err := gatewaysim.New(gatewaysim.Config{GuildsPerShard: 1})
	if err != nil {
		t.Fatal(err)
	}
	listener := memnet.Listen(0)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := g.Serve(context.Background(), listener); !errors.Is(err, net.ErrClosed) || !strings.HasPrefix(err.Error(), "gatewaysim: ") {
		t.Errorf("want net.ErrClosed, got %v", err)
	}
	if err := g.Serve(context.Background(), memnet.Listen(0)); !errors.Is(err, gatewaysim.ErrServed) {
		t.Errorf("the second time: want ErrServed, got %v", err)
	}
}

func TestAClientThatDoesNotReadCannotHoldUpACut(t *testing.T) {
	// More than the network holds, so that the gateway's writer blocks.
	big := gatewaysim.Config{GuildsPerShard: 15, GuildBytes: 100_000, Stopped: true}
	for name, act := range map[string]func(w *world){
		"drop":  func(w *world) { w.Drop(shardZero) },
		"close": func(w *world) { w.CloseWith(shardZero, 4000) },
		"stop": func(w *world) {
			if err := w.Stop(); err != nil {
				w.t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, big, func(w *world) {
				w.connect().identify(0, 1)
				w.await("it has identified", func(st gatewaysim.Stats) bool { return st.Attached == 1 })
				synctest.Wait()
				act(w)
				w.await("the connection is gone", func(st gatewaysim.Stats) bool { return st.Open == 0 })
			})
		})
	}
}
