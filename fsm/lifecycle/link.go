package lifecycle

import "github.com/shardbaton/baton/fsm"

// LinkState is a state of a control link, as the master knows it.
type LinkState string

// The states of [Link].
const (
	LinkAwaitingHello LinkState = "awaiting hello"
	LinkRecording     LinkState = "recording"
	LinkWelcomed      LinkState = "welcomed"
	LinkReady         LinkState = "ready"
	LinkTrusted       LinkState = "trusted"
	LinkLost          LinkState = "lost"
	LinkMissing       LinkState = "missing"
	LinkGone          LinkState = "gone"
)

// Usable reports whether requests can be sent on a link in this state.
func (s LinkState) Usable() bool { return s == LinkReady || s == LinkTrusted }

// LinkEvent is an event of a control link.
type LinkEvent string

// The events of [Link].
const (
	LinkHello     LinkEvent = "hello"
	LinkHeartbeat LinkEvent = "heartbeat"
	LinkMessage   LinkEvent = "message"
	LinkRecorded  LinkEvent = "written down"
	LinkStateUp   LinkEvent = "state link up"
	LinkStateDown LinkEvent = "state link lost"
	LinkBroken    LinkEvent = "connection lost"
	LinkReplaced  LinkEvent = "replaced"
	LinkDied      LinkEvent = "slave dead"
	LinkDeadline  LinkEvent = "deadline"
)

// LinkView is what the guards of [Link] read.
type LinkView interface {
	// Acceptable reports whether the slave that says hello may take part.
	Acceptable() bool
	// SecondDialect reports whether the two will speak dialect 2.
	SecondDialect() bool
	// Recorded reports whether the journal knows the slave.
	Recorded() bool
	// StateLinked reports whether the slave's link for state is up.
	StateLinked() bool
	// Matters reports whether the slave was launched here, owns a shard, takes part
	// in an upgrade, or has yet to be told to end: whether anybody waits for its return.
	// One that does not say who it is always matters: it might be taken for another.
	Matters() bool
}

// The effects of [Link].
const (
	LinkRegister = "register"
	LinkWelcome  = "welcome"
	LinkPresent  = "present"
	LinkInform   = "take inventory"
	LinkAnswer   = "answer heartbeat"
	LinkHandOn   = "hand on"
	LinkReport   = "report loss"
	LinkDismiss  = "dismiss"
	LinkMiss     = "report missing"
	LinkClose    = "close"
)

const (
	linkAcceptable = "acceptable"
	linkSecond     = "dialect 2"
	linkRecorded   = "written down"
	linkStateUp    = "state link up"
	linkMatters    = "matters"
)

// Link is the life of one control connection. A slave that comes back does so on
// a new one, which replaces the old. No state but gone says anything about the
// process behind the connection.
func Link() fsm.Table[LinkState, LinkEvent, LinkView] {
	return fsm.Table[LinkState, LinkEvent, LinkView]{
		Name:    "link",
		Doc:     "One control connection from a slave to the master.",
		Initial: LinkAwaitingHello,
		States: []fsm.State[LinkState, LinkEvent]{
			{Name: LinkAwaitingHello, Deadline: HelloDeadline, OnDeadline: LinkDeadline, Doc: "Somebody has connected. Left with the first frame, which must be a hello."},
			{Name: LinkRecording, Deadline: JournalDeadline, OnDeadline: LinkDeadline, Doc: "Dialect 1: nothing is given to a slave that a later master would not know of. Left when the journal has it."},
			{
				Name: LinkWelcomed, Deadline: StateLinkDeadline, OnDeadline: LinkDeadline,
				Doc: "Dialect 2 is agreed, but the link for state is not up, or the journal does not know the slave yet, so it is given nothing. Left when both are done.",
			},
			{
				Name: LinkReady, Deadline: SilenceDeadline, OnDeadline: LinkDeadline,
				Doc: "Both links are up and heartbeats come. Left when one link breaks or the heartbeats stop.",
			},
			{Name: LinkTrusted, Rest: true, Doc: "Dialect 1, which has no heartbeats: believed in until the connection breaks."},
			{Name: LinkLost, Deadline: ReturnDeadline, OnDeadline: LinkDeadline, Doc: "The connection broke; the process may serve on. Left when the slave is back or known to be dead."},
			{Name: LinkMissing, Rest: true, Doc: "Lost for long, and reported. Its shards stay its own until it is back or known to be dead."},
			{Name: LinkGone, Final: true, Doc: "Of no further use: refused, replaced, or its process is dead."},
		},
		Events: []fsm.Event[LinkEvent]{
			{Name: LinkHello, Doc: "The slave says who it is and what it has."},
			{Name: LinkHeartbeat, Doc: "The slave lives, and says where its shards stand."},
			{Name: LinkMessage, Doc: "Any other frame."},
			{Name: LinkRecorded, Doc: "The journal knows the slave: a later master will wait for it."},
			{Name: LinkStateUp, Doc: "The slave's link for state is up."},
			{Name: LinkStateDown, Doc: "The slave's link for state broke."},
			{Name: LinkBroken, Doc: "The connection ended."},
			{Name: LinkReplaced, Doc: "The same slave has said hello on a newer connection."},
			{Name: LinkDied, Doc: "The slave's process is known to be dead: the launcher saw it end, or the operator says so."},
			{Name: LinkDeadline, Doc: "The deadline of the state has passed."},
		},
		Guards: []fsm.Guard[LinkView]{
			{Name: linkAcceptable, Doc: "the slave may take part", Test: LinkView.Acceptable},
			{Name: linkSecond, Doc: "both will speak dialect 2: the slave offers it, and no dialect 1 slave has to hand over to it", Test: LinkView.SecondDialect},
			{Name: linkRecorded, Doc: "the journal knows the slave", Test: LinkView.Recorded},
			{Name: linkStateUp, Doc: "the slave's link for state is up", Test: LinkView.StateLinked},
			{Name: linkMatters, Doc: "somebody waits for the slave's return", Test: LinkView.Matters},
		},
		Effects: []fsm.Effect{
			{Name: LinkRegister, Doc: "make this the slave's link, and the older one replaced"},
			{Name: LinkWelcome, Doc: "take the slave's offer of dialect 2"},
			{Name: LinkPresent, Doc: "tell whoever needs this slave that it can be given requests"},
			{Name: LinkInform, Doc: "compare what the slave says of its shards with the registry"},
			{Name: LinkAnswer, Doc: "send an empty heartbeat"},
			{Name: LinkHandOn, Doc: "give the message to the lifecycle that it concerns"},
			{Name: LinkReport, Doc: "publish that the slave is not linked"},
			{Name: LinkDismiss, Doc: "forget the slave: nobody waits for it"},
			{Name: LinkMiss, Doc: "publish that the slave stays away and that its shards are not started elsewhere"},
			{Name: LinkClose, Doc: "close the connection"},
		},
		Rows:    linkRows(),
		Ignored: linkIgnored(),
		Refused: linkRefused(),
	}
}

