package control_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/internal/gatewaysim/memnet"
)

func TestAClientThatNeverEndsItsRequestDoesNotKeepTheServerFromEnding(t *testing.T) {
	for name, request := range map[string]string{
		"half a header": "POST /v1/upgr",
		"half a body":   "POST /v1/upgrade HTTP/1.1\r\nHost: master\r\nContent-Length: 100\r\n\r\n{\"sl",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				listener := memnet.Listen(0)
				ctx, end := context.WithCancel(t.Context())
				served := make(chan error, 1)
				go func() { served <- control.NewServer(&fake{}, nil).Serve(ctx, listener) }()
				conn, err := listener.Dial(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.WriteString(conn, request); err != nil {
					t.Fatal(err)
				}
				synctest.Wait() // the request is under way
				end()
				limit, cancel := context.WithTimeout(t.Context(), 15*time.Second)
				defer cancel()
				select {
				case err := <-served:
					if err != nil {
						t.Errorf("Serve: %v", err)
					}
				case <-limit.Done():
					t.Error("want the server to end, it still waits for the request")
				}
				if err := conn.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestAnUpgradeMayLastLongerThanItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen(0)
		ctx, end := context.WithCancel(t.Context())
		served := make(chan error, 1)
		server := control.NewServer(&fake{upgrade: func(ctx context.Context, _ control.Plan, progress func(control.Progress)) (control.Result, error) {
			progress(control.Progress{State: "moving"})
			limit, cancel := context.WithTimeout(ctx, 10*time.Minute)
			defer cancel()
			<-limit.Done()
			progress(control.Progress{State: "retiring"})
			return control.Result{Result: control.ResultDone}, ctx.Err()
		}}, nil)
		go func() { served <- server.Serve(ctx, listener) }()
		conn, err := listener.Dial(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "POST /v1/upgrade HTTP/1.1\r\nHost: master\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"); err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(conn)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"moving", "retiring", control.ResultDone} {
			if !strings.Contains(string(answer), want) {
				t.Errorf("the answer lacks %q: %s", want, answer)
			}
		}
		end()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
}
