package batondisgo

import (
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/gateway"
)

var (
	// ErrShardRuns is returned when a shard is started that already runs here.
	ErrShardRuns = errors.New("batondisgo: the shard already runs here: stop it first")
	// ErrShardNotHere is returned for a shard that does not run here.
	ErrShardNotHere = errors.New("batondisgo: the shard does not run here: start it first")
	// ErrShutDown is returned for whatever is asked of a bot after Shutdown.
	ErrShutDown = errors.New("batondisgo: the bot has been shut down")
)

// CloseError says that Discord closed a shard's connection with a code after
// which connecting again makes no sense: a wrong token, shard, API version or
// intents.
//
// See https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes.
type CloseError struct {
	Shard int
	// Code is the close code: 4004 or one of 4010 to 4014.
	Code int
}

// Error names the shard and what Discord means by the code.
func (e *CloseError) Error() string {
	about := gateway.CloseEventCodeByCode(e.Code)
	return fmt.Sprintf("batondisgo: shard %d: closed by the gateway with %d (%s): correct the bot's configuration", e.Shard, e.Code, about.Description)
}

// ConfigError is returned by [New] for a [Config] that cannot be used.
type ConfigError struct {
	// Problems has one error for each field, which it names.
	Problems []error
}

// Error names every field that is wrong.
func (e *ConfigError) Error() string {
	return fmt.Sprintf("batondisgo: config: %v", errors.Join(e.Problems...))
}

// Unwrap returns the problems.
func (e *ConfigError) Unwrap() []error { return e.Problems }

// StateError says that a record of state could not be taken in. The shard must
// not be resumed on it.
type StateError struct {
	Kind, Key string
	Err       error
}

// Error names the record.
func (e *StateError) Error() string {
	return fmt.Sprintf("batondisgo: record %q of kind %q: %v", e.Key, e.Kind, e.Err)
}

// Unwrap returns the cause.
func (e *StateError) Unwrap() error { return e.Err }

// severed is what disgo gets from a connection that this package has taken away
// from it. Each of its identities keeps disgo from one thing: net.ErrClosed from
// reconnecting, ErrGatewayAlreadyConnected from trying to open once more, EPIPE
// from reporting a failed heartbeat. It is no net.Error, because gorilla's
// websocket replaces those by errors of its own.
type severed struct{ cause error }

func (e *severed) Error() string {
	return fmt.Sprintf("batondisgo: this gateway's connection is over: %v", e.cause)
}

func (e *severed) Is(target error) bool {
	return target == net.ErrClosed || target == discord.ErrGatewayAlreadyConnected || target == syscall.EPIPE
}

var (
	errReleased = errors.New("the shard was let go")
	errByDisgo  = errors.New("closed by disgo")
	errBarred   = errors.New("a gateway may dial only once")
)
