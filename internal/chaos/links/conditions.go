package links

import "time"

// Conditions are what a link is like. The zero value passes everything on at once.
type Conditions struct {
	// Latency is added to each direction.
	Latency time.Duration
	// BytesPerSecond bounds each direction; 0 means no bound.
	BytesPerSecond int
	// Piece is the most that is passed on by one write; 0 means 4 KiB. Frames longer
	// than that arrive in parts, their headers too when it is below 8.
	Piece int
}

// size is how much is read at once.
func (c Conditions) size() int {
	if c.Piece <= 0 || c.Piece > piece {
		return piece
	}
	return c.Piece
}

// free is the time that a piece of so many bytes occupies the link.
func (c Conditions) free(bytes int) time.Duration {
	if c.BytesPerSecond <= 0 {
		return 0
	}
	return time.Duration(float64(bytes) / float64(c.BytesPerSecond) * float64(time.Second))
}
