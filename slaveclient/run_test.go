package slaveclient_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

func TestABotIsStartedAndShutDownByItsMaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := &testBot{t: t, numShards: 2}
		m := run(t, t.Context(), bot, slaveclient.Config{NumShards: 2, Version: "v7", Token: "secret"})
		control, state, hello := m.link()
		if hello.Running || hello.Protocol != 2 || hello.Token != "secret" || hello.Version != "v7" || hello.NumShards != 2 {
			t.Errorf("hello %+v", hello)
		}
		m.coldStart(control, 2)
		m.shutDown(control)
		if _, ok := state.next(); ok {
			t.Error("the state link is still open")
		}
		for _, call := range []string{"StartShard 0/2 ", "StartShard 1/2 ", "FullStart 2 [0 1]", "Shutdown"} {
			if n := bot.count(call); n != 1 {
				t.Errorf("%q was called %d times, want once; calls: %q", call, n, bot.called())
			}
		}
	})
}

func TestAnOwnersContextEndsTheBotInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		bot := &testBot{t: t, numShards: 1}
		m := run(t, ctx, bot, slaveclient.Config{})
		control, _, _ := m.link()
		m.coldStart(control, 1)
		cancel()
		expect[any](control, wire.EvtShutdown)
		if err := <-m.ran; err != nil {
			t.Errorf("Run: %v, want nil", err)
		}
		if bot.count("Shutdown") != 1 {
			t.Errorf("calls %q, want one Shutdown", bot.called())
		}
	})
}
