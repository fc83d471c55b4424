// Command baton replaces the processes of a sharded bot without losing an event.
//
// baton serve launches a bot and coordinates its processes, baton upgrade
// replaces them, baton status shows them. baton demo shows all of it on this
// machine alone. Run baton help for the rest.
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	c := &cli{out: os.Stdout, err: os.Stderr, notify: notify}
	os.Exit(c.run(context.Background(), os.Args[1:]))
}

// notify has signals sent to a channel until stop is called.
func notify(signals ...os.Signal) (received <-chan os.Signal, stop func()) {
	ch := make(chan os.Signal, 4)
	signal.Notify(ch, signals...)
	return ch, func() { signal.Stop(ch) }
}
