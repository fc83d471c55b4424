package gatewaysim

import (
	"fmt"
	"time"
)

// guildBuilder writes the parts of a guild as JSON, the same for the same index.
// It writes text rather than marshalling values, as a gateway has many guilds and
// a test has many gateways.
type guildBuilder struct {
	id    uint64
	index int
	bot   uint64
}

// The parts of a guild get ids within the guild's own millisecond.
const (
	partRole = iota + 1
	partChannel
	partMember
	partEmoji
)

// maxParts is how many parts of a kind a guild's ids leave room for.
const maxParts = 1 << 16

func (b guildBuilder) part(kind, n int) uint64 {
	return b.id | uint64(kind)<<16 | uint64(n)
}

func (b guildBuilder) time() string {
	return time.UnixMilli(discordEpoch + int64(b.id>>22)).UTC().Format(time.RFC3339)
}

// head is the beginning of a guild, until its description.
func (b guildBuilder) head() []byte {
	return fmt.Appendf(nil, `{"id":"%d","name":"Guild number %d","description":"`, b.id, b.index)
}

// tail goes on behind the description, with all that GUILD_CREATE and GUILD_UPDATE
// share; the closing brace is left to the caller.
func (b guildBuilder) tail() []byte {
	dst := fmt.Appendf(nil, `","icon":"%032x","owner_id":"%d","system_channel_id":"%d","premium_subscription_count":%d`,
		b.id, b.part(partMember, 0), b.part(partChannel, 1), b.index%14)
	dst = append(dst, `,"splash":null,"discovery_splash":null,"banner":null,"application_id":null,"region":"deprecated",`+
		`"afk_channel_id":null,"afk_timeout":300,"widget_enabled":false,"widget_channel_id":null,"system_channel_flags":0,`+
		`"rules_channel_id":null,"public_updates_channel_id":null,"safety_alerts_channel_id":null,"verification_level":1,`+
		`"default_message_notifications":1,"explicit_content_filter":2,"mfa_level":0,"nsfw_level":0,"premium_tier":1,`+
		`"premium_progress_bar_enabled":false,"preferred_locale":"en-US","features":["COMMUNITY","NEWS","SOUNDBOARD"],`+
		`"vanity_url_code":null,"max_presences":null,"max_members":500000,"max_video_channel_users":25,`+
		`"max_stage_video_channel_users":50,"stickers":[],"roles":[`...)
	for n := range 8 {
		dst = b.role(comma(dst, n), n)
	}
	dst = append(dst, `],"emojis":[`...)
	for n := range 4 {
		dst = b.emoji(comma(dst, n), n)
	}
	return append(dst, ']')
}

// createOnly are the fields that only GUILD_CREATE has, but for its members and
// channels.
func (b guildBuilder) createOnly(dst []byte) []byte {
	return fmt.Appendf(dst, `,"joined_at":"%s","large":false,"unavailable":false,"voice_states":[],"threads":[],"presences":[],`+
		`"stage_instances":[],"guild_scheduled_events":[],"soundboard_sounds":[]`, b.time())
}

func comma(dst []byte, n int) []byte {
	if n > 0 {
		dst = append(dst, ',')
	}
	return dst
}

// role n; role 0 is @everyone and has the guild's id.
func (b guildBuilder) role(dst []byte, n int) []byte {
	id, name := b.part(partRole, n), fmt.Sprintf("Role %d", n)
	if n == 0 {
		id, name = b.id, "@everyone"
	}
	return fmt.Appendf(dst, `{"id":"%d","name":"%s","color":%d,"colors":{"primary_color":%d,"secondary_color":null,"tertiary_color":null},`+
		`"hoist":%t,"position":%d,"permissions":"1071698660929","managed":false,"mentionable":%t,"icon":null,"unicode_emoji":null,"flags":0}`,
		id, name, 0x3498db+n, 0x3498db+n, n%2 == 0, n, n > 3)
}

func (b guildBuilder) emoji(dst []byte, n int) []byte {
	return fmt.Appendf(dst, `{"id":"%d","name":"emoji_%d","roles":[],"require_colons":true,"managed":false,"animated":%t,"available":true}`,
		b.part(partEmoji, n), n, n%2 == 1)
}

// channel n: a category first, then text channels and, of five, a voice channel.
func (b guildBuilder) channel(dst []byte, n int) []byte {
	dst = fmt.Appendf(dst, `{"id":"%d","position":%d,"flags":0,"permission_overwrites":[{"id":"%d","type":0,"allow":"1024","deny":"2048"}]`,
		b.part(partChannel, n), n, b.id)
	if n == 0 {
		return append(dst, `,"type":4,"name":"Category"}`...)
	}
	dst = fmt.Appendf(dst, `,"parent_id":"%d","nsfw":false,"rate_limit_per_user":0,"last_message_id":null`, b.part(partChannel, 0))
	if n%5 == 4 {
		return fmt.Appendf(dst, `,"type":2,"name":"Voice %d","bitrate":64000,"user_limit":0,"rtc_region":null}`, n)
	}
	return fmt.Appendf(dst, `,"type":0,"name":"channel-%d","topic":"What people say in channel %d of guild %d","last_pin_timestamp":null}`,
		n, n, b.index)
}

// The members that have a part to play.
const (
	memberBot = iota
	memberRenamed
	memberWriter
)

// member n, as it stands in a guild.
func (b guildBuilder) member(dst []byte, n int) []byte {
	dst = append(dst, `{"nick":null,`...)
	dst = b.memberFields(dst, n)
	return fmt.Appendf(dst, `,"user":%s}`, b.user(n))
}

// memberFields are those of a member but the nick and the user.
func (b guildBuilder) memberFields(dst []byte, n int) []byte {
	return fmt.Appendf(dst, `"avatar":null,"banner":null,"roles":["%d"],"joined_at":"%s","premium_since":null,"deaf":false,"mute":false,`+
		`"flags":0,"pending":false,"communication_disabled_until":null`, b.part(partRole, 1+n%7), b.time())
}

func (b guildBuilder) user(n int) []byte {
	id := b.part(partMember, n)
	if n == memberBot {
		id = b.bot
	}
	return fmt.Appendf(nil, `{"id":"%d","username":"member_%d_%d","discriminator":"0","global_name":"Member %d","avatar":"%032x","bot":%t,`+
		`"public_flags":0,"avatar_decoration_data":null}`, id, b.index, n, n, id, n == memberBot)
}
