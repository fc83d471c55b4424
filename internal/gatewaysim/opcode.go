package gatewaysim

// The gateway's opcodes, from Discord's documentation ("Opcodes and Status
// Codes").
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoiceState     = 4
	opResume         = 6
	opReconnect      = 7
	opRequestMembers = 8
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatACK   = 11
	opSoundboard     = 31
)

// The close codes of Discord's gateway, from the same page, and those of
// WebSocket that mean something to it.
const (
	CloseNormal               = 1000 // from a client: ends the session
	CloseGoingAway            = 1001 // from a client: ends the session
	CloseUnknownError         = 4000
	CloseUnknownOpcode        = 4001
	CloseDecodeError          = 4002
	CloseNotAuthenticated     = 4003
	CloseAuthenticationFailed = 4004
	CloseAlreadyAuthenticated = 4005
	CloseInvalidSequence      = 4007
	CloseRateLimited          = 4008
	CloseSessionTimedOut      = 4009
	CloseInvalidShard         = 4010
	CloseShardingRequired     = 4011
	CloseInvalidVersion       = 4012
	CloseInvalidIntents       = 4013
	CloseDisallowedIntents    = 4014
)

// Intents is the set of event groups that a bot asks for in IDENTIFY.
type Intents uint64

// The intents that decide about what this gateway sends, from Discord's
// documentation ("Gateway Intents").
const (
	IntentGuilds         Intents = 1 << 0  // GUILD_CREATE, GUILD_UPDATE
	IntentGuildMembers   Intents = 1 << 1  // GUILD_MEMBER_UPDATE; privileged
	IntentGuildPresences Intents = 1 << 8  // privileged
	IntentGuildMessages  Intents = 1 << 9  // MESSAGE_CREATE
	IntentMessageContent Intents = 1 << 15 // without it, content is empty; privileged
)

// allIntents are the bits that Discord defines.
const allIntents Intents = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
