package wire

import (
	"reflect"
	"strings"
	"testing"
)

func TestSplitShardsKeepsEveryShardAndFitsTheRoom(t *testing.T) {
	var list []ShardInfo
	for shard := range 1000 {
		list = append(list, ShardInfo{
			Shard: shard, Epoch: 3, Phase: "running", SessionID: strings.Repeat("f", shard%64), Sequence: 123456,
			ResumeURL: "wss://gateway-us-east1-b.discord.gg",
		})
	}
	empty := len(encodeBody(t, &HeartbeatData{}))
	for _, room := range []int{1000, 4000, DefaultControlLimit - 1000} {
		var joined []ShardInfo
		parts := SplitShards(list, room)
		for i, part := range parts {
			joined = append(joined, part...)
			size := len(encodeBody(t, &HeartbeatData{Shards: part})) - empty
			if size > room+len("\xa6Shards") {
				t.Errorf("room for %d bytes: part %d takes %d", room, i, size)
			}
			if i+1 < len(parts) {
				more := len(encodeBody(t, &HeartbeatData{Shards: append(part[:len(part):len(part)], parts[i+1][0])})) - empty
				if more+len("\xdd\x00\x00\x00\x00") < room {
					t.Errorf("room for %d bytes: part %d takes %d and could have one shard more", room, i, size)
				}
			}
		}
		if !reflect.DeepEqual(joined, list) {
			t.Errorf("room for %d bytes: the parts are not the list", room)
		}
	}
}

func TestSplitShardsGivesAShardThatIsTooLargeAPartOfItsOwn(t *testing.T) {
	list := []ShardInfo{{Shard: 1}, {Shard: 2, SessionID: strings.Repeat("x", 1000)}, {Shard: 3}, {Shard: 4}}
	want := [][]ShardInfo{list[:1], list[1:2], list[2:]}
	if got := SplitShards(list, 100); !reflect.DeepEqual(got, want) {
		t.Errorf("want %v, got %v", want, got)
	}
	if got := SplitShards(nil, 100); got != nil {
		t.Errorf("want no part of no list, got %v", got)
	}
}
