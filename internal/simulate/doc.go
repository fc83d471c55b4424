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
// wakes several goroutines of the product. On one processor the Go scheduler runs
// those in order, unless the real clock interferes: it takes the processor away from
// whoever has had it for 10 ms. A select with two ready cases, a map's order, and the
// race detector, which shuffles what could run, can change the order, too.
//
// Measured: of 300 seeds played twice without the race detector, on a machine that
// others used, 297 were the same to the nanosecond; the rest were when they were
// played again. With the race detector about two of three are. TestReplay checks it.
//
// # What is excused
//
// The file excuses.go names what the judge lets pass, each with its reason.
package simulate
