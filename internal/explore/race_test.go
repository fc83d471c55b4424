//go:build race

package explore_test

// raceDetector says that the tests run with the race detector, which makes a search
// ten times slower: it then looks at the beginning of each configuration.
const raceDetector = true
