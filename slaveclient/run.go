package slaveclient

import (
	"context"
	"errors"
	"os"
)

// Run serves the bot's side of the protocol until this process is no longer
// needed. It returns nil when that end came in order: the master said Shutdown
// and the bot's Shutdown returned nil, or ctx ended and it did.
//
// Otherwise it returns a [*ConfigError] before anything was started, a
// [*RefusedError] when the master does not want this slave, or what the bot's
// Shutdown returned. A master that cannot be reached is no reason to return.
//
// Run may be called once per process. While it runs, writing to a pipe that
// nobody reads any more does not end the process: the output of a bot that the
// master launched goes to the master, which the bot outlives.
func Run(ctx context.Context, cfg Config, bot Bot) error {
	if _, err := cfg.withDefaults(os.Getenv); err != nil {
		return err
	}
	return errors.ErrUnsupported
}
