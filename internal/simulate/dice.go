package simulate

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// dice draw for one purpose. Each purpose has dice of its own, made from the seed and
// its name, so that a draw more for one of them changes nothing for the others.
type dice struct{ *rand.Rand }

func newDice(seed uint64, name string) dice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // it never fails
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// chance is true with the probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between draws a number of from..to.
func (d dice) between(from, to int) int { return from + d.IntN(to-from+1) }

// span draws a time of from..to, to the nanosecond.
func (d dice) span(from, to time.Duration) time.Duration {
	return from + time.Duration(d.Int64N(int64(to-from)+1))
}

// pick draws one of the values.
func pick[T any](d dice, values ...T) T { return values[d.IntN(len(values))] }
