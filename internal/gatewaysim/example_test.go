package gatewaysim_test

import (
	"context"
	"fmt"
	"net"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

// A gateway serves on a listener that the caller makes; bots are pointed at its
// REST address and find the rest from there.
func Example() {
	gateway, err := gatewaysim.New(gatewaysim.Config{Shards: 16, Rate: 100})
	if err != nil {
		fmt.Println(err)
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- gateway.Serve(ctx, listener) }()

	urls := gatewaysim.URLsOf(listener.Addr().String())
	_ = urls.REST // for disgo: bot.WithRestClientConfigOpts(rest.WithURL(urls.REST))

	stop()
	fmt.Println(<-ended)
	// Output: <nil>
}
