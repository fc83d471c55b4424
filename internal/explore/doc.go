// Package explore searches through everything that can happen to a master and its
// slaves. It drives the real cores, master/core and slaveclient/core, in a world that
// it makes up around them: processes that are killed or stand still, links that break
// and are noticed on each side for itself, timers in any order, bots that fail, and an
// operator.
//
// # The world
//
// A link is two queues, one each way. When it is cut, what is said from then on is
// lost, what was said before may still arrive, and each side notices at any time, or
// reads on for a while. A process that is killed cuts its links. One that stands still
// does nothing at all; messages queue up, and when it goes on, all of its timers are
// due. A killed master leaves behind what it had written down; of what had not become
// safe yet, any part may be lost, from some point on.
//
// What is true of a shard is what the bot has done, not what anybody says: it runs
// from the moment at which StartShard is called until StopShard has returned or the
// process is dead.
//
// # What has to hold
//
// In every state: S1, nobody runs a shard beside another, unless its lease is over by the
// clock, because then nothing that it does can be seen; S2, nobody acts on an epoch
// that is older than one that was acted on; S4, a shard is resumed only with exactly the
// records that its last owner has sent, or by that owner, or by a bot that can do without;
// S5, nobody is told to start a shard that another runs, or that one may run who is
// written down for it and has not been heard of, and when a master dies, whoever has a
// shard is written down; S6, nobody is told to end that has, or keeps, a shard which nobody
// has taken over, nobody is told to start or to stop a shard after that, and when a master
// dies, no old slave was told to end by an upgrade that is not written down as past the
// point of no return; S7, neither core meets what its tables do not foresee, nor calls an
// honest message unexpected; L3, whatever waits has its timer armed. Of the gateway's
// events: G1, none is handled twice unless a slave was killed or its lease has lapsed, and
// then none that the master knows from a checkpoint; G2, none is skipped by a RESUME; G3, a
// session is given up only if its owner was killed, its lease was over, its bot has failed,
// or it is in doubt where the shard runs.
//
// A lease counts from when the slave has sent what was answered, so that it is over
// before the master's patience with that slave is: the master's timer fires only when the
// slave's has, or the slave is dead, or stands still; then the end of the lease is the
// first thing that it notices.
//
// In the end: L1, without faults all shards are on the new slaves and the old ones are
// gone; L2, from any state, when faults stop, every shard comes to be run by the one slave
// that the master thinks has it. L2 is tried in one fair order of events, from a sample of
// the states and from all in which nothing can happen any more.
//
// # The search
//
// [Search] goes breadth first, so that a violation is told by a shortest story. Worlds
// that differ only in names, and in numbers that do nothing but grow, count as one:
// see the Canon of the cores. States are told apart by 64 bits of a keyed hash of
// their fingerprint. That two of n states share one, so that the second is not looked
// at, has a probability of about n²/2⁶⁵: 3·10⁻⁹ for 300,000 states, 3·10⁻⁶ for ten
// million.
package explore
