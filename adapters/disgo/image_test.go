package batondisgo

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/cache"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/json/v2"
	"github.com/disgoorg/snowflake/v2"
)

// fill sets every field to something that is not zero. A field that JSON leaves
// out is left alone, and so is one of an interface type.
func fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Pointer:
		if depth > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), depth-1)
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			v.SetBytes([]byte(`{"a":1}`))
		} else if depth > 0 && v.Type().Elem().Kind() != reflect.Interface {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fill(v.Index(0), depth-1)
			fill(v.Index(1), depth-1)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2024, 2, 3, 4, 5, 6, 7_000_000, time.UTC)))
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				fill(v.Field(i), depth)
			}
		}
	case reflect.String:
		v.SetString("1") // a json.Number has to be one
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(17)
	}
}

func filled[T any]() (v T) {
	fill(reflect.ValueOf(&v).Elem(), 2)
	return v
}

// channelJSON has every field that a channel of some type has.
func channelJSON(t discord.ChannelType, id int) string {
	return fmt.Sprintf(`{"id":"%d","type":%d,"guild_id":"17","position":3,"name":"n","topic":"t","nsfw":true,
		"permission_overwrites":[{"id":"5","type":0,"allow":"1024","deny":"2048"},{"id":"6","type":1,"allow":"1","deny":"2"}],
		"last_message_id":"8","rate_limit_per_user":9,"parent_id":"10","last_pin_timestamp":"2024-01-01T00:00:00Z",
		"default_auto_archive_duration":60,"bitrate":64000,"user_limit":11,"rtc_region":"r","video_quality_mode":2,
		"flags":16,"available_tags":[{"id":"12","name":"tag","moderated":true,"emoji_id":"13","emoji_name":"e"}],
		"default_reaction_emoji":{"emoji_id":"14","emoji_name":null},"default_thread_rate_limit_per_user":15,
		"default_sort_order":1,"default_forum_layout":2,"owner_id":"16","message_count":18,"total_message_sent":19,
		"member_count":20,"applied_tags":["12"],
		"thread_metadata":{"archived":true,"auto_archive_duration":60,"archive_timestamp":"2024-01-01T00:00:00Z","locked":true,"invitable":true,"create_timestamp":"2024-01-01T00:00:00Z"}}`, id, t)
}

var channelTypes = []discord.ChannelType{
	discord.ChannelTypeGuildText, discord.ChannelTypeGuildVoice, discord.ChannelTypeGuildCategory, discord.ChannelTypeGuildNews,
	discord.ChannelTypeGuildNewsThread, discord.ChannelTypeGuildPublicThread, discord.ChannelTypeGuildPrivateThread,
	discord.ChannelTypeGuildStageVoice, discord.ChannelTypeGuildForum, discord.ChannelTypeGuildMedia,
}

const someGuild snowflake.ID = 17

// fullCaches has one guild with something in every cache, and all that in every
// field.
func fullCaches(t *testing.T) *mirror {
	t.Helper()
	m := newMirror(cache.New(cache.WithCaches(cache.FlagsAll)))
	c := m.caches
	c.AddGuild(filled[discord.Guild]())
	for i, kind := range channelTypes {
		var channel discord.UnmarshalChannel
		if err := json.Unmarshal([]byte(channelJSON(kind, 100+i)), &channel); err != nil {
			t.Fatal(err)
		}
		c.AddChannel(channel.Channel.(discord.GuildChannel))
	}
	c.AddRole(filled[discord.Role]())
	c.AddMember(filled[discord.Member]())
	c.AddEmoji(filled[discord.Emoji]())
	c.AddSticker(filled[discord.Sticker]())
	c.AddStageInstance(filled[discord.StageInstance]())
	c.AddGuildScheduledEvent(filled[discord.GuildScheduledEvent]())
	c.AddGuildSoundboardSound(filled[discord.SoundboardSound]())
	c.AddPresence(filled[discord.Presence]())
	c.AddVoiceState(filled[discord.VoiceState]())
	inThread := filled[discord.ThreadMember]()
	inThread.ThreadID = 105
	c.AddThreadMember(inThread)
	for _, channel := range []snowflake.ID{100, 999} { // one of them cached
		message := filled[discord.Message]()
		message.ChannelID = channel
		c.AddMessage(message)
	}
	c.SetGuildUnready(someGuild, true)
	c.SetGuildUnavailable(someGuild, true)
	return m
}

