package wire

// One listing of fields per body, in wire order. The codec walks it to encode and to decode a map or an array; so what
// is written and what is read cannot differ.

type data interface{ fields(c *codec) }

func (d *ShardInfo) fields(c *codec) {
	signed(c, "Shard", &d.Shard, always)
	unsigned(c, "Epoch", &d.Epoch, nonzero)
	text(c, "Phase", &d.Phase, nonzero)
	text(c, "SessionID", &d.SessionID, nonzero)
	signed(c, "Sequence", &d.Sequence, nonzero)
	text(c, "ResumeURL", &d.ResumeURL, nonzero)
}

func (d *SlaveHelloData) fields(c *codec) {
	boolean(c, "Running", &d.Running, always)
	signed(c, "Protocol", &d.Protocol, nonzero)
	text(c, "SlaveID", &d.SlaveID, nonzero)
	text(c, "Token", &d.Token, nonzero)
	text(c, "Version", &d.Version, nonzero)
	signed(c, "NumShards", &d.NumShards, nonzero)
	text(c, "Link", &d.Link, nonzero)
	boolean(c, "PreCopy", &d.PreCopy, nonzero)
	boolean(c, "Arm", &d.Arm, nonzero)
	boolean(c, "Stateless", &d.Stateless, nonzero)
	shards(c, "Shards", &d.Shards, nonzero)
}

func (d *WelcomeData) fields(c *codec) {
	signed(c, "Protocol", &d.Protocol, nonzero)
	text(c, "SlaveID", &d.SlaveID, nonzero)
	signed(c, "Heartbeat", &d.Heartbeat, nonzero)
	signed(c, "Lease", &d.Lease, nonzero)
}

func (d *StartData) fields(c *codec) {
	signed(c, "NumShards", &d.NumShards, nonzero)
	shards(c, "Shards", &d.Shards, nonzero)
}

func (d *ShardMigrationStartData) fields(c *codec) {
	boolean(c, "FromThisSlave", &d.FromThisSlave, always)
	signed(c, "NumShards", &d.NumShards, always)
	shards(c, "Shards", &d.Shards, nonzero)
}

func (d *StopShardData) fields(c *codec) {
	signed(c, "Shard", &d.Shard, always)
	text(c, "SessionID", &d.SessionID, always)
	signed(c, "Sequence", &d.Sequence, always)
	unsigned(c, "Epoch", &d.Epoch, nonzero)
}

func (d *ShardStoppedData) fields(c *codec) {
	signed(c, "Shard", &d.Shard, always)
	text(c, "SessionID", &d.SessionID, always)
	signed(c, "Sequence", &d.Sequence, always)
	text(c, "ResumeURL", &d.ResumeURL, nonzero)
	unsigned(c, "Epoch", &d.Epoch, nonzero)
	unsigned(c, "Records", &d.Records, nonzero)
	octets(c, "Digest", &d.Digest, nonzero)
}

func (d *ResumeShardData) fields(c *codec) {
	signed(c, "Shard", &d.Shard, always)
	text(c, "SessionID", &d.SessionID, always)
	signed(c, "Sequence", &d.Sequence, always)
	text(c, "ResumeURL", &d.ResumeURL, nonzero)
	unsigned(c, "Epoch", &d.Epoch, nonzero)
	unsigned(c, "Records", &d.Records, nonzero)
	octets(c, "Digest", &d.Digest, nonzero)
	boolean(c, "Fresh", &d.Fresh, nonzero)
}

func (d *GuildStateData) fields(c *codec) {
	value(c, "GuildState", &d.GuildState, always)
}

func (d *StateRecordData) fields(c *codec) {
	signed(c, "Shard", &d.Shard, always)
	unsigned(c, "Epoch", &d.Epoch, always)
	unsigned(c, "Number", &d.Number, nonzero)
	text(c, "Kind", &d.Kind, nonzero)
	text(c, "Key", &d.Key, nonzero)
	octets(c, "Payload", &d.Payload, nonzero)
}

func (d *HeartbeatData) fields(c *codec) {
	unsigned(c, "Beat", &d.Beat, nonzero)
	text(c, "Unhealthy", &d.Unhealthy, nonzero)
	shards(c, "Shards", &d.Shards, nonzero)
}

func (d *FailureData) fields(c *codec) {
	unsigned(c, "Event", &d.Event, always)
	signed(c, "Shard", &d.Shard, always)
	unsigned(c, "Epoch", &d.Epoch, nonzero)
	text(c, "Phase", &d.Phase, nonzero)
	text(c, "SessionID", &d.SessionID, nonzero)
	signed(c, "Sequence", &d.Sequence, nonzero)
	text(c, "ResumeURL", &d.ResumeURL, nonzero)
	text(c, "Code", &d.Code, nonzero)
	text(c, "Text", &d.Text, nonzero)
}

func (d *CopyShardData) fields(c *codec) {
	signed(c, "Shard", &d.Shard, always)
	unsigned(c, "Epoch", &d.Epoch, nonzero)
	unsigned(c, "Records", &d.Records, nonzero)
}

func (d *ArmShardData) fields(c *codec) {
	signed(c, "Shard", &d.Shard, always)
	unsigned(c, "Epoch", &d.Epoch, nonzero)
	unsigned(c, "Records", &d.Records, nonzero)
	text(c, "ResumeURL", &d.ResumeURL, nonzero)
	boolean(c, "Armed", &d.Armed, nonzero)
}
