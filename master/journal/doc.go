// Package journal keeps a master's journal in a file of go.etcd.io/bbolt.
//
//	file, err := journal.Open("/var/lib/bot/baton.journal")
//	if errors.Is(err, journal.ErrCorrupt) {
//		aside, err := journal.SetAside("/var/lib/bot/baton.journal")
//		...
//	}
//
// [Open] makes the file when there is none; its directory must exist, because a
// mistyped path must not pass for a master that has nothing to remember. The file
// appears whole or not at all, is its owner's alone (mode 0600: it holds the
// launch tokens), and is locked for as long as it is open.
//
// # What is refused
//
// bbolt trusts its file: a damaged page makes it loop, run out of memory or end the
// process, from goroutines of its own where nobody can catch it; and it checks no
// value. So before bbolt may map the file, Open reads it the plain way and follows
// every page, with all bounds checked, and each value carries a checksum. What is
// found wrong is one of [ErrCorrupt], [ErrNewer], [ErrForeign] and [ErrNoJournal] in
// an [*Error], and the file is left as it was, byte for byte.
//
// When the newest of bbolt's two header pages is damaged, the file is taken for what
// the older one says: this is also what a power failure in the middle of a write
// leaves behind, and that write was never reported as safe.
package journal
