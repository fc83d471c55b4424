// Package chaos breaks things while a real bot is replaced, and lets a ledger judge
// what came of it.
//
// A run is made of cells. Each has a gateway of its own, a master as a process, and
// bots as processes that the master launches. Under load an upgrade is asked for; at
// the moment at which it is first seen to be in the cell's phase, the cell's victim
// suffers the cell's fault. Then the cell waits until the upgrade has ended in
// whatever way and every shard is served, and compares what the gateway sent with
// what the bots handled.
//
// Other cells launch a new bot that is bad: it cannot start, hangs, or turns unhealthy.
// Their upgrades must go back.
//
// The phases are the states of the tables [lifecycle.Upgrade] and [lifecycle.Move]:
// none that is added there is forgotten here. One that no run passes through is
// reported as such.
package chaos
