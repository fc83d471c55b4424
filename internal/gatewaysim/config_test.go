package gatewaysim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

func TestTheZeroConfigIsValid(t *testing.T) {
	if err := (gatewaysim.Config{}).Validate(); err != nil {
		t.Fatal(err)
	}
}

func TestValidateNamesEveryFieldThatIsOutOfRange(t *testing.T) {
	cfg := gatewaysim.Config{
		Shards: -1, GuildsPerShard: -1, GuildBytes: -1, Rate: -1, StateEvery: -1, Token: "x", DisallowedIntents: 1 << 40,
		MaxConcurrency: -1, IdentifyInterval: -1, SessionStarts: -1, HeartbeatInterval: -1, HeartbeatGrace: -1, AckDelay: -1,
		ReplaySize: -1, BacklogSize: -1, SessionExpiry: -1, AttachedResume: 7, SendLimit: -1, SendWindow: -time.Second, RTT: -1, LedgerSize: -1, AuthenticateWithin: -1,
	}
	err := cfg.Validate()
	if err == nil {
		t.Fatal("want an error, got none")
	}
	for _, field := range []string{
		"Shards", "GuildsPerShard", "GuildBytes", "Rate", "StateEvery", "Token", "DisallowedIntents", "MaxConcurrency",
		"IdentifyInterval", "SessionStarts", "HeartbeatInterval", "HeartbeatGrace", "AckDelay", "ReplaySize", "BacklogSize",
		"SessionExpiry", "AttachedResume", "SendLimit", "SendWindow", "RTT", "LedgerSize", "AuthenticateWithin",
	} {
		if !strings.Contains(err.Error(), "gatewaysim: "+field+": ") {
			t.Errorf("%s is not named in:\n%v", field, err)
		}
	}
	if _, err := gatewaysim.New(cfg); err == nil {
		t.Error("New took a config that Validate refuses")
	}
}
