package gatewaysim

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// query reads the parameters of an admin request. It remembers what is wrong with
// them until finish.
type query struct {
	values url.Values
	errs   []error
}

// take returns a parameter and strikes it out, so that finish can name the
// parameters that nobody asked for.
func (q *query) take(name string) string {
	value := q.values.Get(name)
	q.values.Del(name)
	return value
}

func (q *query) wrong(name, want, got string) {
	q.errs = append(q.errs, fmt.Errorf("%s: want %s, got %q", name, want, got))
}

// finish returns all that is wrong.
func (q *query) finish() error {
	for name := range q.values {
		q.errs = append(q.errs, fmt.Errorf("%s: no such parameter here", name))
	}
	return errors.Join(q.errs...)
}

// target reads shard (a number, or all) and shards (a count, or none for any).
func (q *query) target() Target {
	t := Target{Shard: All, Shards: q.number("shards", All)}
	switch text := q.take("shard"); text {
	case "all":
	default:
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			q.wrong("shard", "a shard's number or all", text)
		}
		t.Shard = n
	}
	return t
}

func (q *query) number(name string, otherwise int) int {
	text := q.take(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		q.wrong(name, "a number", text)
	}
	return n
}

func (q *query) closeCode(name string) int {
	text := q.take(name)
	n, err := strconv.Atoi(text)
	if err != nil || n != 1000 && n != 1001 && (n < 3000 || n > 4999) {
		q.wrong(name, "1000, 1001 or 3000 to 4999", text)
	}
	return n
}

func (q *query) rate(name string) float64 {
	text := q.take(name)
	rate, err := strconv.ParseFloat(text, 64)
	if err != nil || !(rate >= 0 && rate <= maxRate) {
		q.wrong(name, fmt.Sprintf("0 to %v events per second and shard", float64(maxRate)), text)
	}
	return rate
}

func (q *query) truth(name string) bool {
	text := q.take(name)
	if text == "" {
		return false
	}
	b, err := strconv.ParseBool(text)
	if err != nil {
		q.wrong(name, "true or false", text)
	}
	return b
}

func (q *query) duration(name string) time.Duration {
	text := q.take(name)
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		q.wrong(name, "a duration such as 300ms", text)
	}
	return d
}

// defaultLimit is how long a request waits unless it says otherwise.
const defaultLimit = time.Minute

// withLimit bounds a request's wait; 0 means defaultLimit.
func withLimit(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit == 0 {
		limit = defaultLimit
	}
	return context.WithTimeout(ctx, limit)
}
