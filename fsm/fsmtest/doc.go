// Package fsmtest proves that a machine of package fsm does what its table says.
//
// The proof reads the table anew, in the plainest way, and shares nothing with
// the engine's own preparation of it.
package fsmtest
