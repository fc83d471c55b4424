package core_test

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/shardbaton/baton/master/core"
	"github.com/shardbaton/baton/wire"
)

// describe puts an effect into words, with slaves instead of links. Timers are told
// separately.
func (r *rig) describe(effect core.Effect) string {
	switch e := effect.(type) {
	case core.Send:
		return fmt.Sprintf("to %s: %s%s", r.peer(e.Link), name(e.Type), fields(e.Data))
	case core.Forward:
		return fmt.Sprintf("to %s: GuildState, as it came: %s", r.peer(e.Link), e.Body)
	case core.CloseLink:
		return fmt.Sprintf("close the link of %s: %s", r.peer(e.Link), e.Reason)
	case core.Launch:
		text := fmt.Sprintf("launch %s for shards %s", e.Slave, core.Ranges(e.Shards))
		if e.Command != nil {
			text += fmt.Sprintf(" with %q", e.Command)
		}
		return text
	case core.Kill:
		return fmt.Sprintf("kill %s", e.Slave)
	case core.Route:
		return fmt.Sprintf("route the state of shard %d at epoch %d to %s", e.Shard, e.Epoch, e.Slave)
	case core.Unroute:
		return fmt.Sprintf("drop further state of shard %d", e.Shard)
	case core.Publish:
		return "  " + e.Notice.String()
	case core.Finish:
		return "answer to the operator: " + result(e.Upgrade, e.Result)
	case core.Halt:
		return "halt"
	case core.Journal:
		return fmt.Sprintf("journal %d: %s", e.Seq, change(e.Change))
	case core.Refuse:
		return fmt.Sprintf("answer to the operator: %v", e.Err)
	default:
		return fmt.Sprintf("%T %+v", e, e)
	}
}

// peer names who is at the other end of a link.
func (r *rig) peer(l core.LinkID) string {
	if who := r.who[l]; who != "" {
		return who
	}
	return fmt.Sprintf("link %d", l)
}

func result(id core.UpgradeID, res core.Result) string {
	var b strings.Builder
	switch {
	case res.State == "":
		fmt.Fprintf(&b, "%v", res.Err)
		return b.String()
	case res.Err != nil:
		fmt.Fprintf(&b, "%v", res.Err)
	default:
		fmt.Fprintf(&b, "upgrade %s is %s", id, res.State)
	}
	for _, list := range []struct {
		name   string
		shards []int
	}{{"moved", res.Moved}, {"kept", res.Kept}, {"lost", res.Lost}, {"in doubt", res.InDoubt}} {
		if len(list.shards) > 0 {
			fmt.Fprintf(&b, "; %s: %s", list.name, core.Ranges(list.shards))
		}
	}
	if res.Fresh > 0 {
		fmt.Fprintf(&b, "; %d by IDENTIFY", res.Fresh)
	}
	if res.Trouble != nil {
		fmt.Fprintf(&b, "; trouble: %v", res.Trouble)
	}
	return b.String()
}

func name(e wire.EventType) string { return strings.TrimPrefix(e.String(), "Evt") }

// fields lists the fields of a message that are not zero; in the messages of a
// migration also those that say something by being so.
func fields(data any) string {
	v := reflect.ValueOf(data)
	if data == nil || v.IsNil() {
		return ""
	}
	v = v.Elem()
	var b strings.Builder
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		if f.IsZero() && name != "Shard" && name != "FromThisSlave" && name != "Running" {
			continue
		}
		switch value := f.Interface().(type) {
		case []wire.ShardInfo:
			fmt.Fprintf(&b, " Shards=(%s)", infos(value))
		case []byte:
			fmt.Fprintf(&b, " %s=%s", name, value)
		case wire.EventType:
			fmt.Fprintf(&b, " %s=%v", name, value)
		default:
			fmt.Fprintf(&b, " %s=%v", name, value)
		}
	}
	return b.String()
}

func infos(list []wire.ShardInfo) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = fmt.Sprintf("%d@%d", s.Shard, s.Epoch)
		if s.Phase != "" {
			words[i] += ":" + s.Phase
		}
		if s.SessionID != "" {
			words[i] += fmt.Sprintf("/%s/%d", s.SessionID, s.Sequence)
		}
	}
	return strings.Join(words, ",")
}

// where tells what the core's status says.
func where(st core.Status) string {
	var b strings.Builder
	fmt.Fprintf(&b, "the master is %s", st.State)
	if st.GaveUp {
		b.WriteString(" and has given up on a share")
	}
	for _, sh := range st.Shares {
		fmt.Fprintf(&b, "\nshare %d: shards %s, %s", sh.Share, core.Ranges(sh.Shards), sh.State)
		if sh.Slave != "" {
			fmt.Fprintf(&b, " by %s", sh.Slave)
		}
		if sh.Exits > 0 {
			fmt.Fprintf(&b, ", %d ends in a row", sh.Exits)
		}
	}
	for _, s := range st.Slaves {
		fmt.Fprintf(&b, "\nslave %s: %s, link %q, shards %s", s.Slave, s.Role, s.Link, core.Ranges(s.Shards))
	}
	for _, sh := range st.Shards {
		if sh.Owner == "" || sh.InDoubt {
			fmt.Fprintf(&b, "\nshard %d: ", sh.Shard)
			if sh.InDoubt {
				fmt.Fprintf(&b, "in doubt, only %s may have it", sh.Owner)
			} else {
				b.WriteString("nobody's")
			}
		}
	}
	if u := st.Upgrade; u != nil {
		fmt.Fprintf(&b, "\nupgrade %s: %s, %d of %d moved, %d on the way", u.Upgrade, u.State, u.Moved, u.Total, u.InFlight)
	}
	return b.String()
}
