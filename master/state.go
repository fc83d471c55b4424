package master

import (
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// stateLink is a slave's second connection of dialect 2, which carries nothing
// but the records of shards that move. It is of use as long as the control link
// that it followed.
type stateLink struct {
	slave core.SlaveID
	conn  *wire.Conn
}

// serveState passes the records of a slave on, on the connection's goroutine. A
// record goes out before the next is read: a target that reads slowly holds up
// this source, and with it the source's other shards, but no control link and no
// other source. A target that reads nothing for [Config.WriteTimeout] loses its
// state link. What cannot be passed on is dropped; the target finds out by the
// count and the digest.
func (l *loop) serveState(conn *wire.Conn, hello *wire.SlaveHelloData) {
	k := &stateLink{slave: core.SlaveID(hello.SlaveID), conn: conn}
	admitted := make(chan bool, 1)
	l.m.post(input{call: func(l *loop) { admitted <- l.openState(k, hello.Token) }})
	select {
	case ok := <-admitted:
		if !ok {
			return
		}
	case <-l.m.over:
		return
	}
	err := conn.Serve(func(m wire.Message) error {
		if m.Event != wire.EvtGuildState {
			return &wire.UnexpectedEventError{Want: wire.EvtGuildState, Got: m.Event}
		}
		shard, epoch, err := wire.PeekShard(m.Body)
		if err != nil {
			return err
		}
		target := l.routes.find(k.slave, shard, epoch)
		if target == nil {
			l.log.Debug("state record dropped: it is expected nowhere", zap.Int("shard", shard), zap.Uint64("epoch", epoch))
			return nil
		}
		if err := target.conn.WriteMessage(m); err != nil {
			l.log.Debug("state record not forwarded", zap.String("slave", string(target.slave)), zap.Error(err))
		}
		return nil
	})
	l.m.post(input{call: func(l *loop) { l.loseState(k, err) }})
}

// openState takes a state link in if its slave is known and says the same token.
func (l *loop) openState(k *stateLink, token string) bool {
	s := l.slaves[k.slave]
	if s == nil || s.link == nil || !sameToken(s.link.token, token) {
		l.publish(core.Problem{
			Slave: k.slave, Shard: -1,
			Err: fmt.Errorf("%w: a state link must follow the control link of the same slave, with its token", core.ErrRefused),
		})
		return false
	}
	l.dropState(s)
	s.state = k
	l.routes.join(k)
	l.step(core.StateUp{Slave: k.slave})
	return true
}

// loseState takes note of the end of a state link.
func (l *loop) loseState(k *stateLink, err error) {
	s := l.slaves[k.slave]
	if s == nil || s.state != k {
		return
	}
	l.log.Debug("state link lost", zap.String("slave", string(k.slave)), zap.Error(err))
	l.dropState(s)
}

// retireState takes the slave's state link out of use and tells the core. It
// returns the link, which the caller ends, or nil when there was none.
func (l *loop) retireState(s *slave) *stateLink {
	k := s.state
	if k == nil {
		return nil
	}
	l.routes.leave(k)
	s.state = nil
	l.step(core.StateLost{Slave: s.id})
	return k
}

// dropState ends the slave's state link, if there is one.
func (l *loop) dropState(s *slave) {
	if k := l.retireState(s); k != nil {
		_ = k.conn.Close()
	}
}

// drainState takes the slave's state link out of use with its control link, but
// lets what has arrived on it go on: whoever has stopped a shard and then died has
// sent its state before. The link ends when the slave's side does.
func (l *loop) drainState(s *slave) {
	k := l.retireState(s)
	if k == nil {
		return
	}
	l.group.Go(func() {
		patience := time.NewTimer(l.m.cfg.WriteTimeout)
		defer patience.Stop()
		select {
		case <-k.conn.Done():
		case <-patience.C:
		case <-l.m.over:
		}
		_ = k.conn.Close()
	})
}

// route is where the records of one shard go, if they are of that epoch and come from
// whoever has the shard.
type route struct {
	epoch    uint64
	from, to core.SlaveID
}

// routes is the table by which state links find each other. The loop writes it,
// the readers of state links look things up. The zero value is ready.
type routes struct {
	mu     sync.RWMutex
	shards map[int]route
	links  map[core.SlaveID]*stateLink
}

// find returns the link that a slave's records of the shard and epoch go to, or nil.
func (r *routes) find(from core.SlaveID, shard int, epoch uint64) *stateLink {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if at, ok := r.shards[shard]; ok && at.epoch == epoch && at.from == from {
		return r.links[at.to]
	}
	return nil
}

func (r *routes) set(shard int, to route) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shards == nil {
		r.shards = make(map[int]route)
	}
	r.shards[shard] = to
}

func (r *routes) remove(shard int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.shards, shard)
}

func (r *routes) join(k *stateLink) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.links == nil {
		r.links = make(map[core.SlaveID]*stateLink)
	}
	r.links[k.slave] = k
}

func (r *routes) leave(k *stateLink) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.links[k.slave] == k {
		delete(r.links, k.slave)
	}
}
