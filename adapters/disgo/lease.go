package batondisgo

import (
	"context"
	"fmt"
	"net/http"

	"github.com/shardbaton/baton/slaveclient"
)

// UseLease implements [slaveclient.LeaseUser]. Without a lease that is held no event
// is handled, nothing is written to the gateway but the close of a connection, and
// no request is made by disgo's HTTP client: each of these asks the lease right
// before.
func (b *Bot) UseLease(l *slaveclient.Lease) { b.lease.Store(l) }

// mayAct returns nil while this process may act as the bot.
func (b *Bot) mayAct() error { return b.lease.Load().Check() }

// bind makes an HTTP client ask the lease before each request.
func (b *Bot) bind(client *http.Client) {
	by := client.Transport
	if by == nil {
		by = http.DefaultTransport
	}
	client.Transport = &leased{by: by, may: b.mayAct}
}

// leased is a transport that asks for leave before each request.
type leased struct {
	by  http.RoundTripper
	may func() error
}

func (l *leased) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := l.may(); err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // a RoundTripper has to, whatever happens
		}
		return nil, err
	}
	return l.by.RoundTrip(r)
}

// CloseIdleConnections is what http.Client.CloseIdleConnections looks for.
func (l *leased) CloseIdleConnections() {
	if by, ok := l.by.(interface{ CloseIdleConnections() }); ok {
		by.CloseIdleConnections()
	}
}

// barred returns nil while the shard may be connected. Else it waits for ctx to end,
// which it will: a shard without a lease is stopped, with the session that it has.
func (s *shard) barred(ctx context.Context) error {
	err := s.bot.mayAct()
	if err == nil {
		return nil
	}
	<-ctx.Done()
	return fmt.Errorf("batondisgo: shard %d: not connected: %w", s.id, err)
}
