package wire

import (
	"github.com/vmihailenco/msgpack/v5"
)

// SplitShards cuts a list of shards into parts, in order, each of which takes up at most room bytes of a body. A shard with its
// session takes about 160 bytes, so a few hundred fit into a control message; a slave with more sends several heartbeats.
// A shard that is larger than room by itself gets a part of its own. The parts share memory with the list.
func SplitShards(list []ShardInfo, room int) [][]ShardInfo {
	const head = 5 // of the longest list
	var parts [][]ShardInfo
	c := newEncoder(EvtHeartbeat, nil)
	defer msgpack.PutEncoder(c.enc)
	from, size := 0, head
	for i := range list {
		c.out.Reset()
		c.encode(&list[i])
		if i > from && size+c.out.Len() > room {
			parts = append(parts, list[from:i])
			from, size = i, head
		}
		size += c.out.Len()
	}
	if from < len(list) {
		parts = append(parts, list[from:])
	}
	return parts
}
