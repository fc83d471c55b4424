// Package gatewaysim is a Discord gateway that runs locally: API v10 over
// WebSocket, and the REST calls that bots make when they start. Real client
// libraries connect to it, so hand-overs can be tried, measured and judged under
// load without Discord.
//
// # What it does
//
// A client gets HELLO, identifies within the limits of Discord (buckets of
// shard_id modulo max_concurrency, a daily number of session starts), and gets
// READY and a GUILD_CREATE for each of its guilds. From then on events arrive at a
// set rate: messages, and, for one in ten, changes of a guild or a member, so that
// a cache that was handed over wrongly shows. Each event has a number that is
// unique for the gateway's life, in a message's nonce and content, a guild's
// description or a member's nickname; ledger.ParseText reads the last three.
//
// A session outlives its connection. Closing with 1000 or 1001 ends it; after any
// other end it can be resumed until it expires, and a RESUME brings the missed
// dispatches in order, then RESUMED, which has a sequence of its own. Sessions of
// different shard counts may overlap; each gets the events of its guilds.
//
// What Discord does not document is a setting with a harsh side: how much is kept
// for replay and for how long, whether heartbeats trim it, and what a RESUME does
// to a session that somebody still holds.
//
// # The judge
//
// The gateway keeps a ledger of what it sent to whom. Bots append what they
// handled to files; package ledger compares the two.
//
// # Faults and control
//
// Every fault is a method of Gateway and an endpoint under /sim on the same
// listener. Commands are POST requests without a body that answer a JSON object.
// Those on connections take shard=N or shard=all, and shards=N to choose a shard
// count, and answer {"affected": n}.
//
//	/sim/drop                 cut the TCP connection with a reset
//	/sim/reconnect            opcode 7
//	/sim/invalidate           opcode 9; resumable=true|false
//	/sim/close                close code=N
//	/sim/freeze, /sim/thaw    stop sending without closing, and go on
//	/sim/expire               end the session
//	/sim/refuse-resumes       opcode 9 to the next n=N RESUMEs; resumable=true|false
//	/sim/delay-resumes        delay=300ms; 0s ends it
//	/sim/refuse-connections   status 503 to the next n=N; -1 until further notice
//	/sim/rate                 rate=N events per second and shard
//	/sim/identify-limit       max_concurrency=N, interval=5s
//	/sim/start, /sim/stop     the generator
//	/sim/quiesce              stop the generator and wait until all is acknowledged;
//	                          timeout=1m
//
// GET /sim/stats answers Stats, GET /sim/ledger a ledger.Sent, and GET
// /sim/await?attached=N&timeout=1m waits until so many sessions are attached.
package gatewaysim
