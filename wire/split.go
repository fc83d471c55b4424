package wire

// SplitShards cuts a list of shards into parts, in order, each of which takes up at most room bytes of a body. A shard with its
// session takes about 160 bytes, so a few hundred fit into a control message; a slave with more sends several heartbeats.
// A shard that is larger than room by itself gets a part of its own. The parts share memory with the list.
func SplitShards(list []ShardInfo, room int) [][]ShardInfo {
	const head = 5 // of the longest list
	var parts [][]ShardInfo
	var c codec
	from, size := 0, head
	for i := range list {
		c.dst = c.dst[:0]
		c.encode(&list[i])
		if i > from && size+len(c.dst) > room {
			parts = append(parts, list[from:i])
			from, size = i, head
		}
		size += len(c.dst)
	}
	if from < len(list) {
		parts = append(parts, list[from:])
	}
	return parts
}
