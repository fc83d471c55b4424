package master

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shardbaton/baton/master/core"
)

// The keys of a journal. A shard's has five digits, so that people find them in
// order; a slave's and a launch's end in the slave's id, escaped as in an URL's path.
const (
	shardsKey   = "shards"
	upgradeKey  = "upgrade"
	commandKey  = "command"
	shardPrefix = "shard/"
	slavePrefix = "slave/"
	launchPre   = "launch/"
)

// entryVersion is the "v" of every value. An entry of another one is not read.
const entryVersion = 1

var (
	// ErrJournalNewer says that a later version of Baton has written to the journal.
	ErrJournalNewer = errors.New("written by a newer Baton: run that, or set the journal aside and start with an empty one")
	// ErrJournalDamaged says that the journal's entries do not make sense, although
	// the store has returned them as good.
	ErrJournalDamaged = errors.New("the journal makes no sense: restore it from a copy, or set it aside and start with an empty one")
)

// JournalError says which entry of a journal cannot be used. It wraps
// [ErrJournalNewer] or [ErrJournalDamaged].
type JournalError struct {
	Key string
	Err error
}

// Error names the entry and what is wrong with it.
func (e *JournalError) Error() string {
	return fmt.Sprintf("master: journal entry %q: %v", e.Key, e.Err)
}

// Unwrap returns what is wrong.
func (e *JournalError) Unwrap() error { return e.Err }

// nonsense returns an ErrJournalDamaged with the reason.
func nonsense(key, format string, args ...any) error {
	return &JournalError{Key: key, Err: fmt.Errorf("%w (%w)", ErrJournalDamaged, fmt.Errorf(format, args...))}
}

func shardKey(shard int) string { return fmt.Sprintf("%s%05d", shardPrefix, shard) }

// idKey returns the key of a slave's entry. Slaves choose their ids, so a long one
// is replaced by its digest; no escaped id begins like that.
func idKey(prefix string, id core.SlaveID) string {
	if escaped := url.PathEscape(string(id)); len(escaped) <= MaxJournalKey/2 {
		return prefix + escaped
	}
	digest := sha256.Sum256([]byte(id))
	return prefix + "#" + hex.EncodeToString(digest[:])
}

// text is a string in JSON. One that is no UTF-8, which JSON cannot hold, is an array
// with its base64.
type text string

// MarshalJSON implements [json.Marshaler].
func (t text) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return json.Marshal(string(t))
	}
	return json.Marshal([1][]byte{[]byte(t)})
}

// UnmarshalJSON implements [json.Unmarshaler].
func (t *text) UnmarshalJSON(b []byte) error {
	if !bytes.HasPrefix(b, []byte("[")) {
		return json.Unmarshal(b, (*string)(t))
	}
	var raw [][]byte
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	if len(raw) != 1 {
		return fmt.Errorf("an array of %d strings: want 1", len(raw))
	}
	*t = text(raw[0])
	return nil
}

// texts converts lists of strings of one kind into another.
func texts[To, From ~string](from []From) []To {
	if len(from) == 0 {
		return nil
	}
	to := make([]To, len(from))
	for i, s := range from {
		to[i] = To(s)
	}
	return to
}

// The values of the entries.
type (
	version struct {
		V int `json:"v"`
	}
	shardsEntry struct {
		version
		Shards int `json:"shards"`
	}
	shardEntry struct {
		version
		Owner   text          `json:"owner,omitempty"`
		Epoch   uint64        `json:"epoch"`
		Issued  uint64        `json:"issued"`
		Session *sessionEntry `json:"session,omitempty"`
	}
	sessionEntry struct {
		ID        text  `json:"id"`
		Sequence  int64 `json:"seq"`
		ResumeURL text  `json:"url,omitempty"`
		// At is when the core had it written down, in milliseconds of Unix time.
		At int64 `json:"at"`
	}
	slaveEntry struct {
		version
		Slave text `json:"slave"`
		// Place orders the slaves: those that became known later have greater ones.
		Place    uint64 `json:"place"`
		Dialect  int    `json:"dialect,omitempty"`
		Launched bool   `json:"launched,omitempty"`
		Ending   bool   `json:"ending,omitempty"`
		// Lease is in nanoseconds.
		Lease time.Duration `json:"lease,omitempty"`
	}
	launchEntry struct {
		version
		Slave  text `json:"slave"`
		Token  text `json:"token"`
		Handle text `json:"handle,omitempty"`
	}
	commandEntry struct {
		version
		Command []text `json:"command"`
	}
	upgradeEntry struct {
		version
		Upgrade   text        `json:"upgrade"`
		Plan      planEntry   `json:"plan"`
		NumShards int         `json:"num_shards"`
		Soft      bool        `json:"soft,omitempty"`
		Parts     []partEntry `json:"parts,omitempty"`
		Committed bool        `json:"committed,omitempty"`
	}
	partEntry struct {
		Slave  text  `json:"slave"`
		Source bool  `json:"source,omitempty"`
		Shards []int `json:"shards,omitempty"`
	}
	// planEntry is a [core.Plan]; durations are in nanoseconds.
	planEntry struct {
		Slaves       []text        `json:"slaves,omitempty"`
		NumShards    int           `json:"num_shards,omitempty"`
		Parallel     int           `json:"parallel,omitempty"`
		Command      []text        `json:"command,omitempty"`
		Canary       int           `json:"canary,omitempty"`
		CanaryShards []int         `json:"canary_shards,omitempty"`
		Hold         time.Duration `json:"hold,omitempty"`
		Healthy      time.Duration `json:"healthy,omitempty"`
		Progress     time.Duration `json:"progress,omitempty"`
		Total        time.Duration `json:"total,omitempty"`
		PauseLimit   time.Duration `json:"pause_limit,omitempty"`
		OnFailure    text          `json:"on_failure,omitempty"`
	}
)

