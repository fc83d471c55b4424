// Package core is a slave's side of the protocol without a socket, a clock, a
// goroutine or a logger.
//
// [Core.Step] takes one event and returns effects. Two cores that are given the
// same events return the same effects. The caller's obligations:
//
//  1. One goroutine owns a core, and its first event is [Begin].
//  2. Effects are run in order, before the next event is given.
//  3. Every [Call] comes back as one event, every [Load] as a [Loaded], and
//     every [Dial] as a [LinkUp] or a [LinkDown]; an established link that is
//     lost comes back as a LinkDown. After a [CloseLink] nothing more is said
//     about that link.
//  4. Calls and loads of one shard run one at a time, in the order of the
//     effects; those for no shard likewise. Those of different shards do not
//     wait for each other, and [CallHealth] waits for none. [CallShutdown] runs alone: all others have ended.
//  5. A timer that was armed and neither disarmed nor armed anew comes back as
//     one [Fired]. A [Fired] that was on its way when its timer was disarmed or
//     armed anew is not given to the core.
//  6. Messages of one link are given in the order in which they came.
//  7. Where the clock says that the lease is over, see [Hold], the [Fired] that says
//     so comes before any other event.
//  8. After [End] nothing more is given.
//
// What may happen in which state stands in the tables lifecycle.Slave and
// lifecycle.Shard. This package decides what is not a matter of states: which
// epoch a request may have, what an answer says, and whether the state that came
// is whole.
package core
