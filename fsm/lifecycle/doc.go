// Package lifecycle holds the tables by which master and slaves live: the one
// place where a transition is written. What runs, what is checked and what is
// drawn all comes from here.
//
// The master's tables are [Master], [Link], one per connection, [Lease], one per
// slave, [Share], one per share of the shards, [Upgrade], one per run, and [Move], one
// per shard of a run.
// The slave's are [Slave] and [Shard]. [All] lists them for drawing.
//
// A table names its guards and effects and knows nothing else: the guards ask a
// view, an interface of this package that the core implements, and the effects are
// bound to the core by name. The names of the deadlines, and how long they are, are
// in [Deadlines] and [SlaveDeadlines].
package lifecycle
