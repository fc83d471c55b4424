package demo

import "github.com/shardbaton/baton/internal/gatewaysim"

// botCommand is how the bot is launched: where its Discord is, and where it
// writes down what it has handled.
func botCommand(program string, urls gatewaysim.URLs, handled string) []string {
	return []string{
		program,
		"--api", urls.REST,
		"--token", gatewaysim.Token(gatewaysim.DefaultApplication),
		"--handled", handled,
	}
}
