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
// # The search
//
// [Search] goes breadth first, so that a violation is told by a shortest story. Worlds
// that differ only in names, and in numbers that do nothing but grow, count as one:
// see the Canon of the cores. States are told apart by 64 bits of a keyed hash of
// their fingerprint. That two of n states share one, so that the second is not looked
// at, has a probability of about n²/2⁶⁵: 3·10⁻⁹ for 300,000 states, 3·10⁻⁶ for ten
// million.
package explore
