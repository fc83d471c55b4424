package chaos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/shardbaton/baton/wire"
)

// peerLimit bounds a conversation with a peer that is not a bot.
const peerLimit = 10 * time.Second

// mostGrowth is how much memory the master may take for all that hostile peers send or
// announce: twice the largest body that it accepts.
const mostGrowth = 2 * wire.DefaultStateLimit

// dial connects to the master, past the links.
func (b *bed) dial(ctx context.Context) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", b.socket())
	if err != nil {
		return nil, fmt.Errorf("a peer that is no bot: %w", err)
	}
	if err := conn.SetDeadline(time.Now().Add(peerLimit)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// say connects, sends what is given, says that there is no more, and returns what the
// master answers until it closes the connection. That the master does not take all of
// it is no error; that it goes on listening is one.
func (b *bed) say(ctx context.Context, frames ...[]byte) ([]byte, error) {
	conn, err := b.dial(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	written := make(chan struct{})
	go func() {
		defer close(written)
		for _, frame := range frames {
			if _, err := conn.Write(frame); err != nil {
				return
			}
		}
		if half, ok := conn.(*net.UnixConn); ok {
			_ = half.CloseWrite()
		}
	}()
	answer, err := io.ReadAll(conn)
	<-written
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return answer, fmt.Errorf("the master keeps a connection open on which nothing more will come: %w", err)
	}
	if err != nil && !errors.Is(err, syscall.ECONNRESET) {
		return answer, err
	}
	return answer, nil
}

// living says that the master still answers.
func (b *bed) living(ctx context.Context) (string, error) {
	if _, err := b.master.control.Status(ctx); err != nil {
		return "", fmt.Errorf("the master does not answer any more: %w", err)
	}
	return "the master answers", nil
}

// grown says by how much the master has grown, which is an error if it is too much.
func (b *bed) grown(ctx context.Context, before int64) (string, error) {
	if _, err := b.living(ctx); err != nil {
		return "", err
	}
	now, err := b.master.memory()
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("the master's peak memory grew by %d MiB", (now-before)>>20)
	if now-before > mostGrowth {
		return "", errors.New(text)
	}
	return text, nil
}

// memory is the most that the master's process has ever had in memory, in bytes.
func (m *master) memory() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", m.pid()))
	if err != nil {
		return 0, fmt.Errorf("the master's memory: %w", err)
	}
	for line := range bytes.Lines(text) {
		if value, found := strings.CutPrefix(string(line), "VmHWM:"); found {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("the master's memory: no VmHWM in /proc")
}
