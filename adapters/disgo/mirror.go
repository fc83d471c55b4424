package batondisgo

import (
	"maps"
	"slices"
	"sync"

	"github.com/disgoorg/disgo/cache"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/sharding"
	"github.com/disgoorg/snowflake/v2"
)

// mirror stands before disgo's caches. It knows which guild each entity belongs
// to, and notes what changes in guilds of which a copy was sent.
//
// Direct messages belong to guild 0, which is on shard 0 as they are.
//
// A note is made after the change that it is about: a copy that reads in between
// then has the change already, and sending it once more does no harm. In the
// other order it would be lost.
type mirror struct {
	caches   cache.Caches
	guilds   *guildStore
	channels *channelStore
	sections []section

	mu    sync.Mutex // never held while a cache is called
	known map[snowflake.ID]*holding
	homes map[snowflake.ID]snowflake.ID // the guild of each channel that ever was
}

// holding is what the mirror knows of one guild.
type holding struct {
	channels map[snowflake.ID]struct{}
	copied   bool               // a copy was sent, and changes are being noted
	changes  map[place]struct{} // since then
}

// place is where something changed.
type place struct {
	Section string       `json:"s"`
	Group   snowflake.ID `json:"g"`
	// ID is 0 when the whole group changed.
	ID snowflake.ID `json:"i,omitempty"`
}

// newMirror puts a mirror before the caches.
func newMirror(behind cache.Caches) *mirror {
	m := &mirror{known: make(map[snowflake.ID]*holding), homes: make(map[snowflake.ID]snowflake.ID)}
	m.guilds = &guildStore{Cache: behind.GuildCache(), mirror: m}
	m.channels = &channelStore{Cache: behind.ChannelCache(), mirror: m}

	stages := group(m, "stages", behind.StageInstanceCache(), func(e discord.StageInstance) snowflake.ID { return e.ID })
	scheduled := group(m, "scheduled", behind.GuildScheduledEventCache(), func(e discord.GuildScheduledEvent) snowflake.ID { return e.ID })
	sounds := group(m, "sounds", behind.GuildSoundboardSoundCache(), func(e discord.SoundboardSound) snowflake.ID { return e.SoundID })
	roles := group(m, "roles", behind.RoleCache(), func(e discord.Role) snowflake.ID { return e.ID })
	members := group(m, "members", behind.MemberCache(), func(e discord.Member) snowflake.ID { return e.User.ID })
	inThreads := group(m, "in_threads", behind.ThreadMemberCache(), func(e discord.ThreadMember) snowflake.ID { return e.UserID })
	presences := group(m, "presences", behind.PresenceCache(), func(e discord.Presence) snowflake.ID { return e.PresenceUser.ID })
	voices := group(m, "voices", behind.VoiceStateCache(), func(e discord.VoiceState) snowflake.ID { return e.UserID })
	messages := group(m, "messages", behind.MessageCache(), func(e discord.Message) snowflake.ID { return e.ID })
	messages.home = func(e discord.Message) (channel, guild snowflake.ID) {
		if e.GuildID == nil {
			return e.ChannelID, 0
		}
		return e.ChannelID, *e.GuildID
	}
	emojis := group(m, "emojis", behind.EmojiCache(), func(e discord.Emoji) snowflake.ID { return e.ID })
	stickers := group(m, "stickers", behind.StickerCache(), func(e discord.Sticker) snowflake.ID { return e.ID })
	m.sections = []section{stages, scheduled, sounds, roles, members, inThreads, presences, voices, messages, emojis, stickers}

	m.caches = cache.New(
		cache.WithCaches(behind.CacheFlags()),
		cache.WithSelfUserCache(behind),
		cache.WithGuildCache(&guildFlags{flags: behind, store: m.guilds}),
		cache.WithChannelCache(cache.NewChannelCache(m.channels)),
		cache.WithStageInstanceCache(cache.NewStageInstanceCache(stages)),
		cache.WithGuildScheduledEventCache(cache.NewGuildScheduledEventCache(scheduled)),
		cache.WithGuildSoundboardSoundCache(cache.NewGuildSoundboardSoundCache(sounds)),
		cache.WithRoleCache(cache.NewRoleCache(roles)),
		cache.WithMemberCache(cache.NewMemberCache(members)),
		cache.WithThreadMemberCache(cache.NewThreadMemberCache(inThreads)),
		cache.WithPresenceCache(cache.NewPresenceCache(presences)),
		cache.WithVoiceStateCache(cache.NewVoiceStateCache(voices)),
		cache.WithMessageCache(cache.NewMessageCache(messages)),
		cache.WithEmojiCache(cache.NewEmojiCache(emojis)),
		cache.WithStickerCache(cache.NewStickerCache(stickers)),
	)
	return m
}

