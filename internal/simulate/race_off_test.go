//go:build !race

package simulate

// shuffled says that the scheduler is told to run goroutines in a random order.
const shuffled = false

// usualSeeds is how many are played within half a minute.
const usualSeeds = 200