func (e shardEntry) record() (core.ShardRecord, time.Time) {
	r := core.ShardRecord{Owner: core.SlaveID(e.Owner), Epoch: e.Epoch, Issued: e.Issued}
	if e.Session == nil {
		return r, time.Time{}
	}
	r.Session = core.Session{ID: string(e.Session.ID), Sequence: e.Session.Sequence, ResumeURL: string(e.Session.ResumeURL)}
	return r, time.UnixMilli(e.Session.At)
}

func entryOfShard(r core.ShardRecord, at time.Time) shardEntry {
	e := shardEntry{version: version{entryVersion}, Owner: text(r.Owner), Epoch: r.Epoch, Issued: r.Issued}
	if r.Session != (core.Session{}) {
		e.Session = &sessionEntry{
			ID: text(r.Session.ID), Sequence: r.Session.Sequence, ResumeURL: text(r.Session.ResumeURL), At: at.UnixMilli(),
		}
	}
	return e
}

func (e upgradeEntry) record() *core.UpgradeRecord {
	r := &core.UpgradeRecord{
		Upgrade: core.UpgradeID(e.Upgrade), Plan: e.Plan.plan(), NumShards: e.NumShards, Soft: e.Soft, Committed: e.Committed,
	}
	for _, p := range e.Parts {
		r.Parts = append(r.Parts, core.PartRecord{Slave: core.SlaveID(p.Slave), Source: p.Source, Shards: p.Shards})
	}
	return r
}

func entryOfUpgrade(r *core.UpgradeRecord) upgradeEntry {
	e := upgradeEntry{
		version: version{entryVersion}, Upgrade: text(r.Upgrade), Plan: entryOfPlan(r.Plan), NumShards: r.NumShards,
		Soft: r.Soft, Committed: r.Committed,
	}
	for _, p := range r.Parts {
		e.Parts = append(e.Parts, partEntry{Slave: text(p.Slave), Source: p.Source, Shards: p.Shards})
	}
	return e
}

func (e planEntry) plan() core.Plan {
	return core.Plan{
		Slaves: texts[core.SlaveID](e.Slaves), NumShards: e.NumShards, Parallel: e.Parallel, Command: texts[string](e.Command),
		Canary: e.Canary, CanaryShards: e.CanaryShards, Hold: e.Hold, Healthy: e.Healthy,
		Progress: e.Progress, Total: e.Total, PauseLimit: e.PauseLimit, OnFailure: core.OnFailure(e.OnFailure),
	}
}

func entryOfPlan(p core.Plan) planEntry {
	return planEntry{
		Slaves: texts[text](p.Slaves), NumShards: p.NumShards, Parallel: p.Parallel, Command: texts[text](p.Command),
		Canary: p.Canary, CanaryShards: p.CanaryShards, Hold: p.Hold, Healthy: p.Healthy,
		Progress: p.Progress, Total: p.Total, PauseLimit: p.PauseLimit, OnFailure: text(p.OnFailure),
	}
}

// decodeEntry reads a value of this version into e. What this version does not know
// is an error: to go on without it would be to decide from less than was known.
func decodeEntry(key string, value []byte, e any) error {
	var found version
	if err := json.Unmarshal(value, &found); err != nil {
		return nonsense(key, "%w", err)
	}
	if found.V > entryVersion {
		return &JournalError{Key: key, Err: fmt.Errorf("%w (its version is %d, this Baton knows %d)", ErrJournalNewer, found.V, entryVersion)}
	}
	if found.V < entryVersion {
		return nonsense(key, "there is no version %d", found.V)
	}
	d := json.NewDecoder(bytes.NewReader(value))
	d.DisallowUnknownFields()
	if err := d.Decode(e); err != nil {
		return nonsense(key, "%w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nonsense(key, "more follows behind the value")
	}
	return nil
}

// parseShardKey returns the shard of a key that has the prefix.
func parseShardKey(key string) (int, error) {
	shard, err := strconv.Atoi(strings.TrimPrefix(key, shardPrefix))
	if err != nil || shard < 0 || shardKey(shard) != key {
		return 0, nonsense(key, "want a shard as five digits")
	}
	return shard, nil
}