func linkRows() []fsm.Row[LinkState, LinkEvent] {
	type row = fsm.Row[LinkState, LinkEvent]
	in := func(states ...LinkState) []LinkState { return states }
	when := func(terms ...fsm.Term) []fsm.Term { return terms }
	do := func(effects ...string) []string { return effects }
	return []row{
		// The first frame.
		{
			From: in(LinkAwaitingHello), On: LinkHello, When: when(fsm.Not(linkAcceptable)), To: LinkGone, Do: do(LinkClose),
			Doc: "whoever this is cannot be used, and must not be given a shard",
		},
		{
			From: in(LinkAwaitingHello), On: LinkHello, When: when(fsm.Is(linkAcceptable), fsm.Is(linkSecond)),
			To: LinkWelcomed, Do: do(LinkRegister, LinkWelcome),
			Doc: "dialect 2; its second link follows",
		},
		{
			From: in(LinkAwaitingHello), On: LinkHello, When: when(fsm.Is(linkAcceptable), fsm.Not(linkSecond), fsm.Is(linkRecorded)),
			To: LinkTrusted, Do: do(LinkRegister, LinkPresent),
			Doc: "dialect 1: this is all there is",
		},
		{
			From: in(LinkAwaitingHello), On: LinkHello, When: when(fsm.Is(linkAcceptable), fsm.Not(linkSecond), fsm.Not(linkRecorded)),
			To: LinkRecording, Do: do(LinkRegister),
			Doc: "dialect 1, and new to the journal",
		},
		{From: in(LinkRecording), On: LinkRecorded, To: LinkTrusted, Do: do(LinkPresent), Doc: "a later master would wait for it"},
		{From: in(LinkRecording), On: LinkDeadline, To: LinkGone, Do: do(LinkClose, LinkReport, LinkDismiss), Doc: "the journal does not answer; the slave has nothing and may try again"},
		{From: in(LinkAwaitingHello), On: LinkHeartbeat, To: LinkGone, Do: do(LinkClose), Doc: "not a slave: the first frame must be a hello"},
		{From: in(LinkAwaitingHello), On: LinkMessage, To: LinkGone, Do: do(LinkClose), Doc: "not a slave: the first frame must be a hello"},
		{From: in(LinkAwaitingHello), On: LinkDeadline, To: LinkGone, Do: do(LinkClose), Doc: "connected and said nothing"},
		{From: in(LinkAwaitingHello), On: LinkBroken, To: LinkGone, Doc: "nobody knows who that was"},

		// While it lasts.
		{From: in(LinkWelcomed), On: LinkStateUp, When: when(fsm.Is(linkRecorded)), To: LinkReady, Do: do(LinkPresent), Doc: "shards can come and go"},
		{From: in(LinkWelcomed), On: LinkStateUp, When: when(fsm.Not(linkRecorded)), Doc: "not before the journal knows it"},
		{From: in(LinkWelcomed), On: LinkRecorded, When: when(fsm.Is(linkStateUp)), To: LinkReady, Do: do(LinkPresent), Doc: "shards can come and go"},
		{From: in(LinkWelcomed), On: LinkRecorded, When: when(fsm.Not(linkStateUp)), Doc: "not before state can travel"},
		{From: in(LinkReady), On: LinkStateDown, To: LinkWelcomed, Doc: "requests wait until state can travel again"},
		{From: in(LinkReady), On: LinkHeartbeat, Rearm: true, Do: do(LinkInform, LinkAnswer), Doc: "it lives"},
		{From: in(LinkWelcomed), On: LinkHeartbeat, Do: do(LinkInform, LinkAnswer), Doc: "it lives; what is missing is the other link"},
		{From: in(LinkRecording, LinkWelcomed, LinkReady, LinkTrusted), On: LinkMessage, Do: do(LinkHandOn), Doc: "links carry messages, they do not judge them"},

		// Its end.
		{
			From: in(LinkRecording, LinkWelcomed, LinkReady, LinkTrusted), On: LinkBroken, When: when(fsm.Is(linkMatters)), To: LinkLost, Do: do(LinkReport),
			Doc: "a lost link proves nothing: the slave may serve on",
		},
		{
			From: in(LinkRecording, LinkWelcomed, LinkReady, LinkTrusted), On: LinkBroken, When: when(fsm.Not(linkMatters)), To: LinkGone, Do: do(LinkReport, LinkDismiss),
			Doc: "it had nothing that anybody could miss",
		},
		{
			From: in(LinkWelcomed, LinkReady), On: LinkDeadline, When: when(fsm.Is(linkMatters)), To: LinkLost, Do: do(LinkClose, LinkReport),
			Doc: "frozen, or cut off without a word; if it lives it connects anew",
		},
		{
			From: in(LinkWelcomed, LinkReady), On: LinkDeadline, When: when(fsm.Not(linkMatters)), To: LinkGone, Do: do(LinkClose, LinkReport, LinkDismiss),
			Doc: "frozen, and it had nothing that anybody could miss",
		},
		{From: in(LinkRecording, LinkWelcomed, LinkReady, LinkTrusted), On: LinkReplaced, To: LinkGone, Do: do(LinkClose), Doc: "the slave saw the break first"},
		{From: in(LinkLost, LinkMissing), On: LinkReplaced, To: LinkGone, Doc: "the slave is back"},
		{From: in(LinkLost), On: LinkDeadline, To: LinkMissing, Do: do(LinkMiss), Doc: "somebody should look; only proof of its death frees its shards"},
		{From: in(LinkRecording, LinkWelcomed, LinkReady, LinkTrusted), On: LinkDied, To: LinkGone, Do: do(LinkClose), Doc: "nothing true can come from there any more"},
		{From: in(LinkLost, LinkMissing), On: LinkDied, To: LinkGone, Doc: "it will not come back"},
	}
}

