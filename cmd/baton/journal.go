package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/shardbaton/baton/internal/control"
	"github.com/shardbaton/baton/master"
	"github.com/shardbaton/baton/master/journal"
)

// noJournal is the path that stands for none.
const noJournal = "none"

// journalOptions are the flags about the journal.
type journalOptions struct {
	path     string
	setAside bool
}

func (o *journalOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.path, "journal", "", `file that holds what the next master must know; "none" keeps nothing (default: one for each control socket, in $XDG_STATE_HOME/baton or ~/.local/state/baton)`)
	flags.BoolVar(&o.setAside, "journal-set-aside", false, "if the journal cannot be read, give it another name and begin an empty one")
}

// errUnread is a journal that could be set aside.
var errUnread = errors.New("--journal-set-aside does that; what it held about an open upgrade and about slaves that run is then not known, so end those first")

// open opens the journal; nil without an error means that there is none. commands is
// the path of the control socket.
func (o *journalOptions) open(commands string, log *zap.Logger) (*journal.File, error) {
	if o.path == noJournal {
		return nil, nil
	}
	if o.path == "" {
		path, err := control.JournalPath(commands)
		if err == nil {
			err = control.MakeDir(filepath.Dir(path))
		}
		if err != nil {
			return nil, fmt.Errorf("no place for the journal: %w; name a file with --journal, or keep none with --journal none", err)
		}
		o.path = path
	}
	file, err := journal.Open(o.path)
	switch {
	case err == nil:
		return file, nil
	case !errors.Is(err, journal.ErrCorrupt) && !errors.Is(err, journal.ErrNewer):
		return nil, fmt.Errorf("%w (--journal names another file)", err)
	case !o.setAside:
		return nil, fmt.Errorf("%w (%w)", err, errUnread)
	}
	if err := o.moveAside(err, log); err != nil {
		return nil, err
	}
	return journal.Open(o.path)
}

// announce tells the log where the journal is.
func (o *journalOptions) announce(log *zap.Logger) {
	if o.path == noJournal {
		log.Warn("there is no journal: should this master be killed, the next one knows only what slaves tell it")
		return
	}
	log.Info("what the next master must know is kept in the journal", zap.String("path", o.path))
}

// moveAside gives the journal, which has this fault, another name.
func (o *journalOptions) moveAside(fault error, log *zap.Logger) error {
	aside, err := journal.SetAside(o.path)
	if err != nil {
		return errors.Join(fault, err)
	}
	log.Warn("the journal cannot be read and was set aside; this master begins without it",
		zap.String("path", o.path), zap.String("aside", aside), zap.NamedError("because", fault))
	return nil
}

// unread tells whether a master has ended because its journal makes no sense to it.
func unread(err error) bool {
	var entry *master.JournalError
	return errors.As(err, &entry)
}
