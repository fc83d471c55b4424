package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/disgoorg/disgo/bot"

	batondisgo "github.com/shardbaton/baton/adapters/disgo"
	"github.com/shardbaton/baton/slaveclient"
)

// The ways in which this bot can be asked to misbehave: test aids, so that it can be
// seen how an upgrade to a bad version goes back.
const (
	cannotStart   = "cannot-start"    // ends before it connects to the master
	failFullStart = "fail-full-start" // fails when all shards are here
	hangFullStart = "hang-full-start" // does not come back then, for as long as it may
	failResume    = "fail-resume"     // cannot start one shard
	loseGateway   = "lose-gateway"    // is cut off from the gateway once it runs a shard
	unhealthy     = "unhealthy"       // says that it is not well once it runs a shard
)

// misbehaveUsage is the flag's.
const misbehaveUsage = "a test aid: be a bad version of the `KIND` " + cannotStart + ", " + failFullStart + ", " +
	hangFullStart + "[=DEADLINE], " + failResume + "=SHARD, " + loseGateway + " or " + unhealthy

// unwellAfter is how soon a bot that loses its gateway says so.
const unwellAfter = 500 * time.Millisecond

// vice is what a bot was asked to do wrong. The zero value is a bot that does not.
type vice struct {
	kind  string
	shard int           // of failResume
	limit time.Duration // of hangFullStart; 0 is the usual one
}

// Set implements [flag.Value].
func (v *vice) Set(text string) (err error) {
	kind, value, valued := strings.Cut(text, "=")
	*v = vice{kind: kind}
	switch {
	case kind == failResume && valued:
		v.shard, err = strconv.Atoi(value)
	case kind == hangFullStart && valued:
		v.limit, err = time.ParseDuration(value)
	case valued || kind == failResume:
		return errors.New("want " + failResume + "=SHARD, or a kind without a value")
	}
	switch kind {
	case cannotStart, failFullStart, hangFullStart, failResume, loseGateway, unhealthy:
		return err
	default:
		return fmt.Errorf("there is no kind %q", kind)
	}
}

// String implements [flag.Value].
func (v *vice) String() string { return v.kind }

// error is the failure that was asked for.
func (v *vice) error() error { return fmt.Errorf("--misbehave %s asks for this", v.kind) }

// fullStart fails where the bot's full start is to fail.
func (v *vice) fullStart(ctx context.Context) error {
	switch v.kind {
	case failFullStart:
		return v.error()
	case hangFullStart:
		<-ctx.Done()
		return context.Cause(ctx)
	}
	return nil
}

// spoil makes the config, and the deadline of the full start, as they are to be. It
// returns the way to the gateway, which nothing goes unless it is going to be cut.
func (v *vice) spoil(config *batondisgo.Config, fullStart *time.Duration) *wire {
	*fullStart = v.limit
	w := new(wire)
	switch v.kind {
	case loseGateway:
		config.Dial, config.Unwell = w.dial, unwellAfter
	case unhealthy:
		config.Health = func(_ context.Context, c *bot.Client) error {
			for range c.ShardManager.Shards() {
				return v.error()
			}
			return nil
		}
	}
	return w
}

// misbehaving is a bot that does wrong when it starts a shard.
type misbehaving struct {
	*batondisgo.Bot
	vice *vice
	wire *wire
}

// StartShard implements [slaveclient.Bot].
func (m *misbehaving) StartShard(ctx context.Context, id, numShards int, session slaveclient.Session) (slaveclient.Started, error) {
	if m.vice.kind == failResume && m.vice.shard == id {
		return slaveclient.Started{}, m.vice.error()
	}
	started, err := m.Bot.StartShard(ctx, id, numShards, session)
	if err == nil && m.vice.kind == loseGateway {
		m.wire.cut()
	}
	return started, err
}

// wire is the way to the gateway, which can be cut for good.
type wire struct {
	mu    sync.Mutex
	isCut bool
	conns []net.Conn
}

func (w *wire) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.isCut {
		return nil, errors.Join(errors.New("this way is cut"), conn.Close())
	}
	w.conns = append(w.conns, conn)
	return conn, nil
}

// cut ends every connection, and lets none come about any more.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.isCut = true
	for _, conn := range w.conns {
		_ = conn.Close() // it may be closed
	}
}
