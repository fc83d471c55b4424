// Package demo replaces a real bot under load, on one machine and with everything
// that takes part: a gateway in this process, a master, and bots as processes of
// their own. Then it compares what the gateway sent with what the bots handled.
package demo
