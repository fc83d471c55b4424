package core_test

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// describe puts an effect into words.
func describe(effect core.Effect) string {
	switch e := effect.(type) {
	case core.Dial:
		return fmt.Sprintf("dial the %s link", e.Link)
	case core.CloseLink:
		return fmt.Sprintf("close the %s link", e.Link)
	case core.Send:
		where := ""
		if e.Link == core.State {
			where = " (state link)"
		}
		return fmt.Sprintf("to master%s: %s%s", where, strings.TrimPrefix(e.Type.String(), "Evt"), fields(e.Data))
	case core.Arm:
		about := ""
		if e.Vary {
			about = "about "
		}
		return fmt.Sprintf("timer %s: %s%v", timer(e.Timer), about, e.After)
	case core.Disarm:
		return fmt.Sprintf("timer %s: off", timer(e.Timer))
	case core.Call:
		return "bot: " + call(e)
	case core.Cancel:
		return fmt.Sprintf("bot: end the context of the callback of shard %d", e.Shard)
	case core.Hold:
		return hold(e)
	case core.Load:
		return strings.TrimSpace(fmt.Sprintf("bot: LoadGuildState of shard %d, record %d: %s %s", e.Shard, e.Number, e.Record.Kind, e.Record.Key))
	case core.Discard:
		return fmt.Sprintf("drop the record %s %s", e.Record.Kind, e.Record.Key)
	case core.Note:
		text := fmt.Sprintf("log %s: ", map[core.Level]string{core.Info: "info", core.Warn: "warning", core.Error: "error"}[e.Level])
		if e.Shard != core.NoShard {
			text += fmt.Sprintf("shard %d: ", e.Shard)
		}
		text += e.Text
		if e.Err != "" {
			text += ": " + e.Err
		}
		return text
	case core.End:
		text := "end"
		if e.Refused != nil {
			text += ", refused: " + e.Refused.Text
		}
		if e.Err != "" {
			text += ", error: " + e.Err
		}
		return text
	default:
		return fmt.Sprintf("%T %+v", e, e)
	}
}

// hold tells until when the lease runs.
func hold(h core.Hold) string {
	text := "for ever"
	if h.For > 0 {
		text = fmt.Sprintf("for %v from when the hello was sent", h.For)
	}
	if h.Beat > 0 {
		text = fmt.Sprintf("for %v from when heartbeat %d was sent", h.For, h.Beat)
	}
	if h.Again {
		text += ", again"
	}
	return "lease: " + text
}

func timer(t core.Timer) string {
	if t.Kind == core.TimerShard {
		return fmt.Sprintf("of shard %d", t.Shard)
	}
	return string(t.Kind)
}

// call tells which callback is called and with what.
func call(k core.Call) string {
	text := string(k.Callback)
	if k.Shard != core.NoShard {
		text += fmt.Sprintf(" of shard %d", k.Shard)
	}
	switch k.Callback {
	case core.CallStart:
		text += fmt.Sprintf(" of %d, %s", k.NumShards, sessionText(k.Session))
	case core.CallStop:
		if k.Copied {
			text += ", only what has changed"
		}
		if k.Dropped {
			text += ", its state for nobody"
		}
	case core.CallSoftStart, core.CallFullStart:
		text += fmt.Sprintf(" with shards %v of %d", k.Shards, k.NumShards)
	case core.CallTransferTo:
		text += fmt.Sprintf(" of a bot with %d shards", k.NumShards)
	case core.CallArm:
		text += fmt.Sprintf(" at %q", k.ResumeURL)
	}
	if k.Dialect == 1 {
		text += ", state as dialect 1 carries it"
	}
	return text + fmt.Sprintf(" (at most %v)", k.Timeout)
}

func sessionText(s core.Session) string {
	if s == (core.Session{}) {
		return "without a session"
	}
	return fmt.Sprintf("with session %s at %d", s.ID, s.Sequence)
}

// fields lists the fields of a message that are not zero.
func fields(data any) string {
	if data == nil {
		return ""
	}
	var b strings.Builder
	v := reflect.ValueOf(data).Elem()
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		switch value := f.Interface().(type) {
		case []wire.ShardInfo:
			if len(value) > 0 {
				fmt.Fprintf(&b, " %s=%s", name, infos(value))
			}
		case []byte:
			if len(value) > 0 {
				fmt.Fprintf(&b, " %s=%x…", name, value[:4])
			}
		default:
			if name == "Shard" || name == "Running" || name == "FromThisSlave" || !f.IsZero() {
				fmt.Fprintf(&b, " %s=%v", name, value)
			}
		}
	}
	return b.String()
}

// infos lists shards as shard@epoch, with what else is known of each.
func infos(list []wire.ShardInfo) string {
	var parts []string
	for _, s := range list {
		text := fmt.Sprintf("%d@%d", s.Shard, s.Epoch)
		if s.Phase != "" {
			text += " " + s.Phase
		}
		if s.SessionID != "" {
			text += fmt.Sprintf(" %s/%d", s.SessionID, s.Sequence)
		}
		if s.ResumeURL != "" {
			text += " " + s.ResumeURL
		}
		parts = append(parts, text)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}
