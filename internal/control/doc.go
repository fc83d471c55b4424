// Package control lets one process command the master that runs in another: a
// small HTTP API over a unix socket, and a client for it.
//
//	GET  /v1/status   one JSON object, a Status
//	POST /v1/upgrade  takes a Plan; streams JSON lines, each a Line: progress
//	                  as it happens, and the Result last
//	POST /v1/forget/ID  takes the operator's word that the slave's process is
//	                  dead; answers with a Status
//
// A request that is refused is answered with a status of 4xx or 5xx and a JSON
// object {"error": "..."}; the client returns it as an [*Error].
//
// The socket has mode 0600 in a directory of mode 0700: whoever may open it may
// do all that the user who runs the master may do.
package control
