// Package slaveclient is the SDK of a bot that Baton can replace while it runs.
//
// A bot implements [Bot] and calls [Run] from its main function. Run connects to
// the master, calls the bot back when the master says so, and returns when this
// process is no longer needed. The bot never talks to the master itself.
//
// # What a bot promises
//
//   - [Bot.StopShard] returns when no handler that it waits for runs any more and
//     the shard's state has been sent. The session that it returns carries the
//     sequence of the last event that was handled, never of the last that was
//     received. A [Gate] around the library's dispatch keeps that promise.
//   - [Bot.StartShard] returns when the gateway has said RESUMED or READY, not
//     when the request has been sent.
//   - A callback returns when its context ends.
//
// # What Run promises
//
//   - Callbacks that concern one shard never overlap; those of different shards
//     run in parallel. The callbacks that concern no shard come one at a time.
//   - [Bot.StartShard] with a session is called only after the whole of that
//     shard's state went through [Bot.LoadGuildState], each record once and in
//     order, and its digest proved right.
//   - [Bot.FullStart] is called at most once in the life of a process.
//   - An error that a callback returns, and a panic in one, is reported to the
//     master as a failure, never as success.
//   - Without a master the bot goes on serving: Run keeps calling the master and
//     reports what the bot runs as soon as there is one again.
//   - A master that grants leases can rely on that a shard of a slave which it has not
//     answered for the lease has stopped, or does nothing that can be seen: Run stops
//     it, and a bot that asks its [Lease] is on the safe side until then. Without
//     leases a shard stops only when the master says so.
//   - Before the end every shard that runs is stopped, and the master is told with
//     which sessions, so that whoever starts next can resume them.
//   - Before Run returns, every goroutine that it started has ended.
//
// # Dialects
//
// Run offers dialect 2 and falls back to dialect 1, the wire of the YAGPDB master
// v1.5.2, when the master does not take it. A bot need not care, with two
// exceptions: dialect 1 carries only records of kind [KindGuild], and knows
// neither pre-copy nor arming nor a resume URL.
package slaveclient
