package control

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// dirMode keeps everybody but the owner out of the directory of the sockets.
const dirMode = 0o700

// Dir is where a master puts its sockets unless it is told otherwise:
// $XDG_RUNTIME_DIR/baton, which the system makes for one user's session alone,
// or, without that variable, baton-UID in the directory for temporary files.
func Dir() string {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "baton")
	}
	return filepath.Join(os.TempDir(), "baton-"+strconv.Itoa(os.Getuid()))
}

// Path is the control socket's path unless one is given: control.sock in [Dir].
func Path() string { return filepath.Join(Dir(), "control.sock") }

// JournalPath is where a master keeps its journal unless it is told otherwise: a file
// for each control socket, in baton in $XDG_STATE_HOME or ~/.local/state, which unlike
// [Dir] outlives the user's session and the machine's.
func JournalPath(commands string) (string, error) {
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		state = filepath.Join(home, ".local", "state")
	}
	commands, err := filepath.Abs(commands)
	if err != nil {
		return "", err
	}
	// The base says to people which one it is, the digest tells those of one base apart.
	base := strings.TrimSuffix(filepath.Base(commands), filepath.Ext(commands))
	digest := sha256.Sum256([]byte(commands))
	return filepath.Join(state, "baton", base+"-"+hex.EncodeToString(digest[:4])+".journal"), nil
}

// MakeDir makes the directory of a socket or of a journal, with mode 0700, unless it
// exists. A
// directory at the place of [Dir] that belongs to somebody else, or that others
// may write to, is an error: they could put a socket of their own there.
func MakeDir(dir string) error {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return fmt.Errorf("make the directory: %w", err)
	}
	if dir != Dir() {
		return nil
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("look at the directory: %w", err)
	}
	if err := private(info); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	return nil
}

var (
	errNotDir  = errors.New("not a directory: remove it, or name another place for the socket")
	errOwner   = errors.New("belongs to another user: name another place for the socket")
	errOpenDir = errors.New("other users may write to it: chmod it to 0700, or name another place for the socket")
)

// private says why a directory is not the caller's alone.
func private(info fs.FileInfo) error {
	if !info.IsDir() {
		return errNotDir
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != os.Getuid() {
		return errOwner
	}
	if info.Mode().Perm()&0o022 != 0 {
		return errOpenDir
	}
	return nil
}
