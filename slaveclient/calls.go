package slaveclient

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/slaveclient/core"
)

// loadCallback is the one callback that the core does not name: it has an effect
// of its own.
const loadCallback = "LoadGuildState"

// call has a worker call the bot back and report how it went.
func (r *runner) call(k core.Call) {
	if k.Callback == core.CallShutdown {
		r.shutdown(k)
		return
	}
	ctx, cancel := context.WithTimeoutCause(r.calls, k.Timeout, &timeoutError{string(k.Callback), k.Timeout})
	job := func() core.Event { return r.aboutAll(ctx, k) }
	switch k.Callback {
	case core.CallStart:
		r.cancels[k.Shard] = cancel
		job = func() core.Event { return r.startShard(ctx, k) }
	case core.CallStop:
		out := r.sender(ctx, k)
		job = func() core.Event { return r.stopShard(ctx, k, out) }
	case core.CallCopy:
		out := r.sender(ctx, k)
		r.cancels[k.Shard] = cancel
		job = func() core.Event { return r.copyShard(ctx, k, out) }
	case core.CallArm:
		job = func() core.Event { return r.armShard(ctx, k) }
	case core.CallHealth:
		r.working.Go(func() { // not behind the callbacks of a worker: these may take their time
			defer cancel()
			r.report(core.Checked{Err: text(r.invoke(ctx, k, func() error { return r.bot.(HealthChecker).Health(ctx) }))})
		})
		return
	}
	r.worker(k.Shard).do(func() {
		defer cancel()
		r.report(job())
	})
}

// worker returns the worker of a shard, or of what concerns none.
func (r *runner) worker(shard int) *worker {
	w := r.workers[shard]
	if w == nil {
		w = &worker{all: &r.working}
		r.workers[shard] = w
	}
	return w
}

// sender returns the StateSender of a StopShard or CopyShard.
func (r *runner) sender(ctx context.Context, k core.Call) *sender {
	if k.Dropped {
		return &sender{transfer: newTransfer(k.Shard, k.Epoch), run: r, callback: ctx, dropped: true}
	}
	t := r.transfers[k.Shard]
	if t == nil || t.epoch != k.Epoch || k.Dialect == 1 {
		t = newTransfer(k.Shard, k.Epoch)
		r.transfers[k.Shard] = t
	}
	s := &sender{transfer: t, run: r, callback: ctx, copied: k.Copied}
	if k.Dialect == 1 {
		s.conn = r.links[core.Control].conn
	}
	return s
}

func (r *runner) startShard(ctx context.Context, k core.Call) core.Event {
	var got Started
	err := r.invoke(ctx, k, func() (err error) {
		got, err = r.bot.StartShard(ctx, k.Shard, k.NumShards, Session(k.Session))
		return err
	})
	return core.Started{Shard: k.Shard, Session: core.Session(got.Session), Fresh: got.Fresh, Err: text(err)}
}

func (r *runner) stopShard(ctx context.Context, k core.Call, out *sender) core.Event {
	var got Session
	err := r.invoke(ctx, k, func() (err error) {
		got, err = r.bot.StopShard(ctx, k.Shard, out)
		return err
	})
	records, digest := out.close()
	return core.LetGo{Shard: k.Shard, Session: core.Session(got), Records: records, Digest: digest, Err: text(err)}
}

func (r *runner) copyShard(ctx context.Context, k core.Call, out *sender) core.Event {
	err := r.invoke(ctx, k, func() error { return r.bot.(PreCopier).CopyShard(ctx, k.Shard, out) })
	records, _ := out.close()
	return core.Copied{Shard: k.Shard, Epoch: k.Epoch, Records: records, Err: text(err)}
}

func (r *runner) armShard(ctx context.Context, k core.Call) core.Event {
	err := r.invoke(ctx, k, func() error { return r.bot.(Armer).ArmShard(ctx, k.Shard, k.NumShards, k.ResumeURL) })
	return core.Armed{Shard: k.Shard, Epoch: k.Epoch, Err: text(err)}
}

// aboutAll calls what concerns no shard.
func (r *runner) aboutAll(ctx context.Context, k core.Call) core.Event {
	done := core.Prepared{Callback: k.Callback}
	a := Assignment{NumShards: k.NumShards, Shards: k.Shards}
	done.Err = text(r.invoke(ctx, k, func() (err error) {
		switch k.Callback {
		case core.CallSoftStart:
			err = r.bot.SoftStart(ctx, a)
		case core.CallFullStart:
			err = r.bot.FullStart(ctx, a)
		case core.CallTransferFrom:
			done.NumShards, err = r.bot.StartShardTransferFrom(ctx)
		case core.CallTransferTo:
			err = r.bot.StartShardTransferTo(ctx, k.NumShards)
		default:
			err = fmt.Errorf("no such callback: %s", k.Callback)
		}
		return err
	}))
	return done
}

// load has the shard's worker give the bot a record.
func (r *runner) load(e core.Load) {
	r.worker(e.Shard).do(func() {
		ctx, cancel := context.WithTimeoutCause(r.calls, e.Timeout, &timeoutError{loadCallback, e.Timeout})
		defer cancel()
		err := r.invoke(ctx, core.Call{Callback: loadCallback, Shard: e.Shard}, func() error {
			return r.bot.LoadGuildState(ctx, e.Shard, Record(e.Record))
		})
		if e.Epoch > 0 { // dialect 1 has no epochs, and its records took nothing
			r.budget.give(weight(e.Record))
		}
		r.report(core.Loaded{Shard: e.Shard, Epoch: e.Epoch, Number: e.Number, Err: text(err)})
	})
}

// shutdown ends the callbacks under way, waits for them, and calls Shutdown.
func (r *runner) shutdown(k core.Call) {
	r.cancelCalls(errEnding)
	r.helpers.Go(func() {
		r.working.Wait()
		ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(r.calls), k.Timeout, &timeoutError{string(k.Callback), k.Timeout})
		defer cancel()
		err := r.invoke(ctx, k, func() error { return r.bot.Shutdown(ctx) })
		r.post(func() {
			r.shutdownErr = err
			r.step(core.HasShutDown{Err: text(err)})
		})
	})
}

// invoke calls the bot unless the context has ended already, and turns a panic
// into an error.
func (r *runner) invoke(ctx context.Context, k core.Call, f func() error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	began := time.Now()
	err := guard(string(k.Callback), k.Shard, f)
	r.logPanic(err)
	if entry := r.cfg.Logger.Check(zap.DebugLevel, "callback returned"); entry != nil {
		entry.Write(zap.String("callback", string(k.Callback)), zap.Int("shard", k.Shard),
			zap.Duration("took", time.Since(began)), zap.Error(err))
	}
	return err
}

// text is how the core is told about an error.
func text(err error) string {
	switch {
	case err == nil:
		return ""
	case err.Error() == "":
		return fmt.Sprintf("%T", err)
	default:
		return err.Error()
	}
}

// guard calls f and returns a panic as a *CallbackPanic.
func guard(callback string, shard int, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &CallbackPanic{Callback: callback, Shard: shard, Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}

func (r *runner) logPanic(err error) {
	var p *CallbackPanic
	if errors.As(err, &p) {
		r.cfg.Logger.Error(p.Error(), zap.ByteString("stack", p.Stack))
	}
}
