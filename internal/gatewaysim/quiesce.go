package gatewaysim

import (
	"context"
	"fmt"
	"strings"
)

// Quiesce stops the generator and returns when every live session has a
// connection that was sent everything, and its client has acknowledged the last
// dispatch by a heartbeat. Nobody waits for the regular heartbeat: behind the last
// dispatch the gateway asks for one (opcode 1).
//
// The acknowledgement says that the client has read every dispatch and come to
// the request behind them. A client that runs its handlers in its read loop, as
// disgo does by default, has finished them by then. One that hands events to other
// goroutines has not necessarily; judge it after its process has ended.
//
// A session without a connection keeps Quiesce waiting until it is resumed or
// expires. When ctx ends first, the error names the sessions that are missing.
func (g *Gateway) Quiesce(ctx context.Context) (Stats, error) {
	g.StopEvents()
	g.ask(true)
	defer g.ask(false)
	st, err := g.Await(ctx, func(st Stats) bool { return len(st.outstanding()) == 0 })
	if err != nil {
		return st, fmt.Errorf("gatewaysim: not quiet yet: %s: %w", strings.Join(st.outstanding(), "; "), err)
	}
	return st, nil
}

func (g *Gateway) ask(on bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asking = on
	for c := range g.conns {
		if on {
			c.asked = 0
		}
		c.poke()
	}
}

// outstanding names the sessions that have not acknowledged everything.
func (st Stats) outstanding() []string {
	var names []string
	for _, s := range st.Sessions {
		switch {
		case !s.Attached:
			names = append(names, fmt.Sprintf("shard %v has no connection", s.Stream))
		case s.Acknowledged < s.Sequence:
			names = append(names, fmt.Sprintf("shard %v acknowledged %d of %d", s.Stream, s.Acknowledged, s.Sequence))
		}
	}
	return names
}

// AskProgress has each session's client asked for one heartbeat (opcode 1) as soon as
// it was sent a dispatch beyond the sequence that is given for the session, 0 where
// none is. The heartbeat says, as for Quiesce, that the client has come so far.
func (g *Gateway) AskProgress(beyond map[string]int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		s.wanted, s.beyond = true, beyond[s.id]
		if s.conn != nil {
			s.conn.poke()
		}
	}
}
