package slaveclient

// Session is what a RESUME of one shard's gateway session needs.
//
// The zero Session stands for none: the shard has to IDENTIFY.
// See https://discord.com/developers/docs/events/gateway#resuming.
type Session struct {
	// ID is the session_id of READY.
	ID string
	// Sequence is the "s" of the last event whose handler has finished.
	Sequence int64
	// ResumeURL is the resume_gateway_url of READY. Empty means that it is not
	// known (dialect 1 does not carry it): use the gateway's ordinary URL.
	ResumeURL string
}

// IsZero reports whether there is no session to resume.
func (s Session) IsZero() bool { return s == Session{} }

// Started tells how a shard came up.
type Started struct {
	// Session is the shard's session now.
	Session Session
	// Fresh says that the gateway answered an IDENTIFY with READY, rather than
	// a RESUME with RESUMED: events between the two sessions may be missing.
	Fresh bool
}
