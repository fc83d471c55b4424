// Package control lets one process command the master that runs in another: a
// small HTTP API over a unix socket, and a client for it.
//
//	GET  /v1/status   one JSON object, a Status
//	POST /v1/upgrade  takes a Plan; streams JSON lines, each a Line: progress
//	                  as it happens, and the Result last
//	GET  /v1/upgrade  streams the same of the upgrade that runs, from now on, also
//	                  of one that the master has taken up from its journal
//	POST /v1/upgrade/pause, /v1/upgrade/resume
//	                  have the upgrade that runs pause, or go on; answer with a Status
//	POST /v1/upgrade/abort
//	                  has it take every shard back; takes an Abort, or nothing;
//	                  answers with a Status
//	POST /v1/forget/ID  takes the operator's word that the slave's process is
//	                  dead; answers with a Status
//
// Durations are text, as Go writes them: "300ms", "1m30s". The least plan is {}; one
// with all that concerns its course is
//
//	{"canary": 1, "hold": "30s", "healthy": "10s", "progress": "5m0s", "total": "1h0m0s",
//	 "pause_limit": "30m0s", "on_failure": "pause"}
//
// A command that the upgrade cannot take now is refused with 409, and the reason.
//
// A request that is refused is answered with a status of 4xx or 5xx and a JSON
// object {"error": "..."}; the client returns it as an [*Error].
//
// The socket has mode 0600 in a directory of mode 0700: whoever may open it may
// do all that the user who runs the master may do.
package control
