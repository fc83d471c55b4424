package main

import (
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/shardbaton/baton/internal/gatewaysim"
	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
)

func (c *cli) gatewayCommand() *cobra.Command {
	var (
		listen, handled string
		config          gatewaysim.Config
		attached        string
		logs            logOptions
	)
	cmd := &cobra.Command{
		Use:   "gateway",
		Short: "Run a Discord gateway on this machine, for bots to be tried with",
		Long: `Gateway serves what bots need of Discord's REST API and gateway, and produces
events at a set rate. Faults are commanded over HTTP below /sim. With --handled it
compares, when it ends, what it sent with what the bots say they have handled.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := logs.logger(c.err)
			if err != nil {
				return err
			}
			config.Logger = log
			if attached == "refuse" {
				config.AttachedResume = gatewaysim.Refuse
			}
			// To the gateway no rate means its default; here it means none.
			config.Stopped = config.Stopped || config.Rate == 0
			gateway, err := gatewaysim.New(config)
			if err != nil {
				return usagef("%w", err)
			}
			listener, err := net.Listen("tcp", listen)
			if err != nil {
				return fmt.Errorf("the gateway's address: %w", err)
			}
			ctx, stop := c.interruptible(cmd.Context(), nil)
			defer stop()
			urls := gatewaysim.URLsOf(listener.Addr().String())
			token := config.Token
			if token == "" {
				token = gatewaysim.Token(gatewaysim.DefaultApplication)
			}
			_, err = fmt.Fprintf(c.out, "REST     %s\ngateway  %s\nadmin    %s\ntoken    %s\n", urls.REST, urls.Gateway, urls.Admin, token)
			if err != nil {
				return errors.Join(err, listener.Close())
			}
			if err := gateway.Serve(ctx, listener); err != nil || handled == "" {
				return err
			}
			return c.judge(gateway.Sent(), handled)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&listen, "listen", "127.0.0.1:7000", "address to serve on; port 0 picks a free one")
	flags.StringVar(&handled, "handled", "", "directory of the bots' handled files, to be judged at the end")
	gatewayFlags(flags, &config)
	choiceFlag(cmd, &attached, "attached-resume", "take-over", []string{"take-over", "refuse"},
		"what a RESUME does to a session that another connection holds")
	logs.addFlags(cmd)
	return cmd
}

// gatewayFlags adds a flag for each field of the config that is a value.
func gatewayFlags(flags *pflag.FlagSet, config *gatewaysim.Config) {
	for _, f := range []struct {
		value *int
		name  string
		usual int
		usage string
	}{
		{&config.Shards, "shards", 1, "recommended number of shards"},
		{&config.GuildsPerShard, "guilds", 50, "guilds a shard"},
		{&config.GuildBytes, "guild-bytes", 8192, "size of a guild in bytes of JSON"},
		{&config.StateEvery, "state-every", 10, "one event in so many changes what bots cache"},
		{&config.MaxConcurrency, "max-concurrency", 1, "IDENTIFY buckets"},
		{&config.SessionStarts, "session-starts", 1000, "IDENTIFYs in 24 hours"},
		{&config.ReplaySize, "replay-size", 4096, "dispatches that a session keeps for RESUME"},
		{&config.BacklogSize, "backlog-size", 65536, "dispatches that may wait for a slow client"},
		{&config.SendLimit, "send-limit", 120, "payloads that a client may send in a window"},
	} {
		numberFlag(flags, f.value, f.name, f.usual, 1, f.usage)
	}
	for _, f := range []struct {
		value *time.Duration
		name  string
		usual time.Duration
		usage string
	}{
		{&config.IdentifyInterval, "identify-interval", 5 * time.Second, "for how long an IDENTIFY blocks its bucket"},
		{&config.HeartbeatInterval, "heartbeat-interval", 41250 * time.Millisecond, "what HELLO asks for"},
		{&config.HeartbeatGrace, "heartbeat-grace", 0, "how much later a heartbeat may come (0: half the interval)"},
		{&config.AckDelay, "ack-delay", 20 * time.Millisecond, "time from a heartbeat to its answer"},
		{&config.SessionExpiry, "session-expiry", 30 * time.Second, "how long a session without a connection lives"},
		{&config.SendWindow, "send-window", time.Minute, "the window of the send limit"},
		{&config.RTT, "rtt", 0, "simulated round-trip time"},
	} {
		spanFlag(flags, f.value, f.name, f.usual, f.usage)
	}
	flags.Float64Var(&config.Rate, "rate", 10, "events a second and shard")
	flags.BoolVar(&config.Stopped, "stopped", false, "produce no events until told to, below /sim")
	flags.BoolVar(&config.TrimOnHeartbeat, "trim-on-heartbeat", false, "forget for RESUME what a heartbeat acknowledges")
	flags.StringVar(&config.Token, "token", "", "the only token that is accepted (default: any)")
	flags.Uint64Var((*uint64)(&config.DisallowedIntents), "disallowed-intents", 0, "intents that are refused, as a bit mask")
}

// errUnclean: the ledger found something.
var errUnclean = errors.New("the bots did not handle every event once and in order")

// judge prints what became of the events that were sent.
func (c *cli) judge(sent ledger.Sent, handled string) error {
	verdict, err := ledger.Judge(sent, handled)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(c.out, verdict); err != nil {
		return err
	}
	if !verdict.Clean() {
		return errUnclean
	}
	return nil
}
