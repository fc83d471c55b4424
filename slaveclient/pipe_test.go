//go:build unix

package slaveclient_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/shardbaton/baton/slaveclient"
	"github.com/shardbaton/baton/wire"
)

// childEnv makes the test binary the bot of TestALaunchedBotOutlivesTheReaderOfItsOutput.
const childEnv = "SLAVECLIENT_TEST_CHILD"

func TestALaunchedBotOutlivesTheReaderOfItsOutput(t *testing.T) {
	if os.Getenv(childEnv) != "" {
		chattyBot(t)
	}
	for _, tt := range []struct {
		name, token string
		outlives    bool
	}{
		{"launched by a master", "token", true},
		{"started by hand, where Go's default is left alone", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			socket := t.TempDir() + "/baton.sock"
			m := listen(t, "unix", socket)
			child := exec.Command(os.Args[0], "-test.run=^TestALaunchedBotOutlivesTheReaderOfItsOutput$")
			child.Env = append(os.Environ(), childEnv+"=1",
				slaveclient.EnvAddr+"=unix:"+socket, slaveclient.EnvToken+"="+tt.token)
			stdout, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			control, _, _ := m.link()
			_ = stdout.Close() // the master has died, and another one goes on
			control.send(wire.EvtFullStart, &wire.StartData{NumShards: 1, Shards: []wire.ShardInfo{{Shard: 0, Epoch: 1}}})
			msg, lives := control.next()
			if lives != tt.outlives || lives && msg.Event != wire.EvtResume {
				t.Errorf("the bot lives: %t (%s), want %t", lives, msg.Event, tt.outlives)
			}
			if lives {
				expect[*wire.StartData](control, wire.EvtFullStart)
				control.sendShutdown()
				expect[any](control, wire.EvtShutdown)
			}
			if err := child.Wait(); (err == nil) != tt.outlives {
				t.Errorf("the bot's process ended with %v", err)
			}
		})
	}
}

// chattyBot is a bot that prints while it starts a shard, and its whole process.
func chattyBot(t *testing.T) {
	t.Helper()
	bot := &testBot{t: t, numShards: 1}
	bot.start = func(context.Context, int, slaveclient.Session) (slaveclient.Started, error) {
		if _, err := fmt.Println("starting"); err == nil {
			os.Exit(3) // somebody reads, so this would prove nothing
		}
		return slaveclient.Started{Session: session(0), Fresh: true}, nil
	}
	if err := slaveclient.Run(t.Context(), slaveclient.Config{}, bot); err != nil {
		os.Exit(4)
	}
	os.Exit(0)
}
