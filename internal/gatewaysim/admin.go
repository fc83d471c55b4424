package gatewaysim

import "net/http"

// command reads the parameters of an admin request and returns what to do, which
// is done only when all parameters are good. Its result is the number of
// connections or sessions that were affected, or -1 where that says nothing.
type command func(g *Gateway, q *query) func() int

// commands are the POST endpoints under /sim.
func commands() map[string]command {
	onTarget := func(f func(*Gateway, Target) int) command {
		return func(g *Gateway, q *query) func() int {
			t := q.target()
			return func() int { return f(g, t) }
		}
	}
	return map[string]command{
		"/drop":      onTarget((*Gateway).Drop),
		"/reconnect": onTarget((*Gateway).Reconnect),
		"/freeze":    onTarget((*Gateway).Freeze),
		"/thaw":      onTarget((*Gateway).Thaw),
		"/expire":    onTarget((*Gateway).Expire),
		"/invalidate": func(g *Gateway, q *query) func() int {
			t, resumable := q.target(), q.truth("resumable")
			return func() int { return g.Invalidate(t, resumable) }
		},
		"/close": func(g *Gateway, q *query) func() int {
			t, code := q.target(), q.closeCode("code")
			return func() int { return g.CloseWith(t, code) }
		},
		"/refuse-resumes": func(g *Gateway, q *query) func() int {
			n, resumable := q.number("n", 1), q.truth("resumable")
			return noCount(func() { g.RefuseResumes(n, resumable) })
		},
		"/delay-resumes": func(g *Gateway, q *query) func() int {
			d := q.duration("delay")
			return noCount(func() { g.DelayResumes(d) })
		},
		"/refuse-connections": func(g *Gateway, q *query) func() int {
			n := q.number("n", -1)
			return noCount(func() { g.RefuseConnections(n) })
		},
		"/rate": func(g *Gateway, q *query) func() int {
			rate := q.rate("rate")
			return noCount(func() { g.SetRate(rate) })
		},
		"/identify-limit": func(g *Gateway, q *query) func() int {
			n, d := q.number("max_concurrency", 0), q.duration("interval")
			return noCount(func() { g.SetIdentifyLimit(n, d) })
		},
		"/start": func(g *Gateway, _ *query) func() int { return noCount(g.StartEvents) },
		"/stop":  func(g *Gateway, _ *query) func() int { return noCount(g.StopEvents) },
	}
}

func noCount(f func()) func() int {
	return func() int {
		f()
		return -1
	}
}

// routeAdmin adds the endpoints under /sim; the package's documentation lists
// them.
func (g *Gateway) routeAdmin(mux *http.ServeMux) {
	for path, read := range commands() {
		mux.HandleFunc("POST "+adminPath+path, func(w http.ResponseWriter, r *http.Request) {
			q := &query{values: r.URL.Query()}
			do := read(g, q)
			if err := q.finish(); err != nil {
				g.fail(w, http.StatusBadRequest, err.Error())
				return
			}
			result := map[string]int{}
			if n := do(); n >= 0 {
				result["affected"] = n
			}
			g.answer(w, http.StatusOK, result)
		})
	}
	mux.HandleFunc("GET "+adminPath+"/stats", func(w http.ResponseWriter, _ *http.Request) {
		g.answer(w, http.StatusOK, g.Stats())
	})
	mux.HandleFunc("GET "+adminPath+"/ledger", func(w http.ResponseWriter, _ *http.Request) {
		g.answer(w, http.StatusOK, g.Sent())
	})
	mux.HandleFunc("GET "+adminPath+"/await", g.getAwait)
	mux.HandleFunc("POST "+adminPath+"/quiesce", g.postQuiesce)
}

// getAwait answers when so many sessions are attached, or with 504 when the time is
// over.
func (g *Gateway) getAwait(w http.ResponseWriter, r *http.Request) {
	q := &query{values: r.URL.Query()}
	attached, limit := q.number("attached", 0), q.duration("timeout")
	if err := q.finish(); err != nil {
		g.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	ctx, cancel := withLimit(r.Context(), limit)
	defer cancel()
	st, err := g.Await(ctx, func(st Stats) bool { return st.Attached >= attached })
	if err != nil {
		g.fail(w, http.StatusGatewayTimeout, err.Error())
		return
	}
	g.answer(w, http.StatusOK, st)
}

func (g *Gateway) postQuiesce(w http.ResponseWriter, r *http.Request) {
	q := &query{values: r.URL.Query()}
	limit := q.duration("timeout")
	if err := q.finish(); err != nil {
		g.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	ctx, cancel := withLimit(r.Context(), limit)
	defer cancel()
	st, err := g.Quiesce(ctx)
	if err != nil {
		g.fail(w, http.StatusGatewayTimeout, err.Error())
		return
	}
	g.answer(w, http.StatusOK, st)
}
