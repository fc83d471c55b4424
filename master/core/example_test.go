package core_test

import (
	"fmt"

	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// A slave connects to a master that launches nothing, and is told to start both shards.
func Example() {
	c, err := core.New(core.Options{Shards: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	hello := &wire.SlaveHelloData{Protocol: 2, SlaveID: "bot-1"}
	for _, event := range []core.Event{
		core.Started{},
		core.Opened{Link: 1},
		core.Received{Link: 1, Type: wire.EvtSlaveHello, Data: hello},
		core.StateUp{Slave: "bot-1"},
	} {
		for _, effect := range c.Step(event) {
			switch e := effect.(type) {
			case core.Send:
				fmt.Println("send", e.Type, "on link", e.Link)
			case core.Arm:
				fmt.Println("wait", e.After, "for:", e.Name)
			}
		}
	}
	for _, shard := range c.Status().Shards {
		fmt.Println("shard", shard.Shard, "belongs to", shard.Owner)
	}
	// Output:
	// wait 15s for: relaunch
	// wait 10s for: hello
	// wait 15s for: state link
	// send EvtWelcome on link 1
	// wait 10s for: silence
	// wait 5m0s for: cold start
	// send EvtFullStart on link 1
	// shard 0 belongs to bot-1
	// shard 1 belongs to bot-1
}

// The reason why an upgrade did not begin can be told apart.
func ExampleUpgradeError() {
	c, err := core.New(core.Options{Shards: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	c.Step(core.Started{})
	for _, effect := range c.Step(core.UpgradeAsked{Upgrade: "v2"}) {
		if f, ok := effect.(core.Finish); ok {
			fmt.Println(f.Result.Err)
		}
	}
	// Output:
	// upgrade v2 did not begin: no slave to replace: no slave serves; the next one that is launched runs the new version
}

func ExampleRanges() {
	fmt.Println(core.Ranges([]int{0, 1, 2, 3, 7, 9, 10}))
	// Output: 0-3,7,9-10
}
