package batondisgo

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/snowflake/v2"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"

	"github.com/shardbaton/baton/slaveclient"
)

// keySelf is the key of the record that has the bot's own user. All others are of
// guilds: "ID" for all of a guild, and "ID+N" for changes to it.
const keySelf = "self"

// head is what a record of disgo's caches begins with. The encoding is JSON,
// because disgo's entities have no other, within one msgpack byte string, because
// dialect 1 wants one msgpack value.
type head struct {
	Guild snowflake.ID `json:"id"`
	// Whole says that this is all there is of the guild: what the receiver has of
	// it goes first.
	Whole bool `json:"whole,omitempty"`
	// Gone is what was removed; what the record brings is put afterwards.
	Gone        []place             `json:"gone,omitempty"`
	Self        *discord.OAuth2User `json:"self,omitempty"`
	Unready     bool                `json:"unready,omitempty"`
	Unavailable bool                `json:"unavailable,omitempty"`
	Entity      *discord.Guild      `json:"guild,omitempty"`
}

// sent is a record on its way out, received the same on its way in.
type (
	sent struct {
		head
		Channels []discord.GuildChannel `json:"channels,omitempty"`
		Sections map[string]any         `json:"sections,omitempty"`
	}
	received struct {
		head
		Channels []discord.UnmarshalChannel `json:"channels"`
		Sections map[string]json.RawMessage `json:"sections"`
	}
)

// self makes the record of the bot's own user. ok is false before the first READY.
func (m *mirror) self() (r slaveclient.Record, ok bool, err error) {
	user, ok := m.caches.SelfUser()
	if !ok {
		return r, false, nil
	}
	r, err = encode(keySelf, &sent{head: head{Self: &user}})
	return r, true, err
}

// whole makes the record of all of a guild, and has its changes noted from now
// on. ok is false when there is nothing.
func (m *mirror) whole(guild snowflake.ID) (r slaveclient.Record, ok bool, err error) {
	channels := m.beginCopy(guild)
	out := sent{head: m.headOf(guild), Sections: make(map[string]any)}
	out.Whole = true
	if entity, ok := m.guilds.Get(guild); ok {
		out.Entity = &entity
	}
	for _, id := range channels {
		if channel, ok := m.channels.Get(id); ok {
			out.Channels = append(out.Channels, channel)
		}
	}
	groups := append([]snowflake.ID{guild}, channels...)
	for _, s := range m.sections {
		if found := s.all(groups); found != nil {
			out.Sections[s.name()] = found
		}
	}
	if out.Entity == nil && len(out.Channels) == 0 && len(out.Sections) == 0 && !out.Unready && !out.Unavailable {
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
	out := sent{head: m.headOf(guild), Sections: make(map[string]any)}
	bySection := make(map[string][]place)
	for _, p := range at {
		bySection[p.Section] = append(bySection[p.Section], p)
	}
	if p, ok := bySection[sectionGuild]; ok {
		if entity, ok := m.guilds.Get(guild); ok {
			out.Entity = &entity
		} else {
			out.Gone = append(out.Gone, p...)
		}
	}
	for _, p := range bySection[sectionChannels] {
		if channel, ok := m.channels.Get(p.ID); ok {
			out.Channels = append(out.Channels, channel)
		} else {
			out.Gone = append(out.Gone, p)
		}
	}
	for _, s := range m.sections {
		if p, ok := bySection[s.name()]; ok {
			found, gone := s.pick(p)
			out.Gone = append(out.Gone, gone...)
			if found != nil {
				out.Sections[s.name()] = found
			}
		}
	}
	r, err = encode(guild.String()+"+"+strconv.FormatUint(number, 10), &out)
	return r, true, err
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
		return nil
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
	for _, c := range in.Channels {
		channel, ok := c.Channel.(discord.GuildChannel)
		if !ok {
			return fmt.Errorf("channel of type %T: want a guild's", c.Channel)
		}
		m.channels.Put(channel.ID(), channel)
	}
	for _, s := range m.sections {
		if data, ok := in.Sections[s.name()]; ok {
			if err := s.put(data); err != nil {
				return fmt.Errorf("section %q: %w", s.name(), err)
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

func encode(key string, out *sent) (slaveclient.Record, error) {
	data, err := json.Marshal(out)
	if err != nil {
		return slaveclient.Record{}, &StateError{Kind: slaveclient.KindGuild, Key: key, Err: err}
	}
	payload, err := msgpack.Marshal(data)
	if err != nil {
		return slaveclient.Record{}, &StateError{Kind: slaveclient.KindGuild, Key: key, Err: err}
	}
	return slaveclient.Record{Kind: slaveclient.KindGuild, Key: key, Payload: payload}, nil
}

var errNotOurs = errors.New("want one msgpack byte string: was it sent by another adapter?")

func decode(payload []byte) (*received, error) {
	data, err := byteString(payload)
	if err != nil {
		return nil, err
	}
	in := new(received)
	if err := json.Unmarshal(data, in); err != nil {
		return nil, err
	}
	return in, nil
}

// byteString takes a msgpack byte string apart without copying it.
func byteString(payload []byte) ([]byte, error) {
	lengths := map[byte]int{msgpcode.Bin8: 1, msgpcode.Bin16: 2, msgpcode.Bin32: 4}
	if len(payload) == 0 || lengths[payload[0]] == 0 {
		return nil, errNotOurs
	}
	width := lengths[payload[0]]
	if len(payload) < 1+width {
		return nil, errNotOurs
	}
	length := 0
	for _, b := range payload[1 : 1+width] {
		length = length<<8 | int(b)
	}
	if data := payload[1+width:]; len(data) == length {
		return slices.Clip(data), nil
	}
	return nil, errNotOurs
}
