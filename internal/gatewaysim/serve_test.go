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
