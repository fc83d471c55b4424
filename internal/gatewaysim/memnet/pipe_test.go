package memnet_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/memnet"
)

// bubble runs the test in simulated time.
func bubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

func write(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if n, err := c.Write([]byte(text)); err != nil || n != len(text) {
		t.Fatalf("write %q: %d, %v", text, n, err)
	}
}

func read(t *testing.T, c net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != want {
		t.Fatalf("want %q, got %q, %v", want, got, err)
	}
}

func TestWritesArriveInOrderAfterTheDelay(t *testing.T) {
	for _, delay := range []time.Duration{0, 30 * time.Millisecond} {
		bubble(t, func(t *testing.T) {
			a, b := memnet.Pipe(delay)
			begin := time.Now()
			write(t, a, "one")
			<-time.After(10 * time.Millisecond)
			write(t, a, "two")
			if got := time.Since(begin); got != 10*time.Millisecond {
				t.Errorf("writing took %v", got)
			}
			read(t, b, "on")
			read(t, b, "e")
			if got, want := time.Since(begin), max(delay, 10*time.Millisecond); got != want {
				t.Errorf("delay %v: the first came after %v", delay, got)
			}
			read(t, b, "two")
			if got, want := time.Since(begin), delay+10*time.Millisecond; got != want {
				t.Errorf("delay %v: the second came after %v", delay, got)
			}
			write(t, b, "back")
			read(t, a, "back")
		})
	}
}

func TestThePeerReadsWhatIsUnderWayBeforeTheEnd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, b := memnet.Pipe(time.Second)
		write(t, a, "last")
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		read(t, b, "last")
		if _, err := b.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("want io.EOF, got %v", err)
		}
		if got := time.Since(begin); got != time.Second {
			t.Errorf("want the end after 1 s, got it after %v", got)
		}
		if _, err := b.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("write to nobody: want io.ErrClosedPipe, got %v", err)
		}
		if _, err := a.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
			t.Errorf("write after Close: want net.ErrClosed, got %v", err)
		}
		if _, err := a.Read([]byte("x")); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read after Close: want net.ErrClosed, got %v", err)
		}
	})
}

func TestCloseWakesAReaderAndAWriter(t *testing.T) {
	for _, delay := range []time.Duration{0, time.Hour} {
		bubble(t, func(t *testing.T) {
			a, b := memnet.Pipe(delay)
			write(t, a, "x")
			ended := make(chan error)
			if delay == 0 {
				read(t, b, "x")
			}
			go func() {
				_, err := b.Read(make([]byte, 1))
				ended <- err
			}()
			go func() {
				_, err := b.Write(make([]byte, 2*memnet.Capacity))
				ended <- err
			}()
			synctest.Wait()
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := <-ended; !errors.Is(err, net.ErrClosed) {
					t.Errorf("want net.ErrClosed, got %v", err)
				}
			}
		})
	}
}

func TestWriteWaitsForRoom(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, b := memnet.Pipe(0)
		want := bytes.Repeat([]byte("0123456789abcdef"), memnet.Capacity/8)
		written := make(chan error)
		go func() {
			_, err := a.Write(want)
			written <- err
		}()
		synctest.Wait()
		select {
		case err := <-written:
			t.Fatal("two capacities went in at once, with the error", err)
		default:
		}
		got := make([]byte, len(want))
		if _, err := io.ReadFull(b, got); err != nil || !bytes.Equal(got, want) {
			t.Errorf("what came out is not what went in: %v", err)
		}
		if err := <-written; err != nil {
			t.Error(err)
		}
	})
}

func TestDeadlines(t *testing.T) {
	one := make([]byte, 1)
	bubble(t, func(t *testing.T) {
		a, b := memnet.Pipe(0)
		begin := time.Now()
		after := func(what string, want time.Duration, err error) {
			t.Helper()
			if got := time.Since(begin); !errors.Is(err, os.ErrDeadlineExceeded) || got != want {
				t.Errorf("%s: want os.ErrDeadlineExceeded after %v, got %v after %v", what, want, err, got)
			}
		}
		set := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		set(a.SetReadDeadline(begin.Add(time.Second)))
		_, err := a.Read(one)
		after("a deadline to come", time.Second, err)
		_, err = a.Read(one)
		after("a deadline that has passed", time.Second, err)

		set(a.SetReadDeadline(time.Time{}))
		write(t, b, "x")
		read(t, a, "x")

		// http.Server interrupts a reader in this way.
		go func() {
			<-time.After(time.Second)
			set(a.SetDeadline(time.Unix(1, 0)))
		}()
		_, err = a.Read(one)
		after("a deadline that is set meanwhile", 2*time.Second, err)
		set(a.SetDeadline(time.Time{}))

		set(a.SetWriteDeadline(begin.Add(3 * time.Second)))
		n, err := a.Write(make([]byte, 2*memnet.Capacity))
		after("a write without room", 3*time.Second, err)
		if n != memnet.Capacity {
			t.Errorf("want %d bytes written, got %d", memnet.Capacity, n)
		}
		set(a.SetDeadline(begin.Add(time.Hour)))
		set(a.SetDeadline(time.Time{}))
	})
}

func TestListener(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := memnet.Listen(0)
		if l.Addr().String() != "memory" || l.Addr().Network() != "memory" {
			t.Errorf("address %v", l.Addr())
		}
		go func() {
			c, err := l.Accept()
			if err != nil {
				t.Error(err)
				return
			}
			write(t, c, c.LocalAddr().String()+c.RemoteAddr().String())
		}()
		c, err := l.Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		read(t, c, "memorymemory")

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := l.DialContext(ctx, "tcp", "anything"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("nobody accepts: want the context's error, got %v", err)
		}
		for range 2 {
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Accept after Close: want net.ErrClosed, got %v", err)
		}
		if _, err := l.Dial(t.Context()); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Dial after Close: want net.ErrClosed, got %v", err)
		}
	})
}
