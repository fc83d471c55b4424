// Package batondisgo makes a bot that uses the disgo library
// (github.com/disgoorg/disgo, pinned to v0.19.6) replaceable while it runs.
//
// A bot that was
//
//	client, err := disgo.New(token, opts...)
//	err = client.OpenShardManager(ctx)
//
// becomes
//
//	b, err := batondisgo.New(token, batondisgo.Config{Client: opts})
//	err = slaveclient.Run(ctx, slaveclient.Config{}, b)
//
// and keeps its listeners, its caches and its REST calls. disgo's own gateway
// still speaks to Discord; this package owns the connection beneath it and the
// dispatch above it.
//
// # Handing over
//
// Every event passes a [slaveclient.Gate] on its way from disgo's read loop to
// disgo's handlers, and disgo updates its caches inside these handlers. So the
// sequence that a shard's new owner gets is that of the last event that was
// handled, and the state that it gets is the state after that event. Listeners
// run one at a time, as disgo runs them; see [Async] for those that are slow.
//
// disgo's caches travel as records, one for each guild, in the encoding that
// Discord itself uses. While the shard still runs everything is sent once, and
// when it stops, only the single entities that changed since. Whatever disgo
// does not cache (see cache.WithCaches) is not state. A bot's own state travels
// by a [State].
//
// # What differs from disgo's own shard manager
//
// A gateway of disgo lives for one connection here. When the connection ends,
// for whatever reason, disgo may not dial again: this package resumes the
// session on a new gateway, from the last event that was handled, and asks for a
// fresh session only after the gateway has refused the old one [Config.Refusals]
// times or [Config.ResumeFor] is over. That is because disgo forgets its session
// after any failure before RESUMED, ends it with close code 1000, and keeps
// trying to reconnect after it was closed.
//
// A gateway that is not reached at all has refused nothing. A shard that runs then
// keeps its session, for its next owner if need be; one that is being started with
// a session fails after [Config.ReachFor], so that somebody else can take it over
// in time.
//
// disgo waits for one second before it dials. Gateways are therefore kept
// parked: disgo has waited, dialled, and believes that it is connected; the
// connection that it holds is only joined to Discord when there is a session to
// resume.
//
// A heartbeat of disgo acknowledges events that it has received and not yet
// handled. Here it carries the last one that was handled.
//
// # Health
//
// The bot counts as unhealthy, see [slaveclient.HealthChecker], when a shard that it
// runs has been without a connection for longer than [Config.Unwell], or went down
// for good. [Config.Health] is asked as well: whether a database answers, say. While
// an upgrade watches the new process, that is a reason for it to go back.
//
// # Leases
//
// Where the master grants leases, see [slaveclient.Lease], each event, each write to
// the gateway and each REST request asks the lease right before. Requests are
// held back by the transport of disgo's HTTP client: whoever shares that client,
// given by rest.WithHTTPClient, for something else finds it barred as well. Voice
// connections are not watched over.
//
// # What does not travel
//
// Voice connections, requests for members that wait for their chunks, and REST
// rate limits belong to a process. Of what disgo caches, disgo cannot encode one
// thing: the member of a message's thread (Message.Thread.Member).
//
// A cache of one's own (cache.WithGuildCache and the like) keeps its storage, but
// is reached through disgo's standard methods.
//
// # Compression
//
// The default is no transport compression, rather than disgo's zstd: disgo can
// crash when it notices a lost heartbeat while a zstd stream is being decoded.
// gateway.WithCompression(gateway.CompressionZlibStream) saves bandwidth.
//
// # Races in disgo v0.19.6
//
// disgo's gateway has data races of its own that nothing outside can order, so a
// test that opens and closes a connection under the race detector reports them:
//
//   - heartbeatCancel is written by the heartbeat goroutine and read by whoever
//     closes the gateway. If the read comes first, that heartbeat goes on; it
//     then finds its dials barred and ends.
//   - lastHeartbeatSent and lastHeartbeatReceived are written and read by the
//     read loop, the heartbeat goroutine and Latency. The latency that this
//     package reports is its own.
//   - LastSequenceReceived is written by the read loop and read by the heartbeat
//     goroutine; the heartbeat rule above makes what it reads harmless. SessionID
//     and ResumeURL are read without a lock too; this package takes both from
//     READY and reads neither while the gateway runs.
//
// The tests therefore run with that package left out of the instrumentation, and
// with package context, in which the first of these races shows: the context that
// the heartbeat goroutine makes is ended by somebody else. Everything else is
// checked:
//
//	go test -race -gcflags=github.com/disgoorg/disgo/gateway=-race=false -gcflags=context=-race=false ./...
package batondisgo
