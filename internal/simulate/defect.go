package simulate

// defect is something that the bot, or the world around the product, does wrong on
// purpose. A simulation that does not notice it would not notice much.
type defect string

const (
	receivedSequence defect = "a session's sequence is that of an event that was received and not handled"
	earlySequence    defect = "a session's sequence is one too low"
	staleCopy        defect = "what changed after the copy ahead stays behind"
	holdsOn          defect = "a stopped shard goes on"
	forgetful        defect = "a session is not used"
	neverConnects    defect = "a shard is reported as started and is not connected"
	ghostExit        defect = "an exit is reported of a process that lives"
	repeats          defect = "an event is handled twice by one slave"
	gatewayForgets   defect = "the gateway replays one event too few"
)

// has tells whether this run has a defect.
func (w *world) has(d defect) bool { return w.scenario.defect == d }
