package gatewaysim

import (
	"fmt"
	"strconv"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

// appendDispatch renders a record as the payload that the session gets for it.
// resumeURL is JSON, quotes and all.
func (g *Gateway) appendDispatch(dst []byte, s *session, r record, sequence int, resumeURL []byte) []byte {
	dst = append(dst, `{"t":"`...)
	dst = append(dst, r.kind.eventName()...)
	dst = append(dst, `","s":`...)
	dst = strconv.AppendInt(dst, int64(sequence), 10)
	dst = append(dst, `,"op":0,"d":`...)
	switch r.kind {
	case kindReady:
		dst = g.appendReady(dst, s, resumeURL)
	case kindResumed:
		dst = append(dst, `{"_trace":["local"]}`...)
	case kindMessage:
		dst = appendMessage(dst, g.guilds[r.guild], s, r)
	case kindGuildCreate:
		c := &g.guilds[r.guild].create
		dst = append(dst, c[0]...)
		dst = ledger.AppendText(dst, r.number, 0)
		dst = append(dst, c[1]...)
		dst = ledger.AppendText(dst, r.previous, 0)
		dst = append(dst, c[2]...)
	case kindGuildUpdate:
		dst = appendFilled(dst, g.guilds[r.guild].update, r)
	case kindMemberUpdate:
		dst = appendFilled(dst, g.guilds[r.guild].member, r)
	}
	return append(dst, '}')
}

func (k kind) eventName() string {
	switch k {
	case kindReady:
		return "READY"
	case kindGuildCreate:
		return "GUILD_CREATE"
	case kindResumed:
		return "RESUMED"
	case kindMessage:
		return "MESSAGE_CREATE"
	case kindGuildUpdate:
		return "GUILD_UPDATE"
	case kindMemberUpdate:
		return "GUILD_MEMBER_UPDATE"
	}
	return ""
}

func appendFilled(dst []byte, template [2][]byte, r record) []byte {
	dst = append(dst, template[0]...)
	dst = ledger.AppendText(dst, r.number, r.previous)
	return append(dst, template[1]...)
}

func appendMessage(dst []byte, g *guild, s *session, r record) []byte {
	dst = append(dst, `{"id":"`...)
	dst = strconv.AppendUint(dst, snowflakeAt(r.at, r.number), 10)
	dst = append(dst, `","type":0,"channel_id":"`...)
	dst = strconv.AppendUint(dst, g.talk, 10)
	dst = append(dst, `","guild_id":"`...)
	dst = strconv.AppendUint(dst, g.id, 10)
	dst = append(dst, `","content":"`...)
	if s.intents&IntentMessageContent != 0 {
		dst = ledger.AppendText(dst, r.number, 0)
	}
	dst = append(dst, `","nonce":"`...)
	dst = strconv.AppendUint(dst, r.number, 10)
	dst = append(dst, `","timestamp":"`...)
	dst = r.at.UTC().AppendFormat(dst, time.RFC3339Nano)
	dst = append(dst, `","edited_timestamp":null,"tts":false,"mention_everyone":false,"mentions":[],"mention_roles":[],`...)
	dst = append(dst, `"attachments":[],"embeds":[],"components":[],"pinned":false,"flags":0,`...)
	dst = append(dst, g.author...)
	return append(dst, '}')
}

func (g *Gateway) appendReady(dst []byte, s *session, resumeURL []byte) []byte {
	dst = fmt.Appendf(dst, `{"v":10,"user":%s,"guilds":[`, appendUser(nil, s.application))
	if s.intents&IntentGuilds != 0 {
		comma := false
		for _, one := range g.guilds {
			if one.shardOf(s.stream.Shards) != s.stream.Shard {
				continue
			}
			if comma {
				dst = append(dst, ',')
			}
			comma = true
			dst = fmt.Appendf(dst, `{"id":"%d","unavailable":true}`, one.id)
		}
	}
	return fmt.Appendf(dst,
		`],"session_id":"%s","session_type":"normal","resume_gateway_url":%s,"shard":[%d,%d],"application":{"id":"%d","flags":0},"private_channels":[],"relationships":[],"user_settings":{},"_trace":["local"]}`,
		s.id, resumeURL, s.stream.Shard, s.stream.Shards, s.application)
}

func appendUser(dst []byte, application uint64) []byte {
	return fmt.Appendf(dst,
		`{"id":"%d","username":"local-bot","discriminator":"0","global_name":null,"avatar":null,"banner":null,"accent_color":null,"bot":true,"verified":true,"mfa_enabled":true,"email":null,"flags":0,"public_flags":0}`,
		application)
}

func hello(interval time.Duration) []byte {
	return fmt.Appendf(nil, `{"t":null,"s":null,"op":%d,"d":{"heartbeat_interval":%d,"_trace":["local"]}}`, opHello, interval.Milliseconds())
}

func invalidSession(resumable bool) []byte {
	return fmt.Appendf(nil, `{"t":null,"s":null,"op":%d,"d":%t}`, opInvalidSession, resumable)
}

// bare is a payload that is all opcode.
func bare(op int) []byte { return fmt.Appendf(nil, `{"t":null,"s":null,"op":%d,"d":null}`, op) }
