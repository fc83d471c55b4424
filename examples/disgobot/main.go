// Command disgobot is a disgo bot that Baton can replace while it runs. It keeps
// disgo's caches, and for every event writes down that it has handled it, so that
// a judge can compare (see internal/gatewaysim/ledger). A bot of one's own looks
// the same, with other listeners.
//
// The master launches it: baton serve -- disgobot --api URL --token TOKEN.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/cache"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/rest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	batondisgo "github.com/shardbaton/baton/adapters/disgo"
	"github.com/shardbaton/baton/slaveclient"
)

// version is what the master shows of this bot.
const version = "1.0.0"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Getenv, os.Stderr)
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "disgobot:", err)
		os.Exit(1)
	}
}

// settings are the command line, with the environment behind it.
type settings struct {
	api, token, handled, level string
	shards                     int
	plain, stateless           bool
	vice                       vice
}

func parse(args []string, env func(string) string, out io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("disgobot", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&s.api, "api", env("DISCORD_API"), "base `URL` of the REST API; empty is Discord's ($DISCORD_API)")
	flags.StringVar(&s.token, "token", env("DISCORD_TOKEN"), "the bot's `token` ($DISCORD_TOKEN)")
	flags.StringVar(&s.handled, "handled", env("BATON_LEDGER"), "`directory` in which to write down what was handled; empty for nowhere ($BATON_LEDGER)")
	flags.StringVar(&s.level, "log-level", "info", "least `level` that is logged")
	flags.IntVar(&s.shards, "shards", 0, "`number` of shards that the bot wishes to have; 0 leaves it to the master, with --plain to Discord")
	flags.BoolVar(&s.stateless, "stateless", false, "resume a shard although the caches of the process that ran it last are lost")
	flags.BoolVar(&s.plain, "plain", false, "run all shards as disgo does, without a master")
	flags.Var(&s.vice, "misbehave", misbehaveUsage)
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("want flags only, got %q", flags.Args())
	}
	if s.token == "" {
		return s, fmt.Errorf("no token: set --token or $DISCORD_TOKEN")
	}
	return s, nil
}

func run(ctx context.Context, args []string, env func(string) string, out io.Writer) error {
	s, err := parse(args, env, out)
	if err != nil {
		return err
	}
	logger, err := newLogger(s.level, out)
	if err != nil {
		return err
	}
	if s.vice.kind == cannotStart {
		return s.vice.error()
	}
	notes, err := openNotes(s.handled, env(slaveclient.EnvSlaveID), logger)
	if err != nil {
		return err
	}
	notes.stateless = s.stateless
	defer notes.close()

	client := []bot.ConfigOpt{
		bot.WithLogger(zapSlog(logger)),
		bot.WithCacheConfigOpts(cache.WithCaches(cache.FlagsAll &^ cache.FlagMessages)),
		bot.WithEventListeners(notes.listener()),
	}
	if s.api != "" {
		client = append(client, bot.WithRestClientConfigOpts(rest.WithURL(s.api)))
	}
	gateways := []gateway.ConfigOpt{
		gateway.WithIntents(gateway.IntentGuilds, gateway.IntentGuildMembers, gateway.IntentGuildMessages),
		gateway.WithCompression(gateway.CompressionNone),
	}
	if s.plain {
		return runPlain(ctx, s, client, gateways)
	}

	return runReplaceable(ctx, s, client, gateways, logger)
}

// runReplaceable runs the shards that a master gives this process, until the master
// or ctx ends it.
func runReplaceable(ctx context.Context, s settings, client []bot.ConfigOpt, gateways []gateway.ConfigOpt, logger *zap.Logger) error {
	config := batondisgo.Config{
		Client:  client,
		Gateway: gateways,
		FullStart: func(ctx context.Context, _ *bot.Client, a slaveclient.Assignment) error {
			if err := s.vice.fullStart(ctx); err != nil {
				return err
			}
			logger.Info("serving", zap.Ints("shards", a.Shards), zap.Int("of", a.NumShards))
			return nil
		},
	}
	slave := slaveclient.Config{Version: version, NumShards: s.shards, Stateless: s.stateless, Logger: logger}
	wire := s.vice.spoil(&config, &slave.Deadlines.FullStart)
	b, err := batondisgo.New(s.token, config)
	if err != nil {
		return err
	}
	return slaveclient.Run(ctx, slave, &misbehaving{Bot: b, vice: &s.vice, wire: wire})
}

func newLogger(level string, out io.Writer) (*zap.Logger, error) {
	least, err := zapcore.ParseLevel(level)
	if err != nil {
		return nil, fmt.Errorf("--log-level: %w", err)
	}
	config := zap.NewProductionEncoderConfig()
	config.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05.000")
	return zap.New(zapcore.NewCore(zapcore.NewConsoleEncoder(config), zapcore.Lock(zapcore.AddSync(out)), least)), nil
}
