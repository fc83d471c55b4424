package gatewaysim

import (
	"encoding/json"
	"errors"
	"fmt"
)

// maxPayload is the largest payload in bytes that Discord takes from a client
// ("Sending Events").
const maxPayload = 4096

// payload is what a client sends: one of *heartbeat, *identify, *resume, or
// other.
type payload any

type heartbeat struct {
	sequence int // 0 for null: nothing received yet
}

type identify struct {
	Token   string   `json:"token"`
	Intents *Intents `json:"intents"`
	Shard   *[2]int  `json:"shard"`
}

type resume struct {
	Token     string `json:"token"`
	SessionID string `json:"session_id"`
	Sequence  *int   `json:"seq"`
}

// other is an opcode that the gateway accepts and does not act upon.
type other struct{ op int }

// payloadError says why a payload was refused; code is the close code for it.
type payloadError struct {
	code int
	text string
	err  error
}

func (e *payloadError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("%s (close code %d)", e.text, e.code)
	}
	return fmt.Sprintf("%s (close code %d): %v", e.text, e.code, e.err)
}

func (e *payloadError) Unwrap() error { return e.err }

// decodePayload reads one payload. Every error is a *payloadError.
func decodePayload(data []byte) (payload, error) {
	if len(data) > maxPayload {
		return nil, &payloadError{CloseDecodeError, fmt.Sprintf("payload of %d bytes, at most %d are accepted", len(data), maxPayload), nil}
	}
	var envelope struct {
		Op *int            `json:"op"`
		D  json.RawMessage `json:"d"`
	}
	if err := json.Unmarshal(data, &envelope); err != nil {
		return nil, decodeError("payload", err)
	}
	if envelope.Op == nil {
		return nil, decodeError("payload", errors.New("no op"))
	}
	switch op := *envelope.Op; op {
	case opHeartbeat:
		return decodeHeartbeat(envelope.D)
	case opIdentify:
		return decodeIdentify(envelope.D)
	case opResume:
		return decodeResume(envelope.D)
	case opPresence, opVoiceState, opRequestMembers, opSoundboard:
		return other{op}, nil
	default:
		return nil, &payloadError{CloseUnknownOpcode, fmt.Sprintf("opcode %d is not one a client sends", op), nil}
	}
}

func decodeHeartbeat(d json.RawMessage) (payload, error) {
	var sequence *int
	if len(d) > 0 {
		if err := json.Unmarshal(d, &sequence); err != nil {
			return nil, decodeError("HEARTBEAT", err)
		}
	}
	switch {
	case sequence == nil:
		return heartbeat{}, nil
	case *sequence < 0:
		return nil, decodeError("HEARTBEAT", fmt.Errorf("sequence %d", *sequence))
	}
	return heartbeat{*sequence}, nil
}

func decodeIdentify(d json.RawMessage) (payload, error) {
	var p identify
	if err := unmarshalObject(d, &p); err != nil {
		return nil, decodeError("IDENTIFY", err)
	}
	if p.Intents == nil {
		return nil, decodeError("IDENTIFY", errors.New("no intents; API v10 requires them"))
	}
	if p.Shard == nil {
		p.Shard = &[2]int{0, 1}
	}
	return p, nil
}

func decodeResume(d json.RawMessage) (payload, error) {
	var p resume
	if err := unmarshalObject(d, &p); err != nil {
		return nil, decodeError("RESUME", err)
	}
	if p.Sequence == nil || *p.Sequence < 0 || p.SessionID == "" {
		return nil, decodeError("RESUME", errors.New("want session_id and a seq that is not negative"))
	}
	return p, nil
}

// unmarshalObject is json.Unmarshal, but null or nothing is an error.
func unmarshalObject(d json.RawMessage, into any) error {
	if len(d) == 0 || d[0] != '{' {
		return errors.New("d is not an object")
	}
	return json.Unmarshal(d, into)
}

func decodeError(what string, err error) error {
	return &payloadError{CloseDecodeError, what, err}
}
