package batondisgo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/cache"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/json/v2"
	"github.com/disgoorg/snowflake/v2"
)

// The sections that are not groups.
const (
	sectionGuild    = "guild"
	sectionChannels = "channels"
)

// section is one of disgo's caches that keep entities in groups.
type section interface {
	name() string
	// all returns the group, with no data when it is empty.
	all(group snowflake.ID) (part, error)
	// pick returns what there is at places of one group, and the places where
	// there is nothing.
	pick(at []place) (found part, gone []place, err error)
	// put adds what all or pick returned.
	put(p part) error
	// drop removes an entity or, if id is 0, a group.
	drop(group, id snowflake.ID)
}

// grouped is a cache of disgo's with notes of its changes.
type grouped[T any] struct {
	cache.GroupedCache[T]
	label  string
	mirror *mirror
	id     func(T) snowflake.ID
	home   func(T) (channel, guild snowflake.ID) // nil where groups need no explanation
}

func group[T any](m *mirror, label string, behind cache.GroupedCache[T], id func(T) snowflake.ID) *grouped[T] {
	return &grouped[T]{GroupedCache: behind, label: label, mirror: m, id: id}
}

func (g *grouped[T]) Put(group, id snowflake.ID, entity T) {
	if g.home != nil {
		g.mirror.learn(g.home(entity))
	}
	g.GroupedCache.Put(group, id, entity)
	g.mirror.changed(g.label, group, id)
}

func (g *grouped[T]) Remove(group, id snowflake.ID) (T, bool) {
	entity, ok := g.GroupedCache.Remove(group, id)
	if ok {
		g.mirror.changed(g.label, group, id)
	}
	return entity, ok
}

func (g *grouped[T]) GroupRemove(group snowflake.ID) {
	g.GroupedCache.GroupRemove(group)
	g.mirror.changed(g.label, group, 0)
}

func (g *grouped[T]) RemoveIf(filter cache.GroupedFilterFunc[T]) {
	var removed []place
	g.GroupedCache.RemoveIf(g.noting(filter, &removed))
	g.note(removed)
}

func (g *grouped[T]) GroupRemoveIf(group snowflake.ID, filter cache.GroupedFilterFunc[T]) {
	var removed []place
	g.GroupedCache.GroupRemoveIf(group, g.noting(filter, &removed))
	g.note(removed)
}

func (g *grouped[T]) noting(filter cache.GroupedFilterFunc[T], removed *[]place) cache.GroupedFilterFunc[T] {
	return func(group snowflake.ID, entity T) bool {
		remove := filter(group, entity)
		if remove {
			*removed = append(*removed, place{Group: group, ID: g.id(entity)})
		}
		return remove
	}
}

func (g *grouped[T]) note(removed []place) {
	for _, at := range removed {
		g.mirror.changed(g.label, at.Group, at.ID)
	}
}

func (g *grouped[T]) name() string { return g.label }

func (g *grouped[T]) all(group snowflake.ID) (part, error) {
	return g.encode(group, slices.Collect(g.GroupAll(group)))
}

func (g *grouped[T]) pick(at []place) (found part, gone []place, err error) {
	group := at[0].Group
	var entities []T
	for _, p := range at {
		if p.ID == 0 { // the whole group, which includes the other places
			found, err = g.all(group)
			return found, []place{p}, err
		}
		if entity, ok := g.Get(group, p.ID); ok {
			entities = append(entities, entity)
		} else {
			gone = append(gone, p)
		}
	}
	found, err = g.encode(group, entities)
	return found, gone, err
}

func (g *grouped[T]) encode(group snowflake.ID, entities []T) (part, error) {
	if len(entities) == 0 {
		return part{}, nil
	}
	data, err := json.Marshal(entities)
	return part{section: g.label, group: group, data: data}, err
}

func (g *grouped[T]) put(p part) error {
	var entities []T
	if err := json.Unmarshal(p.data, &entities); err != nil {
		return fmt.Errorf("section %q: %w", g.label, err)
	}
	for _, entity := range entities {
		g.Put(p.group, g.id(entity), entity)
	}
	return nil
}

func (g *grouped[T]) drop(group, id snowflake.ID) {
	if id == 0 {
		g.GroupRemove(group)
	} else {
		g.Remove(group, id)
	}
}

// guildStore is disgo's cache of guilds with notes of its changes.
type guildStore struct {
	cache.Cache[discord.Guild]
	mirror *mirror
}

func (s *guildStore) Put(id snowflake.ID, guild discord.Guild) {
	s.Cache.Put(id, guild)
	s.mirror.changed(sectionGuild, id, id)
}

func (s *guildStore) Remove(id snowflake.ID) (discord.Guild, bool) {
	guild, ok := s.Cache.Remove(id)
	if ok {
		s.mirror.changed(sectionGuild, id, id)
	}
	return guild, ok
}

func (s *guildStore) RemoveIf(filter cache.FilterFunc[discord.Guild]) {
	var removed []snowflake.ID
	s.Cache.RemoveIf(func(guild discord.Guild) bool {
		remove := filter(guild)
		if remove {
			removed = append(removed, guild.ID)
		}
		return remove
	})
	for _, id := range removed {
		s.mirror.changed(sectionGuild, id, id)
	}
}

// guildFlags adds what disgo knows of guilds beside the guilds themselves.
type guildFlags struct {
	flags // for the two sets
	store *guildStore
}

// flags is another name for the interface, which has a method of its own name.
type flags = cache.GuildCache

func (f *guildFlags) GuildCache() cache.Cache[discord.Guild] { return f.store }

func (f *guildFlags) AddGuild(guild discord.Guild) { f.store.Put(guild.ID, guild) }

func (f *guildFlags) RemoveGuild(id snowflake.ID) (discord.Guild, bool) { return f.store.Remove(id) }

func (f *guildFlags) SetGuildUnready(id snowflake.ID, unready bool) {
	f.flags.SetGuildUnready(id, unready)
	f.store.mirror.changed(sectionGuild, id, id)
}

func (f *guildFlags) SetGuildUnavailable(id snowflake.ID, unavailable bool) {
	f.flags.SetGuildUnavailable(id, unavailable)
	f.store.mirror.changed(sectionGuild, id, id)
}

// channelStore is disgo's cache of channels and threads with notes of its changes.
type channelStore struct {
	cache.Cache[discord.GuildChannel]
	mirror *mirror
}

func (s *channelStore) Put(id snowflake.ID, channel discord.GuildChannel) {
	s.mirror.learn(id, channel.GuildID())
	s.Cache.Put(id, channel)
	s.mirror.changed(sectionChannels, channel.GuildID(), id)
}

func (s *channelStore) Remove(id snowflake.ID) (discord.GuildChannel, bool) {
	channel, ok := s.Cache.Remove(id)
	if ok {
		s.mirror.changed(sectionChannels, channel.GuildID(), id)
	}
	return channel, ok
}

func (s *channelStore) RemoveIf(filter cache.FilterFunc[discord.GuildChannel]) {
	var removed []discord.GuildChannel
	s.Cache.RemoveIf(func(channel discord.GuildChannel) bool {
		remove := filter(channel)
		if remove {
			removed = append(removed, channel)
		}
		return remove
	})
	for _, channel := range removed {
		s.mirror.changed(sectionChannels, channel.GuildID(), channel.ID())
	}
}

func comparePlaces(a, b place) int {
	if c := strings.Compare(a.Section, b.Section); c != 0 {
		return c
	}
	if a.Group != b.Group {
		return compareIDs(a.Group, b.Group)
	}
	return compareIDs(a.ID, b.ID)
}

func compareIDs(a, b snowflake.ID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
