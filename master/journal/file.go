package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/shardbaton/baton/master"
)

// mode is that of a new file: it holds launch tokens.
const mode = 0o600

// File is a [master.Journal] in a bbolt file. Its methods may be called from any
// goroutine; they take turns.
type File struct {
	path string

	mu   sync.Mutex
	os   *os.File // the file under db, which holds the lock
	db   *bolt.DB
	dead error // why nothing can be done with db any more; nil while it can
}

var _ master.Journal = (*File)(nil)

// Open opens the journal at path, or makes an empty one if nothing is there. It
// reads all of an existing one. The error is an [*Error] that wraps [ErrInUse],
// [ErrCorrupt], [ErrNewer], [ErrForeign], [ErrNoJournal] or the system's error; what
// is at the path is then as it was.
func Open(path string) (*File, error) {
	file, err := lockAt(path, os.O_RDWR)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, at(path, err)
		}
		file, err = lockAt(path, os.O_RDWR)
	}
	if err != nil {
		return nil, at(path, err)
	}
	f, err := openLocked(path, file)
	return f, at(path, err)
}

// lockAt opens the file and locks it, without waiting.
func lockAt(path string, flag int) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("no regular file: %w", ErrNoJournal)
	}
	file, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return nil, err
	}
	// The lock belongs to the open file, so bbolt, which is given this one, gets it
	// at once; by itself it would ask for it again and again.
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrInUse
	}
	if err == nil {
		err = stillAt(path, file)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// stillAt makes sure that the file was not set aside before it was locked.
func stillAt(path string, file *os.File) error {
	there, err := os.Stat(path)
	if err != nil {
		return err
	}
	opened, err := file.Stat()
	if err == nil && !os.SameFile(there, opened) {
		err = fmt.Errorf("it was replaced meanwhile: %w", ErrInUse)
	}
	return err
}

// openLocked hands a file that was found good to bbolt, and closes it otherwise.
func openLocked(path string, file *os.File) (*File, error) {
	info, err := file.Stat()
	if err == nil {
		err = inspect(file, info.Size())
	}
	var db *bolt.DB
	if err == nil {
		db, err = openBolt(file)
	}
	if err != nil {
		// bbolt may have closed it.
		return nil, errors.Join(err, ignoreClosed(file.Close()))
	}
	return &File{path: path, os: file, db: db}, nil
}

// openBolt lets bbolt use a file.
func openBolt(file *os.File) (*bolt.DB, error) {
	var db *bolt.DB
	err := guard(func() (err error) {
		db, err = bolt.Open(file.Name(), mode, &bolt.Options{
			Timeout:      time.Nanosecond, // it is locked already
			NoStatistics: true,
			OpenFile:     func(string, int, os.FileMode) (*os.File, error) { return file, nil },
		})
		return err
	})
	if errors.Is(err, berrors.ErrInvalid) || errors.Is(err, berrors.ErrChecksum) || errors.Is(err, berrors.ErrVersionMismatch) {
		err = damage("%w", err)
	}
	return db, err
}

// guard calls f and turns what bbolt does about pages that it cannot read into an
// error: it panics, or touches memory behind which there is no file any more.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if reason := recover(); reason != nil {
			err = damage("%v", reason)
		}
	}()
	return f()
}

// create puts an empty journal at the path, unless something is there by now
// (fs.ErrExist). Its parts are made under another name, so that a half made one is
// never found at the path.
func create(path string) (err error) {
	dir := filepath.Dir(path)
	made, err := os.CreateTemp(dir, filepath.Base(path)+".new-*")
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("its directory does not exist: make it, or correct the path: %w", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ignoreClosed(made.Close()), os.Remove(made.Name())) }()
	db, err := openBolt(made)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		header, err := tx.CreateBucket([]byte(headerBucket))
		if err != nil {
			return err
		}
		if _, err := tx.CreateBucket([]byte(entryBucket)); err != nil {
			return err
		}
		return header.Put([]byte(schemaKey), seal(schemaKey, strconv.AppendInt(nil, schema, 10)))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := os.Link(made.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir makes the names in a directory outlive the machine.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Load implements [master.Journal]. It does not wait, so the context is not looked
// at. The error is an [*Error] that wraps [ErrClosed], [ErrCorrupt] or the system's.
func (f *File) Load(context.Context) (map[string][]byte, error) {
	entries := make(map[string][]byte)
	err := f.use(func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) error {
			return tx.Bucket([]byte(entryBucket)).ForEach(func(key, stored []byte) error {
				value, err := unseal(key, stored)
				if err == nil {
					entries[string(key)] = append([]byte{}, value...)
				}
				return err
			})
		})
	})
	if err != nil {
		return nil, err
	}
	return entries, nil
}

// Write implements [master.Journal]: it returns when the disk has said that it has
// the changes. It cannot be interrupted once it has begun, so the context is looked
// at before. The error is an [*Error] that wraps [ErrClosed], [ErrCorrupt], the
// context's or the system's.
func (f *File) Write(ctx context.Context, changes []master.JournalChange) error {
	for _, c := range changes {
		if c.Key == "" || len(c.Key) > master.MaxJournalKey {
			return at(f.path, fmt.Errorf("a key of %d bytes: want 1 to %d", len(c.Key), master.MaxJournalKey))
		}
	}
	return f.use(func(db *bolt.DB) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return db.Update(func(tx *bolt.Tx) error {
			entries := tx.Bucket([]byte(entryBucket))
			for _, c := range changes {
				var err error
				if c.Value == nil {
					err = entries.Delete([]byte(c.Key))
				} else {
					err = entries.Put([]byte(c.Key), seal(c.Key, c.Value))
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// use lets do work with the database. What bbolt cannot read ends its use for good,
// because it may have kept locks of its own.
func (f *File) use(do func(*bolt.DB) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead != nil {
		return f.dead
	}
	err := at(f.path, guard(func() error { return do(f.db) }))
	if errors.Is(err, ErrCorrupt) {
		f.dead = err
	}
	return err
}

// Close implements [master.Journal]. It waits for a call that has begun.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	closed := &Error{Path: f.path, Err: ErrClosed}
	switch {
	case errors.Is(f.dead, ErrClosed):
		return nil
	case f.dead == nil:
		f.dead = closed
		return at(f.path, f.db.Close())
	}
	// bbolt's own Close could wait for ever. Its mapping stays, and would keep the
	// lock with it.
	f.dead = closed
	return at(f.path, errors.Join(syscall.Flock(int(f.os.Fd()), syscall.LOCK_UN), f.os.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
