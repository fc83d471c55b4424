package testbed

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/shardbaton/baton/internal/gatewaysim"
)

// botName is what the bot's binary is called beside ours.
const botName = "disgobot"

// FindBot returns the absolute path of the bot's program. An empty path means
// disgobot beside this program's own executable. The error says what is wrong with
// the program and how to name another.
func FindBot(path string) (string, error) {
	if path == "" {
		own, err := os.Executable()
		if err != nil {
			return "", fmt.Errorf("where this program is: %w", err)
		}
		if own, err = filepath.EvalSymlinks(own); err != nil {
			return "", fmt.Errorf("where this program is: %w", err)
		}
		path = filepath.Join(filepath.Dir(own), botName)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "", fmt.Errorf("there is no bot at %s: run make build, or name one with --bot", path)
	case err != nil:
		return "", fmt.Errorf("the bot: %w", err)
	case info.IsDir() || info.Mode()&0o111 == 0:
		return "", fmt.Errorf("the bot %s is not a program: name one with --bot", path)
	}
	return path, nil
}

// BotCommand is how the bot is launched: where its Discord is, and in which
// directory it writes down what it has handled.
func BotCommand(program string, urls gatewaysim.URLs, handled string) []string {
	return []string{
		program,
		"--api", urls.REST,
		"--token", gatewaysim.Token(gatewaysim.DefaultApplication),
		"--handled", handled,
	}
}
