package gatewaysim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	restPath   = "/api/v10"
	adminPath  = "/sim"
	resumePath = "/resume"
)

// handler routes everything that one listener serves.
func (g *Gateway) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+restPath+"/gateway", g.getGateway)
	mux.HandleFunc("GET "+restPath+"/gateway/bot", g.authenticated(g.getGatewayBot))
	mux.HandleFunc("GET "+restPath+"/users/@me", g.authenticated(g.getUser))
	mux.HandleFunc("GET "+restPath+"/applications/@me", g.authenticated(g.getApplication))
	mux.HandleFunc("GET "+restPath+"/oauth2/applications/@me", g.authenticated(g.getApplication))
	mux.HandleFunc("GET /{$}", g.serveSocket)
	mux.HandleFunc("GET "+resumePath, g.serveSocket)
	mux.HandleFunc("GET "+resumePath+"/{$}", g.serveSocket)
	g.routeAdmin(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		g.fail(w, http.StatusNotFound, "404: Not Found")
	})
	return mux
}

// fail answers in the form of Discord's errors.
func (g *Gateway) fail(w http.ResponseWriter, status int, message string) {
	g.answer(w, status, map[string]any{"message": message, "code": 0})
}

func (g *Gateway) answer(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n'))
}

// authenticated wraps a handler that needs a bot's token.
func (g *Gateway) authenticated(h func(w http.ResponseWriter, r *http.Request, application uint64)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		application, err := g.cfg.authenticate(r.Header.Get("Authorization"))
		if err != nil {
			g.fail(w, http.StatusUnauthorized, "401: Unauthorized")
			return
		}
		h(w, r, application)
	}
}

func (g *Gateway) getGateway(w http.ResponseWriter, r *http.Request) {
	g.answer(w, http.StatusOK, map[string]string{"url": URLsOf(r.Host).Gateway})
}

func (g *Gateway) getGatewayBot(w http.ResponseWriter, r *http.Request, _ uint64) {
	now := time.Now()
	g.mu.Lock()
	g.starts.renew(now)
	starts := g.starts
	g.mu.Unlock()
	g.answer(w, http.StatusOK, map[string]any{
		"url":    URLsOf(r.Host).Gateway,
		"shards": g.cfg.Shards,
		"session_start_limit": map[string]any{
			"total":           starts.total,
			"remaining":       max(starts.remaining, 0),
			"reset_after":     starts.resets.Sub(now).Milliseconds(),
			"max_concurrency": starts.concurrency,
		},
	})
}

func (g *Gateway) getUser(w http.ResponseWriter, _ *http.Request, application uint64) {
	g.answer(w, http.StatusOK, json.RawMessage(appendUser(nil, application)))
}

func (g *Gateway) getApplication(w http.ResponseWriter, _ *http.Request, application uint64) {
	g.answer(w, http.StatusOK, json.RawMessage(fmt.Appendf(nil,
		`{"id":"%d","name":"local-bot","icon":null,"description":"","bot_public":false,"bot_require_code_grant":false,"summary":"","verify_key":"","flags":0,"owner":%s,"team":null}`,
		application, appendUser(nil, application))))
}
