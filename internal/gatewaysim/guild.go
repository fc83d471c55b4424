package gatewaysim

import (
	"fmt"
	"time"
)

// discordEpoch is the first millisecond of a snowflake ("Snowflakes" in
// Discord's documentation).
const discordEpoch = 1420070400000

// guildEpoch is the timestamp in the id of guild 0, about the end of 2022, before
// it is rounded to a multiple of Config.Shards so that guild i is on shard i
// modulo Shards.
const guildEpoch = 250_000_000_000

// guild is one guild: its id, its JSON as it was prepared at New, and what events
// have made of it. The JSON is in pieces, between which go the two texts that
// events change: the guild's description and one member's nickname.
type guild struct {
	id     uint64
	create [3][]byte // GUILD_CREATE: until the description, until the nickname, the rest
	update [2][]byte // GUILD_UPDATE: until the description, the rest
	member [2][]byte // GUILD_MEMBER_UPDATE: until the nickname, the rest
	author []byte    // the fields author and member of its messages
	talk   uint64    // the channel of its messages

	// Guarded by the gateway's lock: the numbers of the last events that changed
	// the guild and its member.
	lastUpdate, lastMember uint64
}

// shardOf is Discord's rule for which shard gets a guild ("Sharding").
func (g *guild) shardOf(shards int) int { return int((g.id >> 22) % uint64(shards)) }

// makeGuild makes guild number index of a gateway that has shards shards, with a
// GUILD_CREATE of about size bytes.
func makeGuild(index, shards, size int, bot uint64) *guild {
	epoch := uint64(guildEpoch - guildEpoch%shards)
	b := guildBuilder{id: (epoch + uint64(index)) << 22, index: index, bot: bot}
	head, tail := b.head(), b.tail()

	renamed := b.memberFields([]byte(`",`), memberRenamed)
	renamed = fmt.Appendf(renamed, `,"user":%s}`, b.user(memberRenamed))

	members, channels, count := b.populate(size - len(head) - len(tail) - len(renamed))
	middle := fmt.Appendf(b.createOnly(tail[:len(tail):len(tail)]), `,"member_count":%d,"members":[%s,{"nick":"`,
		count, b.member(nil, memberBot))

	return &guild{
		id:     b.id,
		talk:   b.part(partChannel, 1),
		create: [3][]byte{head, middle, fmt.Appendf(nil, `%s,%s],"channels":[%s]}`, renamed, members, channels)},
		update: [2][]byte{head, append(tail, '}')},
		member: [2][]byte{fmt.Appendf(nil, `{"guild_id":"%d","nick":"`, b.id), renamed},
		author: fmt.Appendf(nil, `"author":%s,"member":{"nick":null,%s}`, b.user(memberWriter), b.memberFields(nil, memberWriter)),
	}
}

// otherFields is about what a GUILD_CREATE has besides what makeGuild measures.
const otherFields = 700

// populate returns the members from memberWriter on and all channels, separated
// by commas, and the count of all members. Beyond a few of each it goes on until
// they have about size bytes.
func (b guildBuilder) populate(size int) (members, channels []byte, count int) {
	members = b.member(nil, memberWriter)
	for n := range 3 {
		channels = b.channel(comma(channels, n), n)
	}
	count = memberWriter + 1
	for n := 3; n < maxParts && len(members)+len(channels) < size-otherFields; n++ {
		if n%2 == 0 {
			channels = b.channel(append(channels, ','), n)
		} else {
			members = b.member(append(members, ','), n)
			count++
		}
	}
	return members, channels, count
}

// snowflakeAt makes an id for a point in time; low, modulo 2^22, tells ids of one
// millisecond apart.
func snowflakeAt(at time.Time, low uint64) uint64 {
	return uint64(at.UnixMilli()-discordEpoch)<<22 | low&(1<<22-1)
}
