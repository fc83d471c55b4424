package ledger

import (
	"fmt"
	"strconv"
	"strings"
)

// Text is what an event carries in its text field (a message's content, a
// guild's description, a member's nickname): "event 12 after 7". previous is the
// number of the event that changed the same thing before, 0 for none.
func Text(number, previous uint64) string {
	return string(AppendText(nil, number, previous))
}

// AppendText appends Text to dst.
func AppendText(dst []byte, number, previous uint64) []byte {
	dst = append(dst, "event "...)
	dst = strconv.AppendUint(dst, number, 10)
	dst = append(dst, " after "...)
	return strconv.AppendUint(dst, previous, 10)
}

// ParseText reads what Text wrote. ok is false for any other text.
//
// A bot that gets a GUILD_UPDATE finds the event's number in the new
// description; number of the description that it had in its cache is the Previous
// to report.
func ParseText(text string) (number, previous uint64, ok bool) {
	rest, found := strings.CutPrefix(text, "event ")
	if !found {
		return 0, 0, false
	}
	a, b, found := strings.Cut(rest, " after ")
	if !found {
		return 0, 0, false
	}
	number, err := strconv.ParseUint(a, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	previous, err = strconv.ParseUint(b, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	return number, previous, true
}

// Stream names the events of one shard at one shard count.
type Stream struct {
	Shard  int `json:"shard"`
	Shards int `json:"shards"`
}

// String returns "shard/shards".
func (s Stream) String() string { return fmt.Sprintf("%d/%d", s.Shard, s.Shards) }

func parseStream(text string) (Stream, error) {
	a, b, _ := strings.Cut(text, "/")
	shard, err1 := strconv.Atoi(a)
	shards, err2 := strconv.Atoi(b)
	if err1 != nil || err2 != nil || shard < 0 || shard >= shards {
		return Stream{}, fmt.Errorf("want shard/shards, got %q", text)
	}
	return Stream{shard, shards}, nil
}
