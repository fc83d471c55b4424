package slaveclient_test

import (
	"context"
	"fmt"

	"github.com/shardbaton/baton/slaveclient"
)

// A shard's gate, through the life of the shard.
func ExampleGate() {
	gate := slaveclient.NewGate()

	// StartShard, before connecting. After an IDENTIFY it would be 0.
	gate.Open(41)

	// The library's dispatch.
	gate.Handle(42, func() { fmt.Println("handled 42") })

	// StopShard. Then close the connection, with a code other than 1000 and 1001.
	last, err := gate.Release(context.Background())
	fmt.Println("the next owner resumes after", last, err)

	// What the library still has in its buffers is the next owner's.
	fmt.Println("43 was handled:", gate.Handle(43, func() {}))

	// Shutdown.
	<-gate.Drained()

	// Output:
	// handled 42
	// the next owner resumes after 42 <nil>
	// 43 was handled: false
}
