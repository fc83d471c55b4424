package control_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shardbaton/baton/internal/control"
)

// fake is a backend that does what a test tells it.
type fake struct {
	status  control.Status
	upgrade func(context.Context, control.Plan, func(control.Progress)) (control.Result, error)
	forget  func(slave string) error
	watch   func(context.Context, func(control.Progress)) (control.Result, error)
	command func(what, reason string) error
}

func (f *fake) Status() control.Status { return f.status }

func (f *fake) Upgrade(ctx context.Context, plan control.Plan, progress func(control.Progress)) (control.Result, error) {
	return f.upgrade(ctx, plan, progress)
}

func (f *fake) Forget(_ context.Context, slave string) error { return f.forget(slave) }

func (f *fake) Watch(ctx context.Context, progress func(control.Progress)) (control.Result, error) {
	return f.watch(ctx, progress)
}

func (f *fake) Pause(context.Context) error                  { return f.command("pause", "") }
func (f *fake) Resume(context.Context) error                 { return f.command("resume", "") }
func (f *fake) Abort(_ context.Context, reason string) error { return f.command("abort", reason) }

// serve serves the backend for as long as the test runs.
func serve(t *testing.T, backend control.Backend) (path string, stop func()) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "control.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- control.NewServer(backend, nil).Serve(ctx, listener) }()
	ended := false
	stop = func() {
		t.Helper()
		if ended {
			return
		}
		ended = true
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	}
	t.Cleanup(stop)
	return path, stop
}

func TestStatusArrivesAsItWasTold(t *testing.T) {
	want := control.Status{
		PID: 7, State: "serving", NumShards: 2,
		Slaves: []control.Slave{{ID: "s1", Role: "serving", Link: "ready", Dialect: 2, Shards: []int{0, 1}}},
		Shards: []control.Shard{{Shard: 0, Owner: "s1", Epoch: 3}, {Shard: 1, InDoubt: true}},
		Upgrade: &control.Upgrade{
			ID: "u1", State: "paused", Sources: []string{"s1"}, Targets: []string{"s2"}, Moved: 1, Total: 2,
			Failure: &control.Failure{Step: "moving", Slave: "s2", Shard: new(int), Kind: "slave reported a failure", Reason: "no"},
		},
		Journal: "/state/j", Lease: control.Duration(10 * time.Second),
	}
	path, _ := serve(t, &fake{status: want})
	got, err := control.NewClient(path).Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestAnUpgradeIsFollowedToItsResult(t *testing.T) {
	plan := control.Plan{
		Slaves: []string{"s1"}, NumShards: 4, Parallel: 2, Command: []string{"/bin/bot", "-v"},
		CanaryShards: []int{0, 3}, Hold: control.Duration(90 * time.Second), Healthy: control.Duration(time.Millisecond),
		Progress: control.Duration(time.Minute), Total: control.Duration(time.Hour), PauseLimit: control.Duration(2 * time.Minute),
		OnFailure: "pause",
	}
	want := control.Result{Result: control.ResultDone, Moved: []int{0, 1}}
	seen := make(chan struct{})
	path, _ := serve(t, &fake{upgrade: func(_ context.Context, got control.Plan, progress func(control.Progress)) (control.Result, error) {
		if !reflect.DeepEqual(got, plan) {
			t.Errorf("the backend got the plan %+v, want %+v", got, plan)
		}
		progress(control.Progress{State: "moving"})
		// The next step waits until the first one was seen: lines are not kept back.
		<-seen
		progress(control.Progress{State: "moving", Moved: 1, Move: &control.Move{Shard: 1, Arrived: true}})
		return want, nil
	}})
	var steps []control.Progress
	got, err := control.NewClient(path).Upgrade(t.Context(), plan, func(p control.Progress) {
		if steps = append(steps, p); len(steps) == 1 {
			close(seen)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("result %+v, want %+v", got, want)
	}
	if len(steps) != 2 || steps[1].Move == nil || !steps[1].Move.Arrived {
		t.Errorf("got the steps %+v", steps)
	}
}

func TestARefusalCarriesTheMastersReason(t *testing.T) {
	path, _ := serve(t, &fake{upgrade: func(context.Context, control.Plan, func(control.Progress)) (control.Result, error) {
		return control.Result{}, errors.New("another upgrade runs")
	}})
	_, err := control.NewClient(path).Upgrade(t.Context(), control.Plan{}, nil)
	var refused *control.Error
	if !errors.As(err, &refused) || refused.Status != http.StatusConflict || refused.Reason != "another upgrade runs" {
		t.Errorf("got %v, want a refusal with status 409 and the reason", err)
	}
}

func TestAnUpgradeGoesOnWithoutTheClientThatAskedForIt(t *testing.T) {
	gone, finished := make(chan struct{}), make(chan error, 1)
	path, stop := serve(t, &fake{upgrade: func(ctx context.Context, _ control.Plan, progress func(control.Progress)) (control.Result, error) {
		progress(control.Progress{State: "moving"})
		<-gone
		progress(control.Progress{State: "retiring"})
		finished <- ctx.Err()
		return control.Result{Result: control.ResultDone}, nil
	}})
	ctx, cancel := context.WithCancel(t.Context())
	_, err := control.NewClient(path).Upgrade(ctx, control.Plan{}, func(control.Progress) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	close(gone)
	if err := <-finished; err != nil {
		t.Errorf("the upgrade's context ended with its client: %v", err)
	}
	stop()
}

func TestAMasterThatEndsInTheMiddleIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := listener.Accept()
		if err != nil {
			t.Error(err)
			return
		}
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"progress\":{\"state\":\"moving\"}}\n")
		_ = conn.Close()
	}()
	_, err = control.NewClient(path).Upgrade(t.Context(), control.Plan{}, func(control.Progress) {})
	<-done
	if !errors.Is(err, control.ErrCutOff) {
		t.Errorf("got %v, want ErrCutOff", err)
	}
}

func TestAnAbsentMasterIsNamed(t *testing.T) {
	stale := filepath.Join(t.TempDir(), "stale.sock")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	listener.SetUnlinkOnClose(false)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"no socket":                    filepath.Join(t.TempDir(), "none.sock"),
		"a socket that nobody serves":  stale,
		"a path too long for a socket": "/" + strings.Repeat("x", 300),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := control.NewClient(path).Status(t.Context())
			if !errors.Is(err, control.ErrNoMaster) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want ErrNoMaster with the path", err)
			}
		})
	}
}

