package main

import (
	"io"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// logOptions are the flags about logging.
type logOptions struct{ format, level string }

func (o *logOptions) addFlags(cmd *cobra.Command) {
	choiceFlag(cmd, &o.format, "log-format", "console", []string{"console", "json"}, "how the log is written")
	choiceFlag(cmd, &o.level, "log-level", "info", []string{"debug", "info", "warn", "error"}, "the least level that is logged")
}

// logger returns a logger that writes to w.
func (o *logOptions) logger(w io.Writer) (*zap.Logger, error) {
	level, err := zapcore.ParseLevel(o.level)
	if err != nil {
		return nil, err
	}
	config := zap.NewProductionEncoderConfig()
	config.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	config.EncodeDuration = zapcore.StringDurationEncoder
	encoder := zapcore.NewJSONEncoder(config)
	if o.format == "console" {
		config.EncodeTime = zapcore.TimeEncoderOfLayout("2006-01-02 15:04:05.000")
		config.EncodeLevel = zapcore.CapitalLevelEncoder
		encoder = zapcore.NewConsoleEncoder(config)
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(w)), level)), nil
}
