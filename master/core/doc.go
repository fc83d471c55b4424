// Package core is the master without its sockets, processes and clock: what
// happens goes in as an [Event], what to do about it comes out as a list of
// [Effect].
//
// Every decision about a lifecycle is a row of a table in fsm/lifecycle. The
// core finds the machine that an event concerns, answers the guards from what it
// knows (which slave owns which shard, who has answered, who is linked), and
// turns the named effects of the row into values of type [Effect].
//
// # What the caller owes the core
//
//  1. One goroutine owns a core. Nothing in it blocks, and nothing is shared.
//  2. Call [Core.Step] with [Started] first, then once for every event, in the
//     order in which they were seen. Events of one link stay in order.
//  3. Run the returned effects in order, all of them, before the next Step. The
//     slice is the core's own and is overwritten by the next Step.
//  4. An effect that fails comes back as an event ([Lost], [LaunchFailed],
//     [Exited], [StateLost]); there is no other answer.
//  5. A timer is known by its value. [Arm] of an armed timer replaces it. After
//     [Disarm], or a second Arm, the earlier one never fires: the caller drops a
//     [Fired] that was on its way.
//  6. A link is one control connection and its LinkID is never used again. After
//     [Lost], or once a [CloseLink] was run, no more [Received] of it. A closed
//     link is reported by Lost, too, whoever closed it.
//  7. The caller checks launch tokens before it hands a hello to the core, and
//     reports a slave's state link, which it serves by itself, by [StateUp] and
//     [StateLost].
//
// The core never panics on what it is given. What does not fit is told as a
// [Problem] and otherwise dropped.
package core
