package links_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shardbaton/baton/internal/chaos/links"
	"github.com/shardbaton/baton/internal/gatewaysim/memnet"
	"github.com/shardbaton/baton/wire"
)

// rig is a proxy between a test's slaves and a test's master.
type rig struct {
	t             *testing.T
	proxy         *links.Proxy
	front, behind *memnet.Listener
	end           context.CancelFunc
	served        chan error
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, front: memnet.Listen(0), behind: memnet.Listen(0), served: make(chan error, 1)}
	r.proxy = links.New(r.front, r.behind.Dial)
	ctx, cancel := context.WithCancel(t.Context())
	r.end = cancel
	go func() { r.served <- r.proxy.Serve(ctx) }()
	return r
}

// stop ends the proxy and checks that it has ended in order.
func (r *rig) stop() {
	r.t.Helper()
	r.end()
	if err := <-r.served; err != nil {
		r.t.Errorf("Serve: %v", err)
	}
	if err := r.behind.Close(); err != nil {
		r.t.Error(err)
	}
}

// frame is the hello of a slave.
func frame(t *testing.T, slave string) []byte {
	t.Helper()
	hello, err := wire.EncodeEvent(wire.EvtSlaveHello, wire.SlaveHelloData{SlaveID: slave})
	if err != nil {
		t.Fatal(err)
	}
	return hello
}

// slave connects and says hello.
func (r *rig) slave(name string) net.Conn {
	r.t.Helper()
	return r.dial(frame(r.t, name))
}

// dial connects and sends the frame.
func (r *rig) dial(hello []byte) net.Conn {
	r.t.Helper()
	conn, err := r.front.Dial(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := conn.Write(hello); err != nil {
		r.t.Fatal(err)
	}
	return conn
}

// master accepts the link of the slave.
func (r *rig) master(name string) net.Conn {
	r.t.Helper()
	return r.accept(frame(r.t, name))
}

// accept accepts a link that begins with the frame.
func (r *rig) accept(want []byte) net.Conn {
	r.t.Helper()
	conn, err := r.behind.Accept()
	if err != nil {
		r.t.Fatal(err)
	}
	got := make([]byte, len(want))
	if _, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, want) {
		r.t.Fatalf("the master read %q, %v; want the hello as it was sent", got, err)
	}
	return conn
}

// send writes on one end, reads on the other, and returns how long that took.
func (r *rig) send(from, to net.Conn, bytes int) time.Duration {
	r.t.Helper()
	began := time.Now()
	wrote := make(chan error, 1)
	go func() {
		_, err := from.Write(make([]byte, bytes))
		wrote <- err
	}()
	if _, err := io.ReadFull(to, make([]byte, bytes)); err != nil {
		r.t.Fatal(err)
	}
	took := time.Since(began)
	if err := <-wrote; err != nil {
		r.t.Fatal(err)
	}
	return took
}

// gone fails the test unless the connection has ended.
func (r *rig) gone(conn net.Conn) {
	r.t.Helper()
	if n, err := conn.Read(make([]byte, 1)); err == nil {
		r.t.Errorf("read %d bytes from a link that was cut", n)
	}
}

func TestALinkPassesBothWaysAndEndsOnBothSides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		slave := r.slave("s1")
		master := r.master("s1")
		for _, way := range [][2]net.Conn{{slave, master}, {master, slave}} {
			if took := r.send(way[0], way[1], 100_000); took != 0 {
				t.Errorf("a link without conditions took %v", took)
			}
		}
		if n := r.proxy.Links("s1"); n != 1 {
			t.Errorf("%d links of s1, want 1", n)
		}
		if _, err := slave.Write([]byte("last words")); err != nil {
			t.Fatal(err)
		}
		if err := slave.Close(); err != nil {
			t.Fatal(err)
		}
		if rest, err := io.ReadAll(master); err != nil || string(rest) != "last words" {
			t.Errorf("the master read %q, %v; want all that was sent before the end", rest, err)
		}
		synctest.Wait()
		if n := r.proxy.Links(links.Everyone); n != 0 {
			t.Errorf("%d links after the end, want 0", n)
		}
		r.stop()
	})
}

func TestACutHitsTheLinksOfOneSlaveOrOfAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		first, second := r.slave("s1"), r.slave("s1")
		masters := []net.Conn{r.master("s1"), r.master("s1")}
		other := r.slave("s2")
		otherMaster := r.master("s2")
		if n := r.proxy.Cut("s1"); n != 2 {
			t.Errorf("Cut(s1) = %d, want 2", n)
		}
		for _, conn := range append(masters, first, second) {
			r.gone(conn)
		}
		r.send(other, otherMaster, 10)
		again := r.slave("s1")
		r.send(again, r.master("s1"), 10)
		if n := r.proxy.Cut(links.Everyone); n != 2 {
			t.Errorf("Cut(Everyone) = %d, want 2", n)
		}
		r.gone(again)
		r.gone(other)
		r.stop()
	})
}

func TestACutOfNobodyHitsTheFirstLinkToCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		if n := r.proxy.Cut("s1"); n != 0 {
			t.Fatalf("Cut of nobody = %d", n)
		}
		other := r.slave("s2")
		r.send(other, r.master("s2"), 10)
		r.gone(r.slave("s1"))
		again := r.slave("s1")
		r.send(again, r.master("s1"), 10)
		r.stop()
	})
}

func TestASlowLinkHasLatencyAndALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		slave := r.slave("s1")
		master := r.master("s1")
		r.proxy.Shape("s1", links.Conditions{Latency: 200 * time.Millisecond, BytesPerSecond: 64 << 10})
		if took := r.send(slave, master, 1); took != 200*time.Millisecond {
			t.Errorf("a byte took %v, want the latency of 200ms", took)
		}
		synctest.Wait()
		took := r.send(master, slave, 128<<10)
		if want := 2*time.Second + 200*time.Millisecond; took < want-200*time.Millisecond || took > want {
			t.Errorf("128 KiB at 64 KiB/s took %v, want about %v", took, want)
		}
		other := r.slave("s2")
		if took := r.send(other, r.master("s2"), 128<<10); took != 0 {
			t.Errorf("the link of another slave took %v", took)
		}
		// Conditions for everyone replace those of one, and hold for links to come.
		r.proxy.Shape(links.Everyone, links.Conditions{Latency: time.Second})
		third := r.slave("s3")
		thirdMaster := r.master("s3")
		for _, pair := range [][2]net.Conn{{slave, master}, {third, thirdMaster}} {
			if took := r.send(pair[0], pair[1], 1); took < time.Second || took > time.Second+100*time.Millisecond {
				t.Errorf("a byte took %v, want 1s", took)
			}
		}
		// The news of an end takes as long as everything else.
		began := time.Now()
		if err := slave.Close(); err != nil {
			t.Fatal(err)
		}
		r.gone(master)
		if took := time.Since(began); took < time.Second || took > time.Second+100*time.Millisecond {
			t.Errorf("the news of the end took %v, want 1s", took)
		}
		// A cut does not wait for what is on its way.
		if _, err := third.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		began = time.Now()
		r.proxy.Cut("s3")
		r.gone(thirdMaster)
		if took := time.Since(began); took != 0 {
			t.Errorf("the cut took %v", took)
		}
		r.stop()
	})
}

func TestALinkPassesSmallPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		slave := r.slave("s1")
		master := r.master("s1")
		// What is being read already has the size of before.
		r.proxy.Shape("s1", links.Conditions{Piece: 3, BytesPerSecond: 3})
		r.send(slave, master, 1)
		if _, err := slave.Write([]byte("abcdefgh")); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"abc", "def", "gh"} {
			got := make([]byte, 8)
			n, err := master.Read(got)
			if err != nil || string(got[:n]) != want {
				t.Errorf("read %q, %v; want %q", got[:n], err, want)
			}
		}
		r.stop()
	})
}

func TestASlaveIsKeptAwayUntilItIsReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		slave := r.slave("s1")
		master := r.master("s1")
		if n := r.proxy.Hold("s1", links.AllLinks); n != 1 {
			t.Errorf("Hold = %d, want 1", n)
		}
		r.gone(slave)
		r.gone(master)
		for range 3 {
			r.gone(r.slave("s1"))
		}
		other := r.slave("s2")
		r.send(other, r.master("s2"), 10)
		r.proxy.Release("s1")
		again := r.slave("s1")
		r.send(again, r.master("s1"), 10)
		r.stop()
	})
}

func TestASlaveIsKeptAwayOnItsControlLinkAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		control := r.slave("s1")
		r.master("s1")
		hello, err := wire.EncodeEvent(wire.EvtSlaveHello, wire.SlaveHelloData{SlaveID: "s1", Link: wire.LinkState})
		if err != nil {
			t.Fatal(err)
		}
		state := r.dial(hello)
		stateMaster := r.accept(hello)
		if n := r.proxy.Hold("s1", links.ControlLinks); n != 1 {
			t.Errorf("Hold = %d, want 1", n)
		}
		r.gone(control)
		r.send(state, stateMaster, 10)
		r.gone(r.slave("s1"))
		again := r.dial(hello)
		r.send(again, r.accept(hello), 10)
		r.proxy.Release("s1")
		back := r.slave("s1")
		r.send(back, r.master("s1"), 10)
		r.stop()
	})
}

func TestConnectionsAreResetAsSoonAsTheyAreAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.proxy.ResetNext(2)
		for range 2 {
			conn, err := r.front.Dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			r.gone(conn)
		}
		slave := r.slave("s1")
		r.send(slave, r.master("s1"), 10)
		r.stop()
	})
}

func TestWhatIsNoHelloReachesTheMasterAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		conn, err := r.front.Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		garbage := []byte("GET / HTTP/1.1\r\n\r\n")
		if _, err := conn.Write(garbage); err != nil {
			t.Fatal(err)
		}
		master, err := r.behind.Accept()
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(garbage))
		if _, err := io.ReadFull(master, got); err != nil || !bytes.Equal(got, garbage) {
			t.Errorf("the master read %q, %v", got, err)
		}
		r.stop()
	})
}

func TestWithoutAMasterTheSlavesLinkEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		front := memnet.Listen(0)
		down := errors.New("connection refused")
		proxy := links.New(front, func(context.Context) (net.Conn, error) { return nil, down })
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- proxy.Serve(ctx) }()
		conn, err := front.Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write(frame(t, "s1")); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Read(make([]byte, 1)); err == nil {
			t.Error("a link without a master lives")
		}
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}
