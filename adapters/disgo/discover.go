package batondisgo

import (
	"context"
	"fmt"

	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/rest"
)

// discovery is what GET /gateway/bot says.
type discovery struct {
	url     string
	limiter gateway.IdentifyRateLimiter
}

// discover asks Discord once; a failure is asked again by the next caller.
//
// See https://discord.com/developers/docs/events/gateway#get-gateway-bot.
func (b *Bot) discover(ctx context.Context) (discovery, error) {
	select {
	case b.asking <- struct{}{}:
		defer func() { <-b.asking }()
	case <-ctx.Done():
		return discovery{}, context.Cause(ctx)
	}
	if b.discovered.url != "" {
		return b.discovered, nil
	}
	answer, err := b.client.Rest.GetGatewayBot(rest.WithCtx(ctx))
	if err != nil {
		return discovery{}, fmt.Errorf("batondisgo: ask for the gateway: %w", err)
	}
	limiter := b.cfg.IdentifyRateLimiter
	if limiter == nil {
		limiter = gateway.NewIdentifyRateLimiter(
			gateway.WithIdentifyMaxConcurrency(max(1, answer.SessionStartLimit.MaxConcurrency)),
			gateway.WithIdentifyRateLimiterLogger(b.client.Logger),
		)
	}
	b.discovered = discovery{url: answer.URL, limiter: limiter}
	return b.discovered, nil
}
