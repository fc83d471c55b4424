package batondisgo

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/json/v2"
	"github.com/disgoorg/snowflake/v2"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/shardbaton/baton/slaveclient"
)

// A record is one msgpack value, as dialect 1 wants it: an array of
//
//	the head as JSON,
//	channels: type and JSON of each in turn,
//	parts: section, group and JSON of each in turn.
//
// The pieces are JSON because disgo's entities have no other encoding, and apart
// because JSON within JSON is read several times over.

// encode makes a record.
func encode(key string, i *image) (slaveclient.Record, error) {
	payload, err := encodeImage(i)
	if err != nil {
		return slaveclient.Record{}, stateError(key, err)
	}
	return slaveclient.Record{Kind: slaveclient.KindGuild, Key: key, Payload: payload}, nil
}

func encodeImage(i *image) ([]byte, error) {
	var out bytes.Buffer
	w := &writer{to: msgpack.NewEncoder(&out)}
	w.array(3)
	w.json(&i.head)
	w.array(2 * len(i.channels))
	for _, channel := range i.channels {
		w.number(uint64(channel.Type()))
		w.json(channel)
	}
	w.array(3 * len(i.parts))
	for _, p := range i.parts {
		w.text(p.section)
		w.number(uint64(p.group))
		w.bytes(p.data)
	}
	return out.Bytes(), w.err
}

// writer keeps the first error.
type writer struct {
	to  *msgpack.Encoder
	err error
}

func (w *writer) array(n int)     { w.note(w.to.EncodeArrayLen(n)) }
func (w *writer) number(n uint64) { w.note(w.to.EncodeUint(n)) }
func (w *writer) text(s string)   { w.note(w.to.EncodeString(s)) }
func (w *writer) bytes(b []byte)  { w.note(w.to.EncodeBytes(b)) }

// json writes a value's JSON; one that knows its own is asked directly, which
// saves checking it.
func (w *writer) json(v any) {
	encode := func() ([]byte, error) { return json.Marshal(v) }
	if own, ok := v.(json.Marshaler); ok {
		encode = own.MarshalJSON
	}
	data, err := encode()
	w.note(err)
	w.bytes(data)
}

func (w *writer) note(err error) {
	if w.err == nil {
		w.err = err
	}
}

var errNotOurs = errors.New("not a record of this adapter: was it sent by another one?")

// decode takes a record apart. Lengths are not believed: whatever they announce,
// no more is allocated than what is there, by and by.
func decode(payload []byte) (*image, error) {
	in := bytes.NewReader(payload)
	r := &reader{from: msgpack.NewDecoder(in)}
	i := new(image)
	if r.array() != 3 && r.err == nil {
		return nil, errNotOurs
	}
	if data := r.bytes(); r.err == nil {
		r.note(json.Unmarshal(data, &i.head))
	}
	for n := r.array(); n > 0 && r.err == nil; n -= 2 {
		t, data := r.number(), r.bytes()
		if r.err == nil {
			channel, err := decodeChannel(discord.ChannelType(t), data)
			r.note(err)
			i.channels = append(i.channels, channel)
		}
	}
	for n := r.array(); n > 0 && r.err == nil; n -= 3 {
		i.parts = append(i.parts, part{section: r.text(), group: snowflake.ID(r.number()), data: r.bytes()})
	}
	if r.err == nil && in.Len() > 0 {
		r.err = fmt.Errorf("%w: %d bytes too many", errNotOurs, in.Len())
	}
	return i, r.err
}

// reader keeps the first error.
type reader struct {
	from *msgpack.Decoder
	err  error
}

func (r *reader) note(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reader) array() int     { return read(r, r.from.DecodeArrayLen) }
func (r *reader) number() uint64 { return read(r, r.from.DecodeUint64) }
func (r *reader) text() string   { return read(r, r.from.DecodeString) }
func (r *reader) bytes() []byte  { return read(r, r.from.DecodeBytes) }

func read[T any](r *reader, decode func() (T, error)) (v T) {
	if r.err != nil {
		return v
	}
	got, err := decode()
	if err != nil {
		r.err = fmt.Errorf("%w: %w", errNotOurs, err)
		return v
	}
	return got
}

// decodeChannel decodes a guild's channel of a known type, without the detours of
// discord.UnmarshalChannel.
func decodeChannel(t discord.ChannelType, data []byte) (discord.GuildChannel, error) {
	switch t {
	case discord.ChannelTypeGuildText:
		return decodeAs[discord.GuildTextChannel](data)
	case discord.ChannelTypeGuildVoice:
		return decodeAs[discord.GuildVoiceChannel](data)
	case discord.ChannelTypeGuildCategory:
		return decodeAs[discord.GuildCategoryChannel](data)
	case discord.ChannelTypeGuildNews:
		return decodeAs[discord.GuildNewsChannel](data)
	case discord.ChannelTypeGuildNewsThread, discord.ChannelTypeGuildPublicThread, discord.ChannelTypeGuildPrivateThread:
		return decodeAs[discord.GuildThread](data)
	case discord.ChannelTypeGuildStageVoice:
		return decodeAs[discord.GuildStageVoiceChannel](data)
	case discord.ChannelTypeGuildForum:
		return decodeAs[discord.GuildForumChannel](data)
	case discord.ChannelTypeGuildMedia:
		return decodeAs[discord.GuildMediaChannel](data)
	}
	return nil, fmt.Errorf("channel of type %d: want a guild's", t)
}

func decodeAs[C discord.GuildChannel, P interface {
	*C
	json.Unmarshaler
}](data []byte) (discord.GuildChannel, error) {
	var channel C
	err := P(&channel).UnmarshalJSON(data)
	return channel, err
}
