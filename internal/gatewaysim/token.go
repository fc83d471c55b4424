package gatewaysim

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Token makes a token of the form that client libraries take apart: base64 of
// the application's id, and two more parts.
func Token(application uint64) string {
	id := strconv.FormatUint(application, 10)
	return base64.RawStdEncoding.EncodeToString([]byte(id)) + ".local.gateway"
}

var errToken = errors.New("not a bot token")

// applicationOf takes the application's id from a token, with or without the
// "Bot " in front.
func applicationOf(token string) (uint64, error) {
	first, _, _ := strings.Cut(strings.TrimPrefix(token, "Bot "), ".")
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(first, "="))
	if err != nil {
		return 0, fmt.Errorf("%w: first part: %w", errToken, err)
	}
	id, err := strconv.ParseUint(string(raw), 10, 64)
	if err != nil || id == 0 {
		return 0, fmt.Errorf("%w: first part is not the base64 of an id", errToken)
	}
	return id, nil
}

// authenticate returns the application that a token belongs to.
func (c Config) authenticate(token string) (uint64, error) {
	id, err := applicationOf(token)
	if err == nil && c.Token != "" && strings.TrimPrefix(token, "Bot ") != c.Token {
		err = fmt.Errorf("%w: another one is configured", errToken)
	}
	return id, err
}