// dump shows all of the caches, cache by cache, in a fixed order.
func dump(c cache.Caches) map[string][]string {
	all := make(map[string][]string)
	add := func(name string, v any) { all[name] = append(all[name], fmt.Sprintf("%#v", deref(reflect.ValueOf(v)))) }
	for v := range c.Guilds() {
		add("guild", v)
	}
	for v := range c.Channels() {
		add("channel", v)
	}
	dumpGroups(add, "role", c.RoleCache())
	dumpGroups(add, "member", c.MemberCache())
	dumpGroups(add, "emoji", c.EmojiCache())
	dumpGroups(add, "sticker", c.StickerCache())
	dumpGroups(add, "stage", c.StageInstanceCache())
	dumpGroups(add, "scheduled", c.GuildScheduledEventCache())
	dumpGroups(add, "sound", c.GuildSoundboardSoundCache())
	dumpGroups(add, "presence", c.PresenceCache())
	dumpGroups(add, "voice", c.VoiceStateCache())
	dumpGroups(add, "thread member", c.ThreadMemberCache())
	dumpGroups(add, "message", c.MessageCache())
	add("unready", c.UnreadyGuildIDs())
	add("unavailable", c.UnavailableGuildIDs())
	for _, lines := range all {
		slices.Sort(lines)
	}
	return all
}

func dumpGroups[T any](add func(string, any), name string, from cache.GroupedCache[T]) {
	for group, v := range from.All() {
		add(name, struct {
			Group snowflake.ID
			Value T
		}{group, v})
	}
}

// deref shows what pointers point to, so that equal values look equal.
func deref(v reflect.Value) any {
	data, err := json.Marshal(v.Interface())
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func sameCaches(t *testing.T, got, want cache.Caches) {
	t.Helper()
	g, w := dump(got), dump(want)
	for name := range w {
		if !reflect.DeepEqual(g[name], w[name]) {
			t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(g[name], "\n"), strings.Join(w[name], "\n"))
		}
	}
	for name := range g {
		if w[name] == nil {
			t.Errorf("%s: got %s, want none", name, g[name])
		}
	}
}

func TestAGuildArrivesAsItWas(t *testing.T) {
	m := fullCaches(t)
	record, ok, err := m.whole(someGuild)
	if err != nil || !ok {
		t.Fatalf("want a record, got %v, %v", ok, err)
	}
	next := newMirror(cache.New(cache.WithCaches(cache.FlagsAll)))
	if err := next.load(record.Payload); err != nil {
		t.Fatal(err)
	}
	sameCaches(t, next.caches, m.caches)
	for _, id := range slices.Sorted(func(yield func(snowflake.ID) bool) {
		for channel := range m.caches.Channels() {
			if !yield(channel.ID()) {
				return
			}
		}
	}) {
		want, _ := m.caches.Channel(id)
		got, _ := next.caches.Channel(id)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("channel of type %d:\n got %#v\nwant %#v", want.Type(), got, want)
		}
	}
}

func TestEveryEntityArrivesAsItWas(t *testing.T) {
	arrives[discord.Guild](t)
	arrives[discord.OAuth2User](t)
	arrives[discord.Role](t)
	arrives[discord.Member](t)
	arrives[discord.Emoji](t)
	arrives[discord.Sticker](t)
	arrives[discord.StageInstance](t)
	arrives[discord.GuildScheduledEvent](t)
	arrives[discord.SoundboardSound](t)
	arrives[discord.Presence](t)
	arrives[discord.VoiceState](t)
	arrives[discord.ThreadMember](t)
	arrives[discord.Message](t)
}

