// Package ledger is the judge: it compares what a gateway sent with what bots
// handled.
//
// The gateway keeps a Sent ledger in memory. Each bot process appends one line
// per event to a file of its own, with a Writer, when the event's handler
// finishes. Judge reads both and counts what was lost, handled twice, handled
// out of order, or handled on stale state, and HandOvers tells how long each
// shard was dark.
//
// # What counts
//
// An event is the change of one guild, with a number that is unique in the
// gateway's life. It counts as sent from the moment it is produced, provided
// that some session covers its guild or has covered it: so what was produced
// while the session had no connection counts, and so does what was produced
// after the session ended and before the next IDENTIFY. What a guild does before
// any bot has identified for it is never produced, nor is anything while the
// generator is stopped. READY, GUILD_CREATE and RESUMED carry no number and are
// not judged.
//
// When sessions of several shard counts overlap, each of them gets the event,
// and the event should still be handled once: by whoever is in charge.
//
//   - Lost: sent, and no line says that it was handled.
//   - Duplicated: lines beyond the first for the same number.
//   - Reordered: an event whose first handling finished after that of an event
//     of the same shard with a higher number. Numbers grow with sequences within
//     a session, and go on growing in the session that follows.
//   - Stale: the bot's cache did not hold what the event before had put there.
//   - Unknown: a line about an event that was not sent to that shard with that
//     sequence. It means a broken bot or files of another run.
//   - TwoOwners: two connections held the same shard at the same time, or one
//     took a session over from a connection that still held it.
//
// # The format of a handled file
//
// One line per event, ended by a line feed, fields separated by one space:
//
//	shard/shards sequence number time previous process
//
// shard/shards is as in IDENTIFY; sequence is the s of the dispatch; number is
// the event's; time is when the handler finished, in nanoseconds since 1970;
// previous is the number that the bot's cache held for the changed thing before
// the event, or "-" when the event changes nothing or the bot keeps no cache;
// process names the process and contains no space. A line is written by one
// write(2) on a file opened with O_APPEND, so only the last line of a killed
// process can be torn. A torn line is counted and its event treated as not
// handled.
package ledger
