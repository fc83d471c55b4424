package batondisgo

import (
	"context"
	"log/slog"
)

// lifeHandler passes on what a life's gateway logs. It names the shard, which a
// parked gateway does not know, and is silent once the connection is over: what
// disgo has to say then is that it may not reconnect.
type lifeHandler struct {
	slog.Handler
	life *life
}

func (b *Bot) lifeLogger(l *life) *slog.Logger {
	return slog.New(&lifeHandler{Handler: b.client.Logger.Handler(), life: l})
}

// Enabled is disgo's way to find out whether to format a message at all.
func (h *lifeHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return !h.life.link.isOver() && h.Handler.Enabled(ctx, level)
}

// Handle adds the shard.
func (h *lifeHandler) Handle(ctx context.Context, r slog.Record) error {
	if s := h.life.shard.Load(); s != nil {
		r.AddAttrs(slog.Int("shard", s.id))
	} else {
		r.AddAttrs(slog.String("shard", "parked"))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs drops the shard that disgo names.
func (h *lifeHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	var kept []slog.Attr
	for _, a := range attrs {
		if a.Key != "shard_id" && a.Key != "shard_count" {
			kept = append(kept, a)
		}
	}
	return &lifeHandler{Handler: h.Handler.WithAttrs(kept), life: h.life}
}

// WithGroup keeps the life.
func (h *lifeHandler) WithGroup(name string) slog.Handler {
	return &lifeHandler{Handler: h.Handler.WithGroup(name), life: h.life}
}
