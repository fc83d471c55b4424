package batondisgo

import (
	"fmt"
	"strconv"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/json/v2"
	"github.com/disgoorg/snowflake/v2"

	"github.com/shardbaton/baton/slaveclient"
)

// keyBegin is the key of the record with which a shard's records begin. All others
// are of guilds: "ID" for all of a guild, and "ID+N" for changes to it.
const keyBegin = "begin"

// image is a record of disgo's caches: all of one guild, or what changed in it.
type image struct {
	head
	channels []discord.GuildChannel
	parts    []part
}

// head is what a record begins with.
type head struct {
	Guild snowflake.ID `json:"id"`
	// Whole says that this is all there is of the guild: what the receiver has of
	// it goes first.
	Whole bool `json:"whole,omitempty"`
	// Gone is what was removed; what the record brings is put afterwards.
	Gone []place `json:"gone,omitempty"`
	// Shard says that all of this shard's guilds follow: what an attempt before
	// has left of it goes.
	Shard *share `json:"shard,omitempty"`
	// Self is the bot's own user, which comes with READY and not with RESUMED.
	Self        *discord.OAuth2User `json:"self,omitempty"`
	Unready     bool                `json:"unready,omitempty"`
	Unavailable bool                `json:"unavailable,omitempty"`
	Entity      *discord.Guild      `json:"guild,omitempty"`
}

// share is a shard of so many.
type share struct {
	ID int `json:"id"`
	Of int `json:"of"`
}

// part is the entities of one group of one section, as a JSON array.
type part struct {
	section string
	group   snowflake.ID
	data    json.RawMessage
}

// begin makes the record with which a shard's records begin. all says that all of
// its guilds follow, rather than changes.
func (m *mirror) begin(shard, shards int, all bool) (slaveclient.Record, error) {
	var out image
	if all {
		out.Shard = &share{ID: shard, Of: shards}
	}
	if user, ok := m.caches.SelfUser(); ok { // there is none before the first READY
		out.Self = &user
	}
	return encode(keyBegin, &out)
}

// whole makes the record of all of a guild, and has its changes noted from now
// on. ok is false when there is nothing.
func (m *mirror) whole(guild snowflake.ID) (r slaveclient.Record, ok bool, err error) {
	channels := m.beginCopy(guild)
	out := image{head: m.headOf(guild)}
	out.Whole = true
	if entity, ok := m.guilds.Get(guild); ok {
		out.Entity = &entity
	}
	for _, id := range channels {
		if channel, ok := m.channels.Get(id); ok {
			out.channels = append(out.channels, channel)
		}
	}
	for _, group := range append([]snowflake.ID{guild}, channels...) {
		for _, s := range m.sections {
			if err := out.add(s.all(group)); err != nil {
				return r, false, stateError(guild.String(), err)
			}
		}
	}
	if out.Entity == nil && len(out.channels) == 0 && len(out.parts) == 0 && !out.Unready && !out.Unavailable {
		m.forget(guild)
		return r, false, nil
	}
	r, err = encode(guild.String(), &out)
	return r, true, err
}

// changes makes the record of what changed in a guild. ok is false when nothing
// did. number makes its key its own.
func (m *mirror) changes(guild snowflake.ID, at []place, number uint64) (r slaveclient.Record, ok bool, err error) {
	if len(at) == 0 {
		return r, false, nil
	}
	key := guild.String() + "+" + strconv.FormatUint(number, 10)
	out := image{head: m.headOf(guild)}
	// Places come ordered, so those of one group are together.
	for len(at) > 0 {
		n := 1
		for n < len(at) && at[n].Section == at[0].Section && at[n].Group == at[0].Group {
			n++
		}
		if err := m.pick(&out, at[:n]); err != nil {
			return r, false, stateError(key, err)
		}
		at = at[n:]
	}
	r, err = encode(key, &out)
	return r, true, err
}

// pick adds what there now is at places of one group.
func (m *mirror) pick(out *image, at []place) error {
	switch at[0].Section {
	case sectionGuild:
		if entity, ok := m.guilds.Get(at[0].ID); ok {
			out.Entity = &entity
		} else {
			out.Gone = append(out.Gone, at[0])
		}
		return nil
	case sectionChannels:
		for _, p := range at {
			if channel, ok := m.channels.Get(p.ID); ok {
				out.channels = append(out.channels, channel)
			} else {
				out.Gone = append(out.Gone, p)
			}
		}
		return nil
	}
	for _, s := range m.sections {
		if s.name() == at[0].Section {
			found, gone, err := s.pick(at)
			out.Gone = append(out.Gone, gone...)
			return out.add(found, err)
		}
	}
	return nil
}

// add adds a part, unless it is empty.
func (i *image) add(p part, err error) error {
	if err == nil && p.data != nil {
		i.parts = append(i.parts, p)
	}
	return err
}

func (m *mirror) headOf(guild snowflake.ID) head {
	return head{Guild: guild, Unready: m.caches.IsGuildUnready(guild), Unavailable: m.caches.IsGuildUnavailable(guild)}
}

// load takes a record in. On an error what it said before the error is in.
func (m *mirror) load(payload []byte) error {
	in, err := decode(payload)
	if err != nil {
		return err
	}
	if in.Self != nil {
		m.caches.SetSelfUser(*in.Self)
	}
	if in.Shard != nil {
		if in.Shard.Of <= 0 {
			return fmt.Errorf("shard %d of %d: want at least 1", in.Shard.ID, in.Shard.Of)
		}
		for _, guild := range m.guildsOf(in.Shard.ID, in.Shard.Of) {
			m.wipe(guild)
		}
	}
	if in.Guild == 0 && !in.Whole && len(in.Gone) == 0 && len(in.parts) == 0 {
		return nil // it was not about a guild
	}
	if in.Whole {
		m.wipe(in.Guild)
	}
	for _, p := range in.Gone {
		m.remove(p)
	}
	m.caches.SetGuildUnready(in.Guild, in.Unready)
	m.caches.SetGuildUnavailable(in.Guild, in.Unavailable)
	if in.Entity != nil {
		m.guilds.Put(in.Guild, *in.Entity)
	}
	for _, channel := range in.channels {
		m.channels.Put(channel.ID(), channel)
	}
	for _, p := range in.parts {
		if p.group != in.Guild {
			m.learn(p.group, in.Guild)
		}
		for _, s := range m.sections {
			if s.name() != p.section {
				continue
			}
			if err := s.put(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// wipe removes all of a guild.
func (m *mirror) wipe(guild snowflake.ID) {
	channels := m.beginCopy(guild)
	m.endCopy(guild)
	for _, s := range m.sections {
		s.drop(guild, 0)
		for _, channel := range channels {
			s.drop(channel, 0)
		}
	}
	for _, channel := range channels {
		m.channels.Remove(channel)
	}
	m.guilds.Remove(guild)
	m.caches.SetGuildUnready(guild, false)
	m.caches.SetGuildUnavailable(guild, false)
	m.forget(guild)
}

func (m *mirror) remove(p place) {
	switch p.Section {
	case sectionGuild:
		m.guilds.Remove(p.ID)
	case sectionChannels:
		m.channels.Remove(p.ID)
	}
	for _, s := range m.sections {
		if s.name() == p.Section {
			s.drop(p.Group, p.ID)
		}
	}
}

func stateError(key string, err error) error {
	return &StateError{Kind: slaveclient.KindGuild, Key: key, Err: err}
}
