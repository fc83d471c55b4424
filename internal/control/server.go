package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"go.uber.org/zap"
)

const (
	// maxRequest bounds a request's body; a plan is far smaller.
	maxRequest = 1 << 20
	// requestTimeout bounds how long a client may take to say what it wants, the body
	// included: the end of the server waits for requests that are under way.
	requestTimeout = 10 * time.Second
	// lineTimeout bounds how long a client may keep a line of progress waiting;
	// one that does not read is dropped, and the upgrade goes on without it.
	lineTimeout = 5 * time.Second
)

// Server answers the API's requests.
type Server struct {
	backend Backend
	log     *zap.Logger
}

// NewServer returns a server for the backend. A nil logger logs nothing.
func NewServer(backend Backend, log *zap.Logger) *Server {
	if log == nil {
		log = zap.NewNop()
	}
	return &Server{backend: backend, log: log}
}

// Serve answers on the listener until the context ends, and closes it. It
// returns when every request has been answered, so an upgrade that a request
// waits for must end by itself, as it does when the master ends. The error is nil
// when the context was the reason.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/status", s.status)
	mux.HandleFunc("POST /v1/upgrade", func(w http.ResponseWriter, r *http.Request) { s.upgrade(ctx, w, r) })
	mux.HandleFunc("GET /v1/upgrade", s.watch)
	mux.HandleFunc("POST /v1/upgrade/pause", s.command(s.backend.Pause))
	mux.HandleFunc("POST /v1/upgrade/resume", s.command(s.backend.Resume))
	mux.HandleFunc("POST /v1/upgrade/abort", s.abort)
	mux.HandleFunc("POST /v1/forget/{slave}", s.forget)
	server := &http.Server{
		Handler:     mux,
		ReadTimeout: requestTimeout,
		ErrorLog:    zap.NewStdLog(s.log),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		return errors.Join(fmt.Errorf("control: %w", err), server.Close())
	case <-ctx.Done():
	}
	// Not bounded: what is in flight ends with the master.
	err := server.Shutdown(context.WithoutCancel(ctx))
	if served := <-served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

func (s *Server) status(w http.ResponseWriter, _ *http.Request) {
	s.write(w, http.StatusOK, s.backend.Status())
}

// upgrade runs the upgrade under the server's context, not the request's: a
// client that goes away must not leave the shards half moved.
func (s *Server) upgrade(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	var plan *Plan
	err := s.read(w, r, &plan)
	switch {
	case errors.Is(err, io.EOF) || err == nil && plan == nil:
		err = errors.New("there is none: want an object, {} to replace everything")
	case err == nil:
		err = plan.Validate()
	}
	if err != nil {
		s.refuse(w, http.StatusBadRequest, fmt.Errorf("the plan: %w", err))
		return
	}
	lines := lineWriter{w: w, log: s.log}
	result, err := s.backend.Upgrade(ctx, *plan, func(p Progress) { lines.write(Line{Progress: &p}) })
	if err != nil {
		s.refuse(w, http.StatusConflict, err)
		return
	}
	lines.write(Line{Result: &result})
}

// watch follows an upgrade for as long as the client does.
func (s *Server) watch(w http.ResponseWriter, r *http.Request) {
	lines := lineWriter{w: w, log: s.log}
	result, err := s.backend.Watch(r.Context(), func(p Progress) { lines.write(Line{Progress: &p}) })
	switch {
	case err == nil:
		lines.write(Line{Result: &result})
	case !lines.begun:
		s.refuse(w, http.StatusConflict, err)
	}
}

// abort takes the reason, if one is given.
func (s *Server) abort(w http.ResponseWriter, r *http.Request) {
	var why Abort
	if err := s.read(w, r, &why); err != nil && !errors.Is(err, io.EOF) {
		s.refuse(w, http.StatusBadRequest, fmt.Errorf("why to abort: %w", err))
		return
	}
	s.command(func(ctx context.Context) error { return s.backend.Abort(ctx, why.Reason) })(w, r)
}

// read decodes a request's body, which is one JSON value; [io.EOF] says that it is
// empty.
func (*Server) read(w http.ResponseWriter, r *http.Request, into any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands behind it")
	}
	return nil
}

// command answers with the status that follows, or with why it cannot be so.
func (s *Server) command(do func(context.Context) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := do(r.Context()); err != nil {
			s.refuse(w, http.StatusConflict, err)
			return
		}
		s.status(w, r)
	}
}

// forget answers with the status that follows.
func (s *Server) forget(w http.ResponseWriter, r *http.Request) {
	s.command(func(ctx context.Context) error { return s.backend.Forget(ctx, r.PathValue("slave")) })(w, r)
}

func (s *Server) refuse(w http.ResponseWriter, code int, err error) {
	s.write(w, code, refusal{Error: err.Error()})
}

// refusal is the body of an answer that is not the one asked for.
type refusal struct {
	Error string `json:"error"`
}

func (s *Server) write(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.log.Info("a client went away before it was answered", zap.Error(err))
	}
}

// lineWriter sends lines until the client fails to take one.
type lineWriter struct {
	w     http.ResponseWriter
	log   *zap.Logger
	begun bool
	gone  bool
}

func (l *lineWriter) write(line Line) {
	if !l.begun {
		l.begun = true
		l.w.Header().Set("Content-Type", "application/x-ndjson")
		l.w.WriteHeader(http.StatusOK)
	}
	if l.gone {
		return
	}
	control := http.NewResponseController(l.w)
	err := errors.Join(
		control.SetWriteDeadline(time.Now().Add(lineTimeout)),
		json.NewEncoder(l.w).Encode(line),
		control.Flush(),
	)
	if err != nil {
		l.gone = true
		l.log.Info("the client that follows the upgrade went away; the upgrade goes on", zap.Error(err))
	}
}
