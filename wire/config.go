package wire

import (
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"
)

// The defaults of ConnConfig.
const (
	DefaultWriteTimeout = 10 * time.Second
	DefaultQueueLimit   = 1 << 20
)

// ConnConfig configures a Conn. The zero value is the documented default.
type ConnConfig struct {
	// ID is what Conn.ID returns: a name for the connection, of the owner's choice.
	ID int64
	// Limits bound the bodies in both directions.
	Limits Limits
	// WriteTimeout is how long the peer may take to accept the next 256 KiB, or what there is of them, before the
	// connection is closed. 0: DefaultWriteTimeout. Negative: for ever.
	WriteTimeout time.Duration
	// QueueLimit is how many bytes may wait to be written when Enqueue adds a frame. 0: DefaultQueueLimit.
	QueueLimit int
	// Logger gets what SendLogErr has to say. nil: nobody.
	Logger *zap.Logger
}

// Validate names, in one joined error, each field that cannot be used.
func (c ConnConfig) Validate() error {
	var errs []error
	if err := c.Limits.Validate(); err != nil {
		errs = append(errs, err)
	}
	if c.QueueLimit < 0 {
		errs = append(errs, fmt.Errorf("wire: ConnConfig.QueueLimit: want 0 (the default) or more bytes, got %d", c.QueueLimit))
	}
	return errors.Join(errs...)
}

func (c ConnConfig) withDefaults() ConnConfig {
	if c.WriteTimeout == 0 {
		c.WriteTimeout = DefaultWriteTimeout
	}
	if c.QueueLimit == 0 {
		c.QueueLimit = DefaultQueueLimit
	}
	if c.Logger == nil {
		c.Logger = zap.NewNop()
	}
	return c
}
