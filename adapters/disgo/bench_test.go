package batondisgo

import (
	"fmt"
	"testing"

	"github.com/disgoorg/disgo/cache"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/json/v2"
	"github.com/disgoorg/snowflake/v2"
)

// typicalGuild fills a guild with about 8 KiB: what the demonstration's guilds are.
func typicalGuild(b *testing.B) *mirror {
	b.Helper()
	m := newMirror(cache.New(cache.WithCaches(cache.FlagsAll)))
	c := m.caches
	c.AddGuild(discord.Guild{ID: someGuild, Name: "A guild", Features: []discord.GuildFeature{discord.GuildFeatureCommunity}})
	for n := range snowflake.ID(8) {
		c.AddRole(discord.Role{ID: 100 + n, GuildID: someGuild, Name: "A role"})
		nick := "nick"
		c.AddMember(discord.Member{User: discord.User{ID: 200 + n, Username: "somebody"}, GuildID: someGuild, Nick: &nick, RoleIDs: []snowflake.ID{100}})
		var u discord.UnmarshalChannel
		if err := json.Unmarshal([]byte(channelJSON(discord.ChannelTypeGuildText, 300+int(n))), &u); err != nil {
			b.Fatal(err)
		}
		c.AddChannel(u.Channel.(discord.GuildChannel))
	}
	for n := range snowflake.ID(4) {
		c.AddEmoji(discord.Emoji{ID: 400 + n, GuildID: someGuild, Name: "emoji"})
	}
	return m
}

func BenchmarkGuildOut(b *testing.B) {
	m := typicalGuild(b)
	for b.Loop() {
		record, _, err := m.whole(someGuild)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(record.Payload)))
	}
}

func BenchmarkGuildIn(b *testing.B) {
	record, _, err := typicalGuild(b).whole(someGuild)
	if err != nil {
		b.Fatal(err)
	}
	next := newMirror(cache.New(cache.WithCaches(cache.FlagsAll)))
	b.SetBytes(int64(len(record.Payload)))
	for b.Loop() {
		if err := next.load(record.Payload); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkChangeOut is what a stopped shard owes for one event after its copy.
func BenchmarkChangeOut(b *testing.B) {
	m := typicalGuild(b)
	m.beginCopy(someGuild)
	nick := 0
	for b.Loop() {
		nick++
		name := fmt.Sprint(nick)
		m.caches.AddMember(discord.Member{User: discord.User{ID: 200}, GuildID: someGuild, Nick: &name})
		at, _ := m.takeChanges(someGuild)
		if _, ok, err := m.changes(someGuild, at, 1); err != nil || !ok {
			b.Fatal(ok, err)
		}
	}
}
