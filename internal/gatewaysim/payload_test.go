package gatewaysim

import (
	"encoding/json"
	"errors"
	"testing"
)

func FuzzDecodePayload(f *testing.F) {
	for _, seed := range []string{
		`{"op":1,"d":null}`, `{"op":1,"d":42}`, `{"op":1}`, `{"op":1,"d":-1}`, `{"op":1,"d":1e99}`,
		`{"op":2,"d":{"token":"x","intents":1,"shard":[0,1]}}`, `{"op":2,"d":{"token":"x","intents":-1}}`,
		`{"op":2,"d":{"token":1}}`, `{"op":2,"d":null}`, `{"op":2,"d":{"intents":1,"shard":[1,2,3]}}`,
		`{"op":6,"d":{"token":"x","session_id":"y","seq":7}}`, `{"op":6,"d":{"session_id":"y","seq":null}}`,
		`{"op":3,"d":{}}`, `{"op":8,"d":{"guild_id":"1"}}`, `{"op":99}`, `{"op":null}`, `{"op":"x"}`, `{`, ``, `[]`, `null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := decodePayload(data)
		var refused *payloadError
		if err != nil {
			if !errors.As(err, &refused) || refused.Error() == "" {
				t.Fatalf("an error without a close code: %v", err)
			}
			if refused.code != CloseDecodeError && refused.code != CloseUnknownOpcode {
				t.Fatalf("close code %d for %q", refused.code, data)
			}
			return
		}
		if !json.Valid(data) || len(data) > maxPayload {
			t.Fatalf("accepted: %q", data)
		}
		switch p := p.(type) {
		case heartbeat:
			if p.sequence < 0 {
				t.Fatalf("sequence %d", p.sequence)
			}
		case identify:
			if p.Intents == nil || p.Shard == nil {
				t.Fatalf("incomplete: %+v", p)
			}
		case resume:
			if p.Sequence == nil || *p.Sequence < 0 || p.SessionID == "" {
				t.Fatalf("incomplete: %+v", p)
			}
		case other:
		default:
			t.Fatalf("an unknown payload %T", p)
		}
	})
}

func FuzzApplicationOf(f *testing.F) {
	f.Add(Token(DefaultApplication))
	f.Add("Bot " + Token(1))
	f.Add("")
	f.Add("MA==.x")
	f.Fuzz(func(t *testing.T, token string) {
		id, err := applicationOf(token)
		if (err == nil) != (id != 0) {
			t.Fatalf("id %d with error %v", id, err)
		}
	})
}

func TestATokenNamesItsApplication(t *testing.T) {
	for _, token := range []string{Token(DefaultApplication), "Bot " + Token(DefaultApplication)} {
		if id, err := applicationOf(token); err != nil || id != DefaultApplication {
			t.Errorf("%q: want %d, got %d, %v", token, DefaultApplication, id, err)
		}
	}
	if _, err := applicationOf("nonsense"); !errors.Is(err, errToken) {
		t.Errorf("want errToken, got %v", err)
	}
}
