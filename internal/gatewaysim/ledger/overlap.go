package ledger

import "slices"

// overlaps finds the times for which two connections held one shard.
func overlaps(connections []Connection) []Overlap {
	byStream := make(map[Stream][]Connection)
	for _, c := range connections {
		byStream[c.Stream] = append(byStream[c.Stream], c)
	}
	var found []Overlap
	for stream, held := range byStream {
		slices.SortStableFunc(held, func(a, b Connection) int { return a.From.Compare(b.From) })
		for i, second := range held {
			for _, first := range held[:i] {
				tookOver := second.TookOver && first.Session == second.Session && first.To.Equal(second.From)
				lasting := first.To.IsZero()
				if !lasting && !first.To.After(second.From) && !tookOver {
					continue
				}
				o := Overlap{Stream: stream, First: first.ID, Second: second.ID, From: second.From, TookOver: tookOver, For: -1}
				switch {
				case lasting && second.To.IsZero():
				case lasting || !second.To.IsZero() && second.To.Before(first.To):
					o.For = second.To.Sub(second.From)
				default:
					o.For = first.To.Sub(second.From)
				}
				found = append(found, o)
			}
		}
	}
	slices.SortFunc(found, func(a, b Overlap) int {
		if by := compareStreams(a.Stream, b.Stream); by != 0 {
			return by
		}
		return a.From.Compare(b.From)
	})
	return found
}
