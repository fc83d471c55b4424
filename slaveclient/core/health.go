package core

import (
	"fmt"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

// health is what the slave knows of the bot's own health check.
type health struct {
	begun   bool   // one was begun since the slave has something to do
	asking  bool   // one is under way
	verdict string // of the last: why it fails, or nothing
}

// mindHealth has the first check begin when the slave has something to do, and
// forgets the verdict when it has nothing.
func (c *Core) mindHealth() {
	switch idle := c.slave.State() == lifecycle.SlaveIdle; {
	case idle:
		c.health.begun, c.health.verdict = false, ""
	case !c.health.begun:
		c.check()
	}
}

// check has the bot asked for its health, unless it has not answered yet.
func (c *Core) check() {
	if !c.options.Health || c.health.asking || c.closing() || c.slave.State() == lifecycle.SlaveIdle {
		return
	}
	c.health.begun, c.health.asking = true, true
	after := c.options.Deadlines.Health
	c.emit(Arm{Timer: Timer{Kind: TimerHealth}, After: after})
	c.call(Call{Callback: CallHealth, Timeout: after})
}

// checked takes the bot's answer, in time or late.
func (c *Core) checked(err string) {
	c.emit(Disarm{Timer{Kind: TimerHealth}})
	c.health.asking = false
	c.judge(err)
}

// unanswered takes the deadline of a check. It is still under way, so that no other
// begins.
func (c *Core) unanswered() {
	c.judge(fmt.Sprintf("Health had not answered after %v", c.options.Deadlines.Health))
}

func (c *Core) judge(verdict string) {
	switch before := c.health.verdict; {
	case verdict != "" && before == "":
		c.note(Warn, NoShard, verdict, "the bot is not healthy")
	case verdict == "" && before != "":
		c.note(Info, NoShard, "", "the bot is healthy again")
	}
	c.health.verdict = verdict
}

// unhealthy is what heartbeats say: the last verdict, and nothing before the first.
func (c *Core) unhealthy() string { return clipTo(healthText, c.health.verdict) }

// healthText is how long a verdict may be in a heartbeat, which has to hold the
// shards.
const healthText = 256
