package master

import (
	"context"
	"fmt"
	"os"

	"go.uber.org/zap"
)

// The environment of a launched slave. The SDK's configuration reads these
// where it is left empty.
const (
	// EnvAddr holds the master's address, as "unix:/path" or "tcp:host:port".
	EnvAddr = "BATON_ADDR"
	// EnvToken holds the launch token, which the slave's hello must repeat.
	EnvToken = "BATON_TOKEN"
	// EnvSlave holds the id under which the master knows the slave.
	EnvSlave = "BATON_SLAVE_ID"
)

// Launcher starts the processes that the master wants to have.
type Launcher interface {
	// Launch starts one slave and returns when its process exists. The context
	// bounds the start, never the life of the process. An error means that
	// nothing was started. It is called from several goroutines at once.
	Launch(ctx context.Context, spec Spec) (Process, error)
}

// Process is one launched slave. Its methods may be called from several
// goroutines at once.
type Process interface {
	// PID is the number under which the system knows the process.
	PID() int
	// Wait returns how the process ended. The master takes that as proof that
	// the slave is dead and starts its shards elsewhere, so Wait must not
	// return before nothing of it can serve any more. The error is the
	// context's and says nothing about the process.
	Wait(ctx context.Context) (Exit, error)
	// Signal sends a signal; [os.Kill] ends the process at once. A process that
	// has ended already is not an error.
	Signal(os.Signal) error
}

// Spec says what to launch.
type Spec struct {
	// Slave is the id that the slave must use in its hello.
	Slave string
	// Token proves that a hello comes from the process that was launched.
	Token string
	// Addr is where the slave finds the master: "unix:/path" or "tcp:host:port".
	Addr string
	// Command is the program and its arguments; see [Config.Command].
	Command []string
	// Shards are those that the slave will be given, when they are known.
	Shards []int
	// Logger receives what the slave prints. It is never nil.
	Logger *zap.Logger
}

// Environ returns the variables that tell a slave where it belongs.
func (s Spec) Environ() []string {
	return []string{EnvAddr + "=" + s.Addr, EnvToken + "=" + s.Token, EnvSlave + "=" + s.Slave}
}

// Exit is how a process ended.
type Exit struct {
	// Code is the exit status, or -1 when a signal ended the process, or when how it
	// ended is not known.
	Code int
	// Signal names the signal that ended the process, if one did.
	Signal string
}

// String describes the exit, as "exit status 3" or "signal: killed".
func (e Exit) String() string {
	if e.Signal != "" {
		return "signal: " + e.Signal
	}
	if e.Code < 0 {
		return "ended (its exit status is not known: an earlier master launched it)"
	}
	return fmt.Sprintf("exit status %d", e.Code)
}
