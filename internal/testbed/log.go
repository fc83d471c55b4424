package testbed

import (
	"os"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// FileLogger returns a logger that writes everything to the file, for people.
func FileLogger(f *os.File) *zap.Logger {
	config := zap.NewDevelopmentEncoderConfig()
	return zap.New(zapcore.NewCore(zapcore.NewConsoleEncoder(config), zapcore.Lock(f), zap.DebugLevel))
}
