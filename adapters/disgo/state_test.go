package batondisgo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/disgoorg/disgo/cache"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/json/v2"
	"github.com/disgoorg/snowflake/v2"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/slaveclient"
)

// notes is a bot's own state: a text for each shard, which may grow.
type notes struct {
	kind string

	mu    sync.Mutex
	texts map[int][]string
	sent  map[int]int // how many texts of a shard Copy has sent
}

func (n *notes) Kind() string { return n.kind }

func (n *notes) add(shard int, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.texts == nil {
		n.texts, n.sent = make(map[int][]string), make(map[int]int)
	}
	n.texts[shard] = append(n.texts[shard], text)
}

func (n *notes) of(shard int) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.texts[shard]
}

func (n *notes) Export(_ context.Context, shard int, copied bool, send func(string, []byte) error) error {
	texts := n.of(shard)
	if copied {
		texts = texts[n.sent[shard]:]
	}
	for i, text := range texts {
		if err := send(fmt.Sprint(i), []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

func (n *notes) Import(_ context.Context, shard int, _ string, payload []byte) error {
	if string(payload) == "broken" {
		return errors.New("broken")
	}
	n.add(shard, string(payload))
	return nil
}

// copiedNotes can be sent ahead.
type copiedNotes struct{ notes }

func (n *copiedNotes) Copy(ctx context.Context, shard int, send func(string, []byte) error) error {
	if err := n.Export(ctx, shard, false, send); err != nil {
		return err
	}
	n.sent[shard] = len(n.of(shard))
	return nil
}

func TestABotsOwnStateTravelsWithTheShard(t *testing.T) {
	for _, ahead := range []bool{false, true} {
		t.Run(fmt.Sprintf("copied ahead %v", ahead), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, gatewaysim.Config{Shards: 2, Rate: 50})
			plain, copied := &notes{kind: "plain"}, &copiedNotes{notes{kind: "copied"}}
			plain2, copied2 := &notes{kind: "plain"}, &copiedNotes{notes{kind: "copied"}}
			for shard := range 2 {
				plain.add(shard, fmt.Sprint("plain ", shard))
				copied.add(shard, fmt.Sprint("copied ", shard))
			}
			old := r.bot(t, "old", Config{States: []State{plain, copied, &notes{kind: "dropped", texts: map[int][]string{1: {"x"}}}}})
			next := r.bot(t, "new", Config{States: []State{plain2, copied2}})
			r.startAll(t, old)
			if _, err := move(testContext(t), old, next, 1, 2, ahead); err != nil {
				t.Fatal(err)
			}
			if len(plain2.of(0)) != 0 || len(copied2.of(0)) != 0 {
				t.Error("want nothing of the shard that stayed")
			}
			if got := fmt.Sprint(plain2.of(1), copied2.of(1)); got != "[plain 1] [copied 1]" {
				t.Errorf("want what the shard had, each once, got %s", got)
			}
		})
	}
}

func TestAStateThatIsNotTakenInFailsTheLoad(t *testing.T) {
	r := newRig(t, gatewaysim.Config{})
	b := r.bot(t, "bot", Config{States: []State{&notes{kind: "mine"}}})
	for _, record := range []slaveclient.Record{
		{Kind: "mine", Key: "k", Payload: []byte("broken")},
		{Kind: slaveclient.KindGuild, Key: "k", Payload: []byte("broken")},
	} {
		err := b.LoadGuildState(testContext(t), 0, record)
		var wrong *StateError
		if !errors.As(err, &wrong) || wrong.Kind != record.Kind || wrong.Key != "k" {
			t.Errorf("%s: want a StateError, got %v", record.Kind, err)
		}
	}
	if err := b.LoadGuildState(testContext(t), 0, slaveclient.Record{Kind: "unheard of"}); err != nil {
		t.Errorf("want a kind that only the old version has left out, got %v", err)
	}
}

// wires carries records between two mirrors.
type wires struct {
	to      *mirror
	copied  bool
	records int
}

func (w *wires) Send(_ context.Context, r slaveclient.Record) error {
	w.records++
	return w.to.load(r.Payload)
}

func (w *wires) Copied() bool { return w.copied }

func (w *wires) Dropped() bool { return false }

// world changes caches at random, with the same ids again and again.
type world struct {
	*rand.Rand
	caches cache.Caches
}

const worldShards = 3

func (w *world) id(base, n int) snowflake.ID { return snowflake.ID(base + w.IntN(n)) }

// guild i of worldShards*2 is on shard i%worldShards; no channel has a guild's id.
func (w *world) guild() snowflake.ID { return w.id(1, 2*worldShards) << 22 }

func (w *world) step() {
	c, guild, id := w.caches, w.guild(), w.id(1000, 4)
	channel := guild + id
	text := fmt.Sprint("text ", w.IntN(1000))
	switch w.IntN(20) {
	case 0:
		c.AddGuild(discord.Guild{ID: guild, Name: text})
	case 1:
		c.RemoveGuild(guild)
	case 2, 3:
		var u discord.UnmarshalChannel
		if err := json.Unmarshal(fmt.Appendf(nil, `{"id":"%d","guild_id":"%d","type":0,"name":%q}`, channel, guild, text), &u); err == nil {
			c.AddChannel(u.Channel.(discord.GuildChannel))
		}
	case 4:
		c.RemoveChannel(channel)
	case 5:
		c.RemoveChannelsByGuildID(guild)
	case 6, 7:
		c.AddRole(discord.Role{ID: id, GuildID: guild, Name: text})
	case 8:
		c.RemoveRole(guild, id)
	case 9, 10:
		c.AddMember(discord.Member{User: discord.User{ID: id}, GuildID: guild, Nick: &text})
	case 11:
		c.RemoveMembersByGuildID(guild)
	case 12:
		if _, ok := c.Channel(channel); ok { // as disgo does it
			c.AddThreadMember(discord.ThreadMember{ThreadID: channel, UserID: id})
		}
	case 13:
		c.RemoveThreadMember(channel, id)
	case 14:
		if _, ok := c.Channel(channel); ok {
			c.AddMessage(discord.Message{ID: id, ChannelID: channel, GuildID: &guild, Content: text})
		}
	case 15:
		c.RemoveMessagesByGuildID(guild)
	case 16:
		c.AddMessage(discord.Message{ID: id, ChannelID: 77, Content: text})
	case 17:
		c.SetGuildUnready(guild, w.IntN(2) == 0)
	case 18:
		c.SetGuildUnavailable(guild, w.IntN(2) == 0)
	case 19:
		c.EmojiCache().RemoveIf(func(snowflake.ID, discord.Emoji) bool { return w.IntN(2) == 0 })
		c.AddEmoji(discord.Emoji{ID: id, GuildID: guild, Name: text})
	}
}

func TestCopyAndChangesTogetherAreTheState(t *testing.T) {
	for seed := range uint64(200) {
		w := &world{Rand: rand.New(rand.NewPCG(seed, 1))}
		from := newMirror(cache.New(cache.WithCaches(cache.FlagsAll)))
		to := newMirror(cache.New(cache.WithCaches(cache.FlagsAll)))
		w.caches = to.caches
		for range w.IntN(100) {
			w.step() // what an earlier attempt has left behind
		}
		w.caches = from.caches
		for range 150 {
			w.step()
		}
		b := &Bot{mirror: from, turns: newTurns(), shards: worldShards}
		ctx := context.Background()
		for shard := range worldShards {
			out := &wires{to: to}
			if copies := w.IntN(3); copies > 0 {
				for range copies {
					if err := b.CopyShard(ctx, shard, out); err != nil {
						t.Fatal(err)
					}
					for range w.IntN(60) {
						w.step()
					}
				}
				out.copied = true
			}
			if err := b.sendRest(ctx, shard, out); err != nil {
				t.Fatal(err)
			}
			b.turns.pass(shard)
			for _, guild := range from.guildsOf(shard, worldShards) {
				sameGuild(t, fmt.Sprintf("seed %d, guild %d", seed, guild), to, from, guild)
			}
			for _, guild := range to.guildsOf(shard, worldShards) {
				sameGuild(t, fmt.Sprintf("seed %d, guild %d at the receiver", seed, guild), to, from, guild)
			}
		}
		if t.Failed() {
			return
		}
	}
}

// sameGuild compares what two mirrors have of a guild, by its record.
func sameGuild(t *testing.T, name string, got, want *mirror, guild snowflake.ID) {
	t.Helper()
	images := make([]string, 2)
	for i, m := range []*mirror{got, want} {
		record, ok, err := m.whole(guild)
		m.endCopy(guild)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			continue
		}
		in, err := decode(record.Payload)
		if err != nil {
			t.Fatal(err)
		}
		images[i] = describe(in)
	}
	if images[0] != images[1] {
		t.Errorf("%s:\n got %s\nwant %s", name, images[0], images[1])
	}
}

// describe shows a record without the order that maps give it.
func describe(in *image) string {
	var lines []string
	for _, channel := range in.channels {
		lines = append(lines, fmt.Sprintf("channel %+v", channel))
	}
	for _, p := range in.parts {
		var entities []json.RawMessage
		if err := json.Unmarshal(p.data, &entities); err != nil {
			return err.Error()
		}
		for _, entity := range entities {
			lines = append(lines, fmt.Sprint(p.section, " of ", p.group, " ", string(entity)))
		}
	}
	slices.Sort(lines)
	guild := ""
	if in.Entity != nil {
		guild = in.Entity.Name
	}
	return fmt.Sprint(in.Guild, guild, in.Unready, in.Unavailable, "\n", strings.Join(lines, "\n"))
}
