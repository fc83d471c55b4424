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
//
// # Who has a shard
//
// The registry says for each shard which slave runs it, or may run it, since which
// epoch. A shard is given to a slave when that is told to start it, not when it
// answers. It is taken away by the slave's own word (it has stopped, or it could
// not start the shard), by proof of its death ([Exited] of a process that a master
// launched; the operator's [ForgetAsked]; for a slave that was not launched, the end of
// its link after it has said goodbye), by the end of its lease where leases are used,
// and by nothing else. A shard that a slave was told to start, and never spoke of, is in
// doubt: nobody else gets it, and the slave is told again what to start when it is back,
// or says in its hello or a heartbeat of that epoch what became of it.
//
// Each attempt to give a shard to somebody has an epoch of its own, greater than all
// before: the hand-over to a new slave, the way back, a start without a session, and
// another try at a cold start. Epochs outlive changes of the number of shards, and
// masters.
//
// A shard whose owner is gone is started with the session that was reported last, if
// the bot of whoever gets it says that it can do without the state ([wire.SlaveHelloData]
// Stateless), and without a session otherwise.
//
// # The journal
//
// What the next master needs is written down by [Journal]. Three things are waited for
// until they are safe: that a slave exists, before it is given anything; who takes part
// in an upgrade, before anything is asked of them; and that an upgrade is past the point
// of no return, before an old slave is told to end. Owners, epochs and sessions are
// written without waiting, so the journal may be behind: those who exist say what they
// run when they are back, and nothing that nobody says to run is started before all have
// said it, or are known to be dead. No shard in the dark waits for a disk.
//
// # Leases
//
// A slave with a lease stops its shards when it was not answered for that long, counted
// from when it sent what was answered. The master counts from its answer, and longer;
// then it treats the slave as dead.
//
// # Requests
//
// A request is put to a slave once on each of its links, until it is answered: when
// the slave comes back, what is open is said again. Slaves of dialect 2 know a
// request that is repeated by its epoch. One of dialect 1 is asked only once, because
// it sends its old answers again at every reconnect; if the request was lost, a
// deadline passes.
//
// A slave that has lost its link for state only still hears what it is told, but no
// move is begun with it.
//
// # Outside upgrades
//
// The shards are divided into shares, see lifecycle.Share. Slaves start one after
// another. A shard that does not come up is tried again by the slave that has the
// others, less and less often. A slave that comes by itself serves the first share
// that nobody serves; otherwise it is a spare, which is taken when a share's slave
// dies or an upgrade needs a new one.
//
// # Upgrades
//
// All slaves are replaced by as many as the options give, or those named one to one.
// Spares that have connected are used first, unless the plan names a command; others
// are launched, or awaited where nothing can be launched. Shards that nobody has are
// started on the new slaves without a session.
//
// Until it is sealed an upgrade goes back when something fails, when the bot of a new
// slave says that it is not well, when a pause runs out, or on [AbortAsked]: what is on
// its way comes to rest, and then each shard that had moved moves again, with the state
// that has changed, by the same rows of lifecycle.Move in the other direction. Shards of
// a new slave that died go back to the session that the old one has kept. Where the old
// slave is dead, its shards go to the new one, and the upgrade ends as done. With a new
// number of shards the old slaves stop handling events before the new ones begin, so no
// event is handled twice, and those between are lost; an old slave that cannot be told,
// or does not answer and cannot be killed, keeps the new ones from beginning.
//
// An upgrade that an earlier master has left open is taken up: when all who take part
// have said what they run, it goes on if it was past the point of no return, and back, or
// to a pause where the plan says so, if not.
//
// # Dialect 1
//
// A slave that could speak dialect 2 is not welcomed into it while it would have to
// take over from one that speaks dialect 1; when it connects anew after that, it is.
// A v1.5.2 slave is started only when nobody else has a shard, because it starts
// every shard. The number of its shards is what it says when it is first replaced.
// One that loses its link when its last shard has moved is taken to have ended; a
// hello that says nothing but "I was here before" is matched only if exactly one such
// slave is missing. State of a shard that may not have reached the new slave sends the shard back. The
// old slave is given a shard back, or a fresh slave a shard that nobody has, by the
// same Resume that the seed uses.
package core