func TestRequestsThatMakeNoSenseAreRefused(t *testing.T) {
	path, _ := serve(t, &fake{
		upgrade: func(context.Context, control.Plan, func(control.Progress)) (control.Result, error) {
			t.Error("an upgrade was begun")
			return control.Result{}, nil
		},
		command: func(what, _ string) error {
			t.Errorf("%s was commanded", what)
			return nil
		},
	})
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
		return net.Dial("unix", path)
	}}}
	for _, test := range []struct {
		name, method, path, body string
		want                     int
	}{
		{"a plan that is no JSON", "POST", "/v1/upgrade", "replace them", 400},
		{"a plan with an unknown field", "POST", "/v1/upgrade", `{"shard":3}`, 400},
		{"a plan that is null", "POST", "/v1/upgrade", "null", 400},
		{"no plan", "POST", "/v1/upgrade", "", 400},
		{"two plans", "POST", "/v1/upgrade", "{} {}", 400},
		{"a plan that contradicts itself", "POST", "/v1/upgrade", `{"hold":"1m"}`, 400},
		{"a duration that is a number", "POST", "/v1/upgrade", `{"canary":1,"hold":60}`, 400},
		{"a duration without a unit", "POST", "/v1/upgrade", `{"canary":1,"hold":"60"}`, 400},
		{"a reason that is none", "POST", "/v1/upgrade/abort", `["because"]`, 400},
		{"a pause by GET", "GET", "/v1/upgrade/pause", "", 405},
		{"a plan beyond all measure", "POST", "/v1/upgrade", `{"slaves":["` + strings.Repeat("x", 2<<20) + `"]}`, 400},
		{"an upgrade by PUT", "PUT", "/v1/upgrade", "", 405},
		{"an unknown path", "GET", "/v1/nothing", "", 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), test.method, "http://master"+test.path, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			response, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if response.StatusCode != test.want {
				t.Errorf("status %d, want %d", response.StatusCode, test.want)
			}
		})
	}
}
