// Package testbed is what a run of the real thing on one machine stands on: a local
// gateway that sends events, and the bot that handles them as a process of its own.
package testbed
