package slaveclient

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrSenderVoid is returned by [StateSender.Send] after the callback that the
// sender was made for has returned.
var ErrSenderVoid = errors.New("slaveclient: the callback that this sender was made for has returned: send within it")

// ConfigError is returned by [Run] for a [Config] that cannot be used.
type ConfigError struct {
	// Problems has one error for each field, which it names.
	Problems []error
}

// Error names every field that is wrong.
func (e *ConfigError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.Error()
	}
	return "slaveclient: config: " + strings.Join(texts, "; ")
}

// Unwrap returns the problems.
func (e *ConfigError) Unwrap() []error { return e.Problems }

// RefusedError is returned by [Run] when the master does not accept this slave
// and it runs no shard that would be a reason to go on without a master.
type RefusedError struct {
	// Code and Text are the master's, see wire.FailureData.
	Code, Text string
}

// Error gives the master's reason.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("slaveclient: the master refused this slave (%s): %s", e.Code, e.Text)
}

// ShutdownError is returned by [Run] when the bot's Shutdown returned an error, or
// did not return in time.
type ShutdownError struct{ Err error }

// Error gives the bot's reason.
func (e *ShutdownError) Error() string {
	return "slaveclient: the bot did not shut down in order: " + e.Err.Error()
}

// Unwrap returns what Shutdown returned.
func (e *ShutdownError) Unwrap() error { return e.Err }

// timeoutError is the cause of the end of a callback's context.
type timeoutError struct {
	callback string
	after    time.Duration
}

func (e *timeoutError) Error() string {
	return fmt.Sprintf("%s had not finished after %v", e.callback, e.after)
}

func (e *timeoutError) Unwrap() error { return context.DeadlineExceeded }

// CallbackPanic is the error of a callback that panicked. The master is told
// that the callback failed; the stack is in the log.
type CallbackPanic struct {
	// Callback is the method's name, as in "StopShard".
	Callback string
	// Shard is the shard that it was called for, or -1.
	Shard int
	// Value is what it panicked with, and Stack where.
	Value any
	Stack []byte
}

// Error names the callback and the value; the stack is left to the caller.
func (e *CallbackPanic) Error() string {
	if e.Shard < 0 {
		return fmt.Sprintf("slaveclient: %s panicked: %v", e.Callback, e.Value)
	}
	return fmt.Sprintf("slaveclient: %s of shard %d panicked: %v", e.Callback, e.Shard, e.Value)
}

// Unwrap returns the value when it is an error.
func (e *CallbackPanic) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
