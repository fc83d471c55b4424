package gatewaysim

import (
	"fmt"
	"time"
)

// guildBuilder makes the parts of a guild, the same for the same index.
type guildBuilder struct {
	id    uint64
	index int
	bot   uint64
	err   error
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

func (b *guildBuilder) part(kind, n int) uint64 {
	return b.id | uint64(kind)<<16 | uint64(n)
}

func (b *guildBuilder) time() string {
	return time.UnixMilli(discordEpoch + int64(b.id>>22)).UTC().Format(time.RFC3339)
}

// base are the fields that GUILD_CREATE and GUILD_UPDATE share.
func (b *guildBuilder) base() object {
	var roles, emojis []any
	for n := range 8 {
		roles = append(roles, b.role(n))
	}
	for n := range 4 {
		emojis = append(emojis, b.emoji(n))
	}
	return object{
		"id":                            snowflake(b.id),
		"name":                          fmt.Sprintf("Guild number %d", b.index),
		"description":                   hole,
		"icon":                          fmt.Sprintf("%032x", b.id),
		"splash":                        nil,
		"discovery_splash":              nil,
		"banner":                        nil,
		"owner_id":                      snowflake(b.part(partMember, 0)),
		"application_id":                nil,
		"region":                        "deprecated",
		"afk_channel_id":                nil,
		"afk_timeout":                   300,
		"widget_enabled":                false,
		"widget_channel_id":             nil,
		"system_channel_id":             snowflake(b.part(partChannel, 1)),
		"system_channel_flags":          0,
		"rules_channel_id":              nil,
		"public_updates_channel_id":     nil,
		"safety_alerts_channel_id":      nil,
		"verification_level":            1,
		"default_message_notifications": 1,
		"explicit_content_filter":       2,
		"mfa_level":                     0,
		"nsfw_level":                    0,
		"premium_tier":                  1,
		"premium_subscription_count":    b.index % 14,
		"premium_progress_bar_enabled":  false,
		"preferred_locale":              "en-US",
		"features":                      []string{"COMMUNITY", "NEWS", "SOUNDBOARD"},
		"vanity_url_code":               nil,
		"max_presences":                 nil,
		"max_members":                   500000,
		"max_video_channel_users":       25,
		"max_stage_video_channel_users": 50,
		"roles":                         roles,
		"emojis":                        emojis,
		"stickers":                      []any{},
	}
}

// role n; role 0 is @everyone and has the guild's id.
func (b *guildBuilder) role(n int) object {
	id, name := b.part(partRole, n), fmt.Sprintf("Role %d", n)
	if n == 0 {
		id, name = b.id, "@everyone"
	}
	return object{
		"id": snowflake(id), "name": name, "color": 0x3498db + n, "hoist": n%2 == 0, "position": n,
		"colors":      object{"primary_color": 0x3498db + n, "secondary_color": nil, "tertiary_color": nil},
		"permissions": "1071698660929", "managed": false, "mentionable": n > 3,
		"icon": nil, "unicode_emoji": nil, "flags": 0,
	}
}

func (b *guildBuilder) emoji(n int) object {
	return object{
		"id": snowflake(b.part(partEmoji, n)), "name": fmt.Sprintf("emoji_%d", n), "roles": []any{},
		"require_colons": true, "managed": false, "animated": n%2 == 1, "available": true,
	}
}

// channel n: a category first, then text channels and, of five, a voice channel.
func (b *guildBuilder) channel(n int) object {
	c := object{
		"id": snowflake(b.part(partChannel, n)), "position": n,
		"permission_overwrites": []any{
			object{"id": snowflake(b.id), "type": 0, "allow": "1024", "deny": "2048"},
		},
		"flags": 0,
	}
	if n == 0 {
		c["type"], c["name"] = 4, "Category"
		return c
	}
	c["parent_id"], c["nsfw"], c["rate_limit_per_user"], c["last_message_id"] = snowflake(b.part(partChannel, 0)), false, 0, nil
	if n%5 == 4 {
		c["type"], c["name"], c["bitrate"], c["user_limit"], c["rtc_region"] = 2, fmt.Sprintf("Voice %d", n), 64000, 0, nil
		return c
	}
	c["type"], c["name"], c["last_pin_timestamp"] = 0, fmt.Sprintf("channel-%d", n), nil
	c["topic"] = fmt.Sprintf("What people say in channel %d of guild %d", n, b.index)
	return c
}

// member is member n: 0 is the bot, 1 the one whose nickname changes, 2 the one
// who writes.
func (b *guildBuilder) member(n int) object {
	id, nick := b.part(partMember, n), any(nil)
	switch n {
	case 0:
		id = b.bot
	case 1:
		nick = hole
	}
	return object{
		"user": object{
			"id": snowflake(id), "username": fmt.Sprintf("member_%d_%d", b.index, n), "discriminator": "0",
			"global_name": fmt.Sprintf("Member %d", n), "avatar": fmt.Sprintf("%032x", id), "bot": n == 0,
			"public_flags": 0, "avatar_decoration_data": nil,
		},
		"nick": nick, "avatar": nil, "banner": nil,
		"roles":     []string{snowflake(b.part(partRole, 1+n%7))},
		"joined_at": b.time(), "premium_since": nil, "deaf": false, "mute": false, "flags": 0,
		"pending": false, "communication_disabled_until": nil,
	}
}
