package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// ErrNoMaster: nothing answers on the control socket.
var ErrNoMaster = errors.New("no master answers")

// ErrCutOff: the master went away in the middle of an upgrade. Its slaves go on
// serving.
var ErrCutOff = errors.New("the master went away before the upgrade ended; the slaves serve on: when a master is back, baton watch shows the upgrade if it goes on, and baton status how things stand")

// Error is a request that the master refused.
type Error struct {
	// Status is the HTTP status: 400 for a request that makes no sense, 409 for
	// one that cannot be served now.
	Status int
	// Reason is the master's.
	Reason string
}

// Error returns the master's reason.
func (e *Error) Error() string {
	return "the master refuses: " + e.Reason
}

// Client commands the master behind one control socket. It keeps no connection
// between calls.
type Client struct {
	path string
	http http.Client
}

// NewClient returns a client for the socket at path; it connects when it is used.
func NewClient(path string) *Client {
	dialer := &net.Dialer{}
	return &Client{path: path, http: http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, "unix", path)
			if err != nil && ctx.Err() == nil {
				err = fmt.Errorf("%w on %s: %w", ErrNoMaster, path, err)
			}
			return conn, err
		},
	}}}
}

// Status asks how things stand. The error is [ErrNoMaster], an [*Error] or the
// context's.
func (c *Client) Status(ctx context.Context) (Status, error) {
	return c.status(ctx, http.MethodGet, "/v1/status", nil)
}

// Forget says that a slave's process is dead, so that its shards may be started
// elsewhere. The error is [ErrNoMaster], an [*Error] or the context's.
func (c *Client) Forget(ctx context.Context, slave string) error {
	_, err := c.command(ctx, "/v1/forget/"+url.PathEscape(slave), nil)
	return err
}

// Pause has the upgrade that runs pause. It returns how things stand when that is
// noted; errors are those of [Client.Forget].
func (c *Client) Pause(ctx context.Context) (Status, error) {
	return c.command(ctx, "/v1/upgrade/pause", nil)
}

// Resume has a paused upgrade go on. It is otherwise as [Client.Pause].
func (c *Client) Resume(ctx context.Context) (Status, error) {
	return c.command(ctx, "/v1/upgrade/resume", nil)
}

// Abort has the upgrade that runs take every shard back. It is otherwise as
// [Client.Pause].
func (c *Client) Abort(ctx context.Context, reason string) (Status, error) {
	why, err := json.Marshal(Abort{Reason: reason})
	if err != nil {
		return Status{}, fmt.Errorf("control: why to abort: %w", err)
	}
	return c.command(ctx, "/v1/upgrade/abort", why)
}

// command sends a request that is answered with a status.
func (c *Client) command(ctx context.Context, path string, request []byte) (Status, error) {
	return c.status(ctx, http.MethodPost, path, request)
}

// status asks for a status.
func (c *Client) status(ctx context.Context, method, path string, request []byte) (Status, error) {
	body, err := c.do(ctx, method, path, request)
	if err != nil {
		return Status{}, err
	}
	defer body.Close()
	var status Status
	if err := json.NewDecoder(body).Decode(&status); err != nil {
		return Status{}, fmt.Errorf("control: the master's status: %w", err)
	}
	return status, nil
}

// Upgrade asks for an upgrade, calls progress for each of its steps, and returns
// how it ended, which may be as failed. The error is [ErrNoMaster], [ErrCutOff],
// an [*Error] or the context's; the upgrade goes on when the context ends.
func (c *Client) Upgrade(ctx context.Context, plan Plan, progress func(Progress)) (Result, error) {
	request, err := json.Marshal(plan)
	if err != nil {
		return Result{}, fmt.Errorf("control: the plan: %w", err)
	}
	return c.follow(ctx, http.MethodPost, request, progress)
}

// Watch follows the upgrade that runs, whoever has asked for it, as
// [Client.Upgrade] does. That there is none is an [*Error].
func (c *Client) Watch(ctx context.Context, progress func(Progress)) (Result, error) {
	return c.follow(ctx, http.MethodGet, nil, progress)
}

// follow reads an upgrade's lines up to its result.
func (c *Client) follow(ctx context.Context, method string, request []byte, progress func(Progress)) (Result, error) {
	body, err := c.do(ctx, method, "/v1/upgrade", request)
	if err != nil {
		return Result{}, err
	}
	defer body.Close()
	decoder := json.NewDecoder(body)
	for {
		var line Line
		if err := decoder.Decode(&line); err != nil {
			if ctx.Err() != nil {
				return Result{}, ctx.Err()
			}
			return Result{}, fmt.Errorf("%w: %w", ErrCutOff, err)
		}
		switch {
		case line.Result != nil:
			return *line.Result, nil
		case line.Progress != nil:
			progress(*line.Progress)
		}
	}
}

// do sends a request and returns the body of an answer of 200.
func (c *Client) do(ctx context.Context, method, path string, body []byte) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://master"+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	response, err := c.http.Do(request)
	switch {
	case ctx.Err() != nil:
		return nil, errors.Join(ctx.Err(), closeBody(response))
	case err != nil:
		return nil, unwrapURL(err)
	case response.StatusCode == http.StatusOK:
		return response.Body, nil
	}
	defer response.Body.Close()
	refused := &Error{Status: response.StatusCode}
	var answer refusal
	if err := json.NewDecoder(io.LimitReader(response.Body, maxRequest)).Decode(&answer); err != nil || answer.Error == "" {
		refused.Reason = response.Status
	} else {
		// Some begin with the package that gives them.
		refused.Reason = strings.TrimPrefix(answer.Error, "master: ")
	}
	return nil, refused
}

// unwrapURL takes away what net/http says about the request: its address is made
// up, and the reason is what matters.
func unwrapURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// closeBody closes the body of an answer that is not wanted, if there is one.
func closeBody(response *http.Response) error {
	if response == nil {
		return nil
	}
	return response.Body.Close()
}
