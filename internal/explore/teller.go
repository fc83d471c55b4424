package explore

import (
	"fmt"
	"reflect"
	"strings"

	mcore "github.com/shardbaton/baton/master/core"
	score "github.com/shardbaton/baton/slaveclient/core"
	"github.com/shardbaton/baton/wire"
)

// teller writes down what happens, for people. A nil teller is silent.
type teller struct{ b strings.Builder }

func (t *teller) line(format string, args ...any) {
	if t != nil {
		fmt.Fprintf(&t.b, format+"\n", args...)
	}
}

// step is the headline of what follows.
func (t *teller) step(text string) { t.line("%s", text) }

func (t *teller) masterEvent(e mcore.Event) {
	if t == nil {
		return
	}
	if r, ok := e.(mcore.Received); ok {
		t.line("  (%s)", strings.TrimSpace(name(r.Type)+fields(r.Data)))
	}
}

func (t *teller) masterEffect(w *world, e mcore.Effect) {
	if t == nil {
		return
	}
	switch e := e.(type) {
	case mcore.Send:
		if e.Type != wire.EvtHeartbeat {
			t.line("  master to %s: %s%s", w.peerOf(uint64(e.Link)), name(e.Type), fields(e.Data))
		}
	case mcore.CloseLink:
		t.line("  master closes its link with %s: %s", w.peerOf(uint64(e.Link)), e.Reason)
	case mcore.Launch:
		t.line("  master launches %s for shards %s", e.Slave, mcore.Ranges(e.Shards))
	case mcore.Kill:
		t.line("  master kills %s", e.Slave)
	case mcore.Publish:
		t.line("  %s", e.Notice)
	case mcore.Finish:
		t.line("  upgrade %s ends: %s", e.Upgrade, or(string(e.Result.State), "it could not begin"))
		if e.Result.Err != nil {
			t.line("    %v", e.Result.Err)
		}
	case mcore.Journal:
		t.line("  master writes %d: %T%+v", e.Seq, e.Change, e.Change)
	case mcore.Refuse:
		t.line("  master refuses: %v", e.Err)
	case mcore.Halt:
		t.line("  master ends")
	}
}

func (t *teller) slaveEvent(e score.Event) {
	if t == nil {
		return
	}
	if r, ok := e.(score.Received); ok {
		t.line("  (%s)", strings.TrimSpace(name(r.Type)+fields(r.Data)))
	}
}

func (t *teller) slaveEffect(id string, e score.Effect) {
	if t == nil {
		return
	}
	switch e := e.(type) {
	case score.Send:
		if e.Type != wire.EvtHeartbeat {
			t.line("  %s to master: %s%s", id, name(e.Type), fields(e.Data))
		}
	case score.Call:
		about := ""
		if e.Shard != score.NoShard {
			about = fmt.Sprintf(" of shard %d at epoch %d", e.Shard, e.Epoch)
		}
		if e.Session.ID != "" {
			about += fmt.Sprintf(", %s after event %d", e.Session.ID, e.Session.Sequence)
		}
		t.line("  %s calls %s%s", id, e.Callback, about)
	case score.Note:
		if e.Level > score.Info {
			t.line("  %s: %s (%s)", id, e.Text, e.Err)
		}
	case score.End:
		t.line("  %s ends", id)
	}
}

// peerOf returns who is at the other end of a link.
func (w *world) peerOf(link uint64) string {
	if i := w.findConn(link); i >= 0 {
		return w.conns[i].of
	}
	return fmt.Sprintf("link %d", link)
}

// name is what a message is called in a story.
func name(t wire.EventType) string { return strings.TrimPrefix(t.String(), "Evt") }

// fields writes the fields of a message that are not zero.
func fields(data any) string {
	v := reflect.ValueOf(data)
	if data == nil || v.Kind() != reflect.Pointer || v.IsNil() {
		return ""
	}
	v = v.Elem()
	var b strings.Builder
	for i := range v.NumField() {
		f, field := v.Field(i), v.Type().Field(i)
		if f.IsZero() && field.Name != "Shard" || field.Name == "Digest" || field.Name == "Text" {
			continue
		}
		switch list := f.Interface().(type) {
		case []wire.ShardInfo:
			b.WriteString(" Shards=(" + infos(list) + ")")
		case bool:
			b.WriteString(" " + field.Name)
		case wire.EventType:
			b.WriteString(" " + name(list))
		default:
			fmt.Fprintf(&b, " %s=%v", field.Name, list)
		}
	}
	return b.String()
}

func infos(list []wire.ShardInfo) string {
	var parts []string
	for _, i := range list {
		text := fmt.Sprintf("%d@%d", i.Shard, i.Epoch)
		if i.Phase != "" {
			text += " " + i.Phase
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

func or(text, usual string) string {
	if text == "" {
		return usual
	}
	return text
}
