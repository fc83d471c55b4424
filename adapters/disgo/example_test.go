package batondisgo_test

import (
	"context"
	"fmt"
	"os/signal"
	"syscall"

	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/cache"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/gateway"

	batondisgo "github.com/shardbaton/baton/adapters/disgo"
	"github.com/shardbaton/baton/slaveclient"
)

// A whole bot: its listeners and caches as they were, and Run in place of
// OpenShardManager.
func Example() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	b, err := batondisgo.New("MTEwMDAwMDAwMDAwMDAwMDAwMA.of.a-bot", batondisgo.Config{
		Client: []bot.ConfigOpt{
			bot.WithCacheConfigOpts(cache.WithCaches(cache.FlagGuilds, cache.FlagMembers)),
			bot.WithEventListenerFunc(func(e *events.MessageCreate) {
				fmt.Println(e.Message.Author.Username, "says", e.Message.Content)
			}),
			bot.WithEventListeners(batondisgo.Async(func(e *events.GuildJoin) {
				fmt.Println("a welcome that takes its time for", e.Guild.Name)
			})),
		},
		Gateway: []gateway.ConfigOpt{
			gateway.WithIntents(gateway.IntentGuilds, gateway.IntentGuildMessages, gateway.IntentMessageContent),
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	// The master that launches this program says where it is.
	err = slaveclient.Run(ctx, slaveclient.Config{}, b)
	fmt.Println(err)
	// Output: slaveclient: config: Addr is empty and $BATON_ADDR is not set: want the master's address, as in "unix:/run/baton.sock"
}