func arrives[T any](t *testing.T) {
	t.Helper()
	want := filled[T]()
	data, err := json.Marshal(want)
	if err != nil {
		t.Errorf("%T: %v", want, err)
		return
	}
	var got T
	if err := json.Unmarshal(data, &got); err != nil {
		t.Errorf("%T: %v\n%s", want, err, data)
		return
	}
	for _, path := range differences(reflect.ValueOf(got), reflect.ValueOf(want)) {
		if strings.Contains(path, ".Thread.Member.") {
			continue // lost by disgo: a message's thread encodes like a thread alone
		}
		t.Errorf("%T%s is lost: disgo does not encode it as it decodes it", want, path)
	}
}

// differences names the fields in which two values differ.
func differences(got, want reflect.Value) (paths []string) {
	within := func(name string, got, want reflect.Value) {
		for _, path := range differences(got, want) {
			paths = append(paths, name+path)
		}
	}
	if want, ok := want.Interface().(time.Time); ok { // disgo makes some local
		if !got.Interface().(time.Time).Equal(want) {
			return []string{""}
		}
		return nil
	}
	switch {
	case reflect.DeepEqual(got.Interface(), want.Interface()):
	case want.Kind() == reflect.Pointer && !got.IsNil() && !want.IsNil():
		within("", got.Elem(), want.Elem())
	case want.Kind() == reflect.Slice && got.Len() == want.Len():
		for i := range want.Len() {
			within(fmt.Sprintf("[%d]", i), got.Index(i), want.Index(i))
		}
	case want.Kind() == reflect.Struct:
		for i := range want.NumField() {
			if f := want.Type().Field(i); f.IsExported() {
				within("."+f.Name, got.Field(i), want.Field(i))
			}
		}
	default:
		paths = []string{""}
	}
	return paths
}

func TestABrokenRecordIsAnError(t *testing.T) {
	record, _, err := fullCaches(t).whole(someGuild)
	if err != nil {
		t.Fatal(err)
	}
	whole := record.Payload
	load := func(payload []byte) error {
		return newMirror(cache.New(cache.WithCaches(cache.FlagsAll))).load(payload)
	}
	for n := 0; n < len(whole); n += 1 + n/64 {
		if err := load(whole[:n]); err == nil {
			t.Fatalf("cut after %d of %d bytes: want an error", n, len(whole))
		}
	}
	for name, payload := range map[string][]byte{
		"nothing":           nil,
		"another value":     {0xc0},
		"too long":          append(slices.Clone(whole), 0),
		"a lie about parts": {0x93, 0xc4, 2, '{', '}', 0x90, 0xdd, 0xff, 0xff, 0xff, 0xff},
		"a lie about bytes": {0x93, 0xc6, 0x7f, 0xff, 0xff, 0xff},
	} {
		if err := load(payload); !errors.Is(err, errNotOurs) {
			t.Errorf("%s: want %v, got %v", name, errNotOurs, err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	m := newMirror(cache.New(cache.WithCaches(cache.FlagsAll)))
	m.caches.AddRole(discord.Role{ID: 1, GuildID: someGuild, Name: "a"})
	m.caches.AddMember(discord.Member{User: discord.User{ID: 2}, GuildID: someGuild})
	record, _, err := m.whole(someGuild)
	if err != nil {
		f.Fatal(err)
	}
	begin, err := m.begin(0, 1, true)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(record.Payload)
	f.Add(begin.Payload)
	f.Fuzz(func(t *testing.T, payload []byte) {
		next := newMirror(cache.New(cache.WithCaches(cache.FlagsAll)))
		if err := next.load(payload); err != nil {
			return
		}
		for _, guild := range next.guildsOf(0, 1) { // what came in goes out
			if _, _, err := next.whole(guild); err != nil {
				t.Errorf("guild %d: %v", guild, err)
			}
		}
	})
}
