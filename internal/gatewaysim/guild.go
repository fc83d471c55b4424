package gatewaysim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"time"
)

// The guilds are made once, at New, and their JSON is kept in pieces: what never
// changes, with holes for the two texts that events alter (the guild's
// description and one member's nickname).

// discordEpoch is the first millisecond of a snowflake ("Snowflakes" in
// Discord's documentation).
const discordEpoch = 1420070400000

// guildEpoch is the timestamp in the id of guild 0, about the end of 2022, before
// it is rounded to a multiple of Config.Shards so that guild i is on shard i
// modulo Shards.
const guildEpoch = 250_000_000_000

// guild is one guild: its id, its prepared JSON, and what events have made of it.
type guild struct {
	id     uint64
	create [3][]byte // GUILD_CREATE: until the description, until the nickname, the rest
	update [2][]byte // GUILD_UPDATE: until the description, the rest
	member [2][]byte // GUILD_MEMBER_UPDATE: until the nickname, the rest
	author []byte    // the "author" and "member" of its messages
	talk   uint64    // the channel of its messages

	// Guarded by the gateway's lock: the numbers of the last events that changed
	// the guild and its member.
	lastUpdate, lastMember uint64
}

// shardOf is Discord's rule for which shard gets a guild ("Sharding").
func (g *guild) shardOf(shards int) int { return int((g.id >> 22) % uint64(shards)) }

// hole marks in a template where a text goes; JSON turns it into holeJSON.
const (
	hole     = "\x01"
	holeJSON = `\u0001`
)

type object map[string]any

// makeGuild makes guild number index of a gateway that has shards shards, with a
// GUILD_CREATE of about size bytes.
func makeGuild(index, shards, size int, bot uint64) (*guild, error) {
	epoch := uint64(guildEpoch - guildEpoch%shards)
	id := (epoch + uint64(index)) << 22
	b := &guildBuilder{id: id, index: index, bot: bot}
	g := &guild{id: id, talk: b.part(partChannel, 1)}

	base := b.base()
	copy(g.update[:], b.split(base, len(g.update)))

	create := object{
		"joined_at": b.time(), "large": false, "unavailable": false,
		"voice_states": []any{}, "threads": []any{}, "presences": []any{},
		"stage_instances": []any{}, "guild_scheduled_events": []any{}, "soundboard_sounds": []any{},
	}
	maps.Copy(create, base)
	b.populate(create, size)
	copy(g.create[:], b.split(create, len(g.create)))

	changing := b.member(1)
	changing["guild_id"] = snowflake(id)
	copy(g.member[:], b.split(changing, len(g.member)))

	partial := b.member(2)
	author := partial["user"]
	delete(partial, "user")
	g.author = fmt.Appendf(nil, `"author":%s,"member":%s`, b.encode(author), b.encode(partial))
	return g, b.err
}

// populate adds members and channels in turn until the guild has its size.
func (b *guildBuilder) populate(guild object, size int) {
	members := []any{b.member(0), b.member(1), b.member(2)}
	channels := []any{b.channel(0), b.channel(1), b.channel(2)}
	length := len(b.encode(guild)) + len(b.encode(members)) + len(b.encode(channels))
	for n := 3; length < size && n < maxParts; n++ {
		var next any
		if n%2 == 0 {
			next = b.channel(n)
			channels = append(channels, next)
		} else {
			next = b.member(n)
			members = append(members, next)
		}
		length += len(b.encode(next)) + 1
	}
	guild["members"], guild["channels"], guild["member_count"] = members, channels, len(members)
}

// split encodes v and cuts it at its holes into so many parts.
func (b *guildBuilder) split(v any, parts int) [][]byte {
	cut := bytes.Split(b.encode(v), []byte(holeJSON))
	if len(cut) != parts && b.err == nil {
		b.err = fmt.Errorf("gatewaysim: guild %d: template falls into %d parts, want %d", b.index, len(cut), parts)
	}
	return cut
}

// encode keeps the first error in b, so that the building reads as one piece.
func (b *guildBuilder) encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil && b.err == nil {
		b.err = fmt.Errorf("gatewaysim: guild %d: %w", b.index, err)
	}
	return data
}

func snowflake(id uint64) string { return strconv.FormatUint(id, 10) }

// snowflakeAt makes an id for a point in time; low, modulo 2^22, tells ids of one
// millisecond apart.
func snowflakeAt(at time.Time, low uint64) uint64 {
	return uint64(at.UnixMilli()-discordEpoch)<<22 | low&(1<<22-1)
}
