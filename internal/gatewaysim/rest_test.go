package gatewaysim_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

// request sends a request and returns status and body.
func (w *world) request(method, url, authorization string) (int, string) {
	w.t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	response, err := (&http.Client{Transport: w.transport}).Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(body))
}

func TestREST(t *testing.T) {
	for _, tt := range []struct {
		name, path, authorization string
		status                    int
		body                      string // a part of it
	}{
		{"anybody may ask for the gateway", "/gateway", "", 200, `{"url":"ws://memory"}`},
		{
			"a bot learns the whole session_start_limit", "/gateway/bot", "Bot " + token, 200,
			`{"session_start_limit":{"max_concurrency":2,"remaining":1000,"reset_after":86400000,"total":1000},"shards":3,"url":"ws://memory"}`,
		},
		{"a bot learns who it is", "/users/@me", "Bot " + token, 200, `"id":"1100000000000000000"`},
		{"a bot learns its application", "/applications/@me", "Bot " + token, 200, `"id":"1100000000000000000"`},
		{"and by the older path too", "/oauth2/applications/@me", "Bot " + token, 200, `"id":"1100000000000000000"`},
		{"no token is 401", "/gateway/bot", "", 401, `{"code":0,"message":"401: Unauthorized"}`},
		{"what is no token is 401", "/users/@me", "Bot none", 401, `{"code":0,"message":"401: Unauthorized"}`},
		{"the rest is 404 in JSON", "/guilds/1", "Bot " + token, 404, `{"code":0,"message":"404: Not Found"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, gatewaysim.Config{Shards: 3, MaxConcurrency: 2, GuildsPerShard: 1}, func(w *world) {
				status, body := w.request("GET", w.URLs.REST+tt.path, tt.authorization)
				if status != tt.status || !strings.Contains(body, tt.body) {
					t.Errorf("want %d with %s, got %d with %s", tt.status, tt.body, status, body)
				}
			})
		})
	}
}

func TestOnlyTheConfiguredTokenIsAccepted(t *testing.T) {
	inWorld(t, gatewaysim.Config{Token: token, GuildsPerShard: 1}, func(w *world) {
		if status, _ := w.request("GET", w.URLs.REST+"/users/@me", "Bot "+token); status != 200 {
			t.Errorf("the right token: want 200, got %d", status)
		}
		if status, _ := w.request("GET", w.URLs.REST+"/users/@me", "Bot "+gatewaysim.Token(7)); status != 401 {
			t.Errorf("another token: want 401, got %d", status)
		}
	})
}

func TestSessionStartsAreCountedDownAndRenewedAfterADay(t *testing.T) {
	inWorld(t, gatewaysim.Config{GuildsPerShard: 1, SessionStarts: 2, Stopped: true}, func(w *world) {
		w.begin(0, 1).close(4000)
		if got := w.Stats().StartsRemaining; got != 1 {
			t.Errorf("after one IDENTIFY: want 1 left of 2, got %d", got)
		}
		elapse(23 * time.Hour)
		if got := w.Stats().StartsRemaining; got != 1 {
			t.Errorf("after 23 h: want 1 left, got %d", got)
		}
		elapse(time.Hour)
		if got := w.Stats().StartsRemaining; got != 2 {
			t.Errorf("after a day: want 2 left, got %d", got)
		}
	})
}
