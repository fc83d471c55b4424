// Package simulate runs a whole master and whole slaves in memory, under a clock
// that is simulated, on a network and with a gateway that go wrong, and judges what
// became of every single event.
//
// What runs is the product: master.Master with its loop, timers and links, and
// slaveclient.Run with its links, workers and gate. What is simulated is what lies
// around it: the network between them ([network]), the processes ([processes]), the
// gateway ([gateway]) and a bot ([bot]) that keeps a state which every event changes.
//
// Everything that is left to chance is drawn from one seed: how many shards and
// slaves there are, how fast the network is, what goes wrong and when. The seed is
// all that is needed to see the same run again.
//
// # How exact a replay is
//
// Whatever the simulated world does is put off to an instant of its own by one
// [clock]: no two of its acts, not even the arrivals of two packets, share a
// nanosecond. Time passes only while every goroutine waits. So each act is followed
// to its last consequence before the next one, and chance is left only where one act
// wakes several goroutines of the product. On one processor, without the race
// detector, the Go scheduler runs those in order; a preemption by the real clock, a
// select with two ready cases or a map's order can still change it. TestReplay
// compares the logs of runs of the same seeds.
//
// # What is excused
//
// The file excuses.go names what the judge lets pass, each with its reason.
package simulate
