//go:build race

package simulate

// shuffled says that the scheduler is told to run goroutines in a random order.
const shuffled = true
