package main

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/shardbaton/baton/slaveclient"
)

// botEnv makes the test's binary a bot of the kind that it names.
const botEnv = "BATON_TEST_BOT"

// masterEnv makes the test's binary the command itself: a master that can be killed.
const masterEnv = "BATON_TEST_MASTER"

const (
	// deafBot says something and then does nothing, whatever it is asked.
	deafBot = "deaf"
	// paperBot does all that it is asked, with shards that exist on paper.
	paperBot = "paper"
)

func TestMain(m *testing.M) {
	if os.Getenv(masterEnv) != "" {
		if err := os.Unsetenv(masterEnv); err != nil { // its bots are bots
			fmt.Println(err)
			os.Exit(1)
		}
		main()
	}
	switch os.Getenv(botEnv) {
	case deafBot:
		fmt.Println("a deaf bot is here")
		select {}
	case paperBot:
		if err := slaveclient.Run(context.Background(), slaveclient.Config{Version: "7"}, paper{}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

// paper is a bot without a gateway.
type paper struct{}

func (paper) SoftStart(context.Context, slaveclient.Assignment) error       { return nil }
func (paper) FullStart(context.Context, slaveclient.Assignment) error       { return nil }
func (paper) Shutdown(context.Context) error                                { return nil }
func (paper) StartShardTransferFrom(context.Context) (int, error)           { return 3, nil }
func (paper) StartShardTransferTo(context.Context, int) error               { return nil }
func (paper) LoadGuildState(context.Context, int, slaveclient.Record) error { return nil }

func (paper) StartShard(_ context.Context, shard, _ int, s slaveclient.Session) (slaveclient.Started, error) {
	if s.IsZero() {
		return slaveclient.Started{Session: slaveclient.Session{ID: fmt.Sprint("session-", shard)}, Fresh: true}, nil
	}
	return slaveclient.Started{Session: s}, nil
}

func (paper) StopShard(_ context.Context, shard int, _ slaveclient.StateSender) (slaveclient.Session, error) {
	return slaveclient.Session{ID: fmt.Sprint("session-", shard), Sequence: 1}, nil
}