func linkIgnored() []fsm.Exempt[LinkState, LinkEvent] {
	type exempt = fsm.Exempt[LinkState, LinkEvent]
	in := func(states ...LinkState) []LinkState { return states }
	on := func(events ...LinkEvent) []LinkEvent { return events }
	return []exempt{
		{In: in(fsm.Any), On: on(LinkRecorded), Because: "nothing waits for it"},
		{In: in(LinkReady), On: on(LinkStateUp), Because: "the new one was faster than the end of the old one"},
		{In: in(LinkWelcomed), On: on(LinkStateDown), Because: "it is being waited for already"},
		{In: in(LinkRecording, LinkTrusted), On: on(LinkStateUp, LinkStateDown), Because: "dialect 1 has one link"},
		{In: in(LinkLost, LinkMissing), On: on(LinkHello, LinkHeartbeat, LinkMessage), Because: "a frame that was under way when the link was given up"},
		{In: in(LinkLost, LinkMissing), On: on(LinkStateUp, LinkStateDown), Because: "the control link comes first"},
		{In: in(LinkLost, LinkMissing), On: on(LinkBroken), Because: "that is known"},
		{In: in(LinkGone), On: on(fsm.Any), Because: "nobody listens to this connection any more"},
	}
}

func linkRefused() []fsm.Exempt[LinkState, LinkEvent] {
	type exempt = fsm.Exempt[LinkState, LinkEvent]
	in := func(states ...LinkState) []LinkState { return states }
	on := func(events ...LinkEvent) []LinkEvent { return events }
	return []exempt{
		{In: in(LinkRecording, LinkWelcomed, LinkReady, LinkTrusted), On: on(LinkHello), Because: "a connection has one hello"},
		{In: in(LinkRecording, LinkTrusted), On: on(LinkHeartbeat), Because: "dialect 1 has no heartbeats"},
		{In: in(LinkTrusted, LinkMissing), On: on(LinkDeadline), Because: "the state has no deadline"},
		{In: in(LinkAwaitingHello), On: on(LinkStateUp, LinkStateDown, LinkReplaced, LinkDied), Because: "no slave is known for this connection"},
	}
}
