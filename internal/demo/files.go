package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.uber.org/zap"

	"github.com/shardbaton/baton/internal/gatewaysim/ledger"
	"github.com/shardbaton/baton/internal/testbed"
)

// files are where a demonstration leaves things.
type files struct {
	// scratch is short-lived: sockets, whose paths must be short, stand there.
	scratch string
	own     bool // scratch was made here, and goes
	dir     string
	log     *zap.Logger
	logFile *os.File
}

// makeFiles makes the directories that are not named: keep is for what stays.
func makeFiles(scratch, keep string) (*files, error) {
	f := &files{scratch: scratch, own: scratch == ""}
	if f.own {
		var err error
		if f.scratch, err = os.MkdirTemp("", "baton-demo-"); err != nil {
			return nil, err
		}
	}
	f.dir = f.scratch
	if keep != "" {
		f.dir = keep
	}
	if err := f.open(); err != nil {
		return nil, errors.Join(err, f.remove())
	}
	return f, nil
}

func (f *files) open() error {
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty: ledgers of two runs must not mix; name another directory", f.dir)
	}
	f.logFile, err = os.Create(filepath.Join(f.dir, "demo.log"))
	if err != nil {
		return err
	}
	f.log = testbed.FileLogger(f.logFile)
	return os.Mkdir(f.handled(), 0o755)
}

// handled is where the bots write down what they handled.
func (f *files) handled() string { return filepath.Join(f.dir, "handled") }

// save writes down what the judgement is about and what it is.
func (f *files) save(sent ledger.Sent, verdict ledger.Verdict, report Report) error {
	return errors.Join(f.write("sent.json", sent), f.write("verdict.json", verdict), f.write("report.json", report))
}

func (f *files) write(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(f.dir, name), append(text, '\n'), 0o644)
}

// close removes what does not stay.
func (f *files) close() error { return errors.Join(f.logFile.Close(), f.remove()) }

// remove removes the directory that was made for this run alone.
func (f *files) remove() error {
	if !f.own {
		return nil
	}
	return os.RemoveAll(f.scratch)
}
