// Package master replaces the processes of a sharded chat bot without its
// gateway sessions noticing.
//
// A [Master] listens for slaves, the bot's processes, and launches them; it cold
// starts them, brings back those that end, and upgrades them: the new process is
// started beside the old one, shard by shard the state and the session go over,
// and the old one is retired.
//
//	m, err := master.New(master.Config{Command: []string{"./bot"}})
//	...
//	l, err := master.Listen("unix:/run/bot/baton.sock", false)
//	...
//	go func() { served <- m.Serve(ctx, l) }()
//	...
//	u, err := m.Upgrade(ctx, master.Plan{Command: []string{"./bot-v2"}})
//	...
//	result, err := u.Wait(ctx)
//
// What to do about what happens is decided by package core, which knows neither
// sockets nor processes nor time; this package is its shell.
//
// # Links and goroutines
//
// One goroutine, that of [Master.Serve], owns the core and never waits for a
// slave. Each connection has a goroutine that reads it. A slave of dialect 2 has
// two connections: control, and one that carries nothing but the state of shards
// that move, so that gigabytes of state delay no request. State is passed on
// undecoded, a record at a time, by the goroutine that read it: a target that
// reads slowly holds up the one source that sends to it, with all of that
// source's shards, and nobody else.
//
// # Trust
//
// A connection carries no credentials of its own. [Listen] therefore opens unix
// sockets for their owner and loopback addresses only, unless it is told
// otherwise. The token that a launched slave repeats in its hello keeps slaves
// apart; it does not keep people out.
package master
