package master

import (
	"context"
	"os"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/master/core"
)

// slave is what the shell keeps about one: its process and its links.
type slave struct {
	id core.SlaveID
	// launched says that the process is this master's: it has started it, is starting it,
	// or has found it again, and has not seen its end. token is what the hello of a
	// slave that a master has launched must say; empty: nothing.
	launched bool
	token    string
	process  Process // nil until it exists
	doomed   bool    // kill it as soon as it exists

	// link is the control link of dialect 2 and state the other one; nil while
	// there is none.
	link  *link
	state *stateLink
}

// slave returns what is kept about one, from now on if nothing was.
func (l *loop) slave(id core.SlaveID) *slave {
	s := l.slaves[id]
	if s == nil {
		s = &slave{id: id}
		l.slaves[id] = s
	}
	return s
}

// forgetIdle drops what is kept about a slave of which nothing is left.
func (l *loop) forgetIdle(s *slave) {
	if !s.launched && s.link == nil && s.token == "" {
		delete(l.slaves, s.id)
	}
}

// launch starts a process and waits for its end, on a goroutine of its own.
func (l *loop) launch(e core.Launch) {
	s := l.slave(e.Slave)
	if s.token == "" {
		s.token = newToken()
	}
	s.launched, s.process, s.doomed = true, nil, false
	spec := Spec{
		Slave: string(e.Slave), Token: s.token, Addr: l.addr,
		Command: e.Command, Shards: append([]int(nil), e.Shards...),
		Logger: l.log.Named(string(e.Slave)),
	}
	if spec.Command == nil {
		spec.Command = l.m.cfg.Command
	}
	l.group.Go(func() { l.attend(s, spec) })
}

// attend is a launched process's life, as seen from the master.
func (l *loop) attend(s *slave, spec Spec) {
	ctx, cancel := context.WithTimeout(l.work, l.m.cfg.Deadlines.Launch)
	process, err := l.m.cfg.launcher().Launch(ctx, spec)
	cancel()
	if err != nil {
		l.m.post(input{call: func(l *loop) { l.launchFailed(s, err) }})
		return
	}
	l.m.post(input{call: func(l *loop) { l.launched(s, process) }})
	exit, err := process.Wait(l.work)
	if err == nil {
		l.m.post(input{call: func(l *loop) { l.exited(s, exit) }})
		return
	}
	// The master has ended, so what was the loop's may be read here. A process
	// that the loop never heard of is one that nobody could ever end.
	if s.process == nil {
		l.signalKill(s.id, process)
	}
}

func (l *loop) launchFailed(s *slave, err error) {
	s.launched, s.token = false, ""
	l.forgetIdle(s)
	l.step(core.LaunchFailed{Slave: s.id, Reason: err.Error()})
}

func (l *loop) launched(s *slave, p Process) {
	s.process = p
	l.recordLaunch(s)
	l.step(core.Launched{Slave: s.id, PID: p.PID()})
	if s.doomed {
		l.kill(s.id)
	}
}

// recordLaunch has what the shell knows of a launched slave written down.
func (l *loop) recordLaunch(s *slave) {
	if l.scribe == nil {
		return
	}
	r := launchRecord{Token: s.token}
	if p, ok := s.process.(Handled); ok {
		r.Handle = p.Handle()
	}
	l.scribe.launch(s.id, r)
}

func (l *loop) exited(s *slave, exit Exit) {
	s.launched, s.process, s.token = false, nil, ""
	l.forgetIdle(s)
	l.step(core.Exited{Slave: s.id, Code: exit.Code, Reason: exit.String()})
}

// kill ends a launched process, also one that is only being started or looked for.
func (l *loop) kill(id core.SlaveID) {
	s := l.slaves[id]
	if s == nil {
		return
	}
	if s.doomed = true; s.process != nil {
		l.signalKill(id, s.process)
	}
}

func (l *loop) signalKill(id core.SlaveID, p Process) {
	if err := p.Signal(os.Kill); err != nil {
		l.log.Error("cannot kill", zap.String("slave", string(id)), zap.Int("pid", p.PID()), zap.Error(err))
	}
}
