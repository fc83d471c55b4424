// Package links stands between slaves and their master and does to their connections
// what a network may do: it cuts them, slows them down, and keeps them away.
//
// A proxy knows a slave by the first frame of its connection, the hello; everything
// else passes through unread. Links of slaves that do not name themselves have the
// empty name.
package links
