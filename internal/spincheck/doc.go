// Command spincheck checks the tables of fsm/lifecycle with the model checker
// SPIN. It writes the models from the tables when it runs, so that none is stale.
//
// Each table is checked by itself, in two forms:
//
//   - free ([fsm.PromelaFree]): no pair of state and event is left undecided, and
//     every state and every row is reached.
//   - timed ([fsm.PromelaTimed]): the same with deadlines that fire only where they
//     are armed, so that a row for a deadline which is never armed is found; and
//     the two properties left and settles of that form.
//
// The tables move and shard are checked together as well ([fsm.PromelaGlued]), joined
// by the glue in handover.pml: see there for what is modelled and what has to hold.
// The glue means something by each guard and each effect of the two tables, so it
// changes when these do.
//
// Before all that it checks itself: each kind of defect is made on purpose, and the
// search for it has to fail. It ends with status 1 when anything is found, and
// names the state, the row, or the way that leads there.
package main