// changed notes a change.
func (m *mirror) changed(section string, group, id snowflake.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.noteLocked(m.homeLocked(group), place{Section: section, Group: group, ID: id})
}

func (m *mirror) noteLocked(guild snowflake.ID, at place) {
	if h := m.holdingLocked(guild); h.copied {
		h.changes[at] = struct{}{}
	}
}

// homeLocked returns the guild that a group belongs to: some caches group by
// guild, some by channel.
func (m *mirror) homeLocked(group snowflake.ID) snowflake.ID {
	if guild, ok := m.homes[group]; ok {
		return guild
	}
	return group
}

func (m *mirror) holdingLocked(guild snowflake.ID) *holding {
	h := m.known[guild]
	if h == nil {
		h = &holding{channels: make(map[snowflake.ID]struct{})}
		m.known[guild] = h
	}
	return h
}

// learn notes which guild a channel belongs to, which outlasts the channel: disgo
// keeps a removed channel's messages. If it is new, whatever is kept by channel,
// and was there before, has come to the guild with it.
func (m *mirror) learn(channel, guild snowflake.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if home, known := m.homes[channel]; known && home == guild {
		return
	}
	m.homes[channel] = guild
	m.holdingLocked(guild).channels[channel] = struct{}{}
	for _, s := range m.sections {
		m.noteLocked(guild, place{Section: s.name(), Group: channel})
	}
}

// guildsOf returns the guilds of a shard, ascending.
func (m *mirror) guildsOf(shard, shards int) []snowflake.ID {
	m.mu.Lock()
	defer m.mu.Unlock()
	var guilds []snowflake.ID
	for guild := range m.known {
		if sharding.ShardIDByGuild(guild, shards) == shard {
			guilds = append(guilds, guild)
		}
	}
	slices.Sort(guilds)
	return guilds
}

// beginCopy starts noting the guild's changes and returns its channels.
func (m *mirror) beginCopy(guild snowflake.ID) (channels []snowflake.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.holdingLocked(guild)
	h.copied, h.changes = true, make(map[place]struct{})
	return slices.Sorted(maps.Keys(h.channels))
}

// takeChanges returns what changed since the copy or the last call; ok is false
// when there is no copy.
func (m *mirror) takeChanges(guild snowflake.ID) (changes []place, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.holdingLocked(guild)
	if !h.copied {
		return nil, false
	}
	changes = slices.SortedFunc(maps.Keys(h.changes), comparePlaces)
	clear(h.changes)
	return changes, true
}

// endCopy stops noting the guild's changes.
func (m *mirror) endCopy(guild snowflake.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.holdingLocked(guild)
	h.copied, h.changes = false, nil
}

// pending counts the changes of these guilds.
func (m *mirror) pending(guilds []snowflake.ID) (changes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, guild := range guilds {
		if h := m.known[guild]; h != nil {
			changes += len(h.changes)
		}
	}
	return changes
}

// forget drops a guild that has nothing cached, unless it has something again.
func (m *mirror) forget(guild snowflake.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.known[guild]
	if h == nil || len(h.changes) > 0 {
		return
	}
	for channel := range h.channels {
		delete(m.homes, channel)
	}
	delete(m.known, guild)
}
