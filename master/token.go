package master

import (
	"crypto/rand"
	"crypto/subtle"
	"strings"
)

// newToken draws a launch token: 130 random bits as text.
func newToken() string { return rand.Text() }

// randomID draws a short id that two lives of a master are unlikely to share.
func randomID() string { return strings.ToLower(rand.Text()[:5]) }

// sameToken compares without telling, by the time it takes, how much fits.
func sameToken(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
