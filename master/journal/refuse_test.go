package journal

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

// boltFile returns the bytes of a bbolt file that fill has written to.
func boltFile(t testing.TB, options bolt.Options, fill func(*bolt.Tx) error) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bolt")
	options.Timeout = time.Nanosecond
	db, err := bolt.Open(path, 0o600, &options)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(fill), db.Close()); err != nil {
		t.Fatal(err)
	}
	return read(t, path)
}

// journalFile returns the bytes of a journal with a few entries and a few free
// pages; its last write is the entry "last".
func journalFile(t testing.TB) []byte {
	t.Helper()
	path := newPath(t)
	file := open(t, path)
	long := strings.Repeat("x", 3000)
	write(t, file, put("a", long), put("b", long), put("c", "3"), put("longer", long+long))
	write(t, file, put("a", "1"))
	write(t, file, put("last", "5"))
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return read(t, path)
}

// buckets fills a bbolt file; each bucket has entries of key, value, key, value.
func buckets(content map[string][]string) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		for name, pairs := range content {
			b, err := tx.CreateBucket([]byte(name))
			for i := 0; err == nil && i < len(pairs); i += 2 {
				err = b.Put([]byte(pairs[i]), []byte(pairs[i+1]))
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

func sealed(key, value string) string { return string(seal(key, []byte(value))) }

func TestWhatIsNoGoodJournalIsRefusedAndLeftAlone(t *testing.T) {
	good := journalFile(t)
	pageSize := os.Getpagesize()
	hasSchema := []string{schemaKey, sealed(schemaKey, "1")}
	tests := map[string]struct {
		content []byte
		want    error
		says    string
	}{
		"an empty file":           {nil, ErrNoJournal, "no bbolt file"},
		"a text":                  {[]byte("port: 8080\n"), ErrNoJournal, "no bbolt file"},
		"a long text":             {bytes.Repeat([]byte("port: 8080\n"), 10_000), ErrNoJournal, "no bbolt file"},
		"nothing but zeros":       {make([]byte, 1<<16), ErrNoJournal, "no bbolt file"},
		"an empty bbolt file":     {boltFile(t, bolt.Options{}, buckets(nil)), ErrForeign, "choose another path"},
		"a program's bbolt file":  {boltFile(t, bolt.Options{}, buckets(map[string][]string{"users": {"1", "Ann"}})), ErrForeign, ""},
		"one without a freelist":  {boltFile(t, bolt.Options{NoFreelistSync: true}, buckets(map[string][]string{"users": nil})), ErrForeign, ""},
		"one with a value only":   {boltFile(t, bolt.Options{}, buckets(map[string][]string{entryBucket: hasSchema})), ErrForeign, ""},
		"one with other pages":    {boltFile(t, bolt.Options{PageSize: 1 << 14}, buckets(map[string][]string{"users": nil})), ErrForeign, ""},
		"a newer schema":          {boltFile(t, bolt.Options{}, buckets(map[string][]string{headerBucket: {schemaKey, sealed(schemaKey, "2")}})), ErrNewer, "schema is 2"},
		"schema 0":                {boltFile(t, bolt.Options{}, buckets(map[string][]string{headerBucket: {schemaKey, sealed(schemaKey, "0")}})), ErrCorrupt, "schema 0"},
		"no schema":               {boltFile(t, bolt.Options{}, buckets(map[string][]string{headerBucket: nil, entryBucket: nil})), ErrCorrupt, "which schema"},
		"a schema of no number":   {boltFile(t, bolt.Options{}, buckets(map[string][]string{headerBucket: {schemaKey, sealed(schemaKey, "one")}})), ErrCorrupt, "which schema"},
		"no entries":              {boltFile(t, bolt.Options{}, buckets(map[string][]string{headerBucket: hasSchema})), ErrCorrupt, "no entries"},
		"an entry without a seal": {boltFile(t, bolt.Options{}, buckets(map[string][]string{headerBucket: hasSchema, entryBucket: {"a", "1"}})), ErrCorrupt, "too short"},
		"another entry's value":   {boltFile(t, bolt.Options{}, buckets(map[string][]string{headerBucket: hasSchema, entryBucket: {"a", sealed("b", "1")}})), ErrCorrupt, "checksum"},
		"its first byte only":     {good[:1], ErrNoJournal, ""},
		"its first page only":     {good[:pageSize], ErrCorrupt, "cut off"},
		"its header pages only":   {good[:2*pageSize], ErrCorrupt, "cut off"},
		"all but a page that was in use": {
			good[:usedPages(t, good)*pageSize-1], ErrCorrupt, "cut off",
		},
		"both header pages damaged": {changed(good, 20, pageSize+20), ErrCorrupt, "header"},
		"zeros behind its header":   {append(bytes.Clone(good[:2*pageSize]), make([]byte, len(good)-2*pageSize)...), ErrCorrupt, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			if err := os.WriteFile(path, test.content, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Open(path)
			var typed *Error
			if !errors.Is(err, test.want) || !errors.As(err, &typed) || typed.Path != path {
				t.Fatalf("error %v, want a *Error with %v", err, test.want)
			}
			for _, says := range []string{path, test.says} {
				if !strings.Contains(err.Error(), says) {
					t.Errorf("error %q, want it to say %q", err, says)
				}
			}
			if !bytes.Equal(read(t, path), test.content) {
				t.Error("the file has changed")
			}
			// It makes room for a new one.
			aside, err := SetAside(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(read(t, aside), test.content) {
				t.Error("the file that was set aside has changed")
			}
			holds(t, open(t, path), map[string]string{})
		})
	}
}

func TestADirectoryIsRefused(t *testing.T) {
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNoJournal) {
		t.Errorf("error %v, want ErrNoJournal", err)
	}
}

// changed returns a copy in which the bytes at these places are other ones.
func changed(b []byte, places ...int) []byte {
	b = bytes.Clone(b)
	for _, at := range places {
		b[at] ^= 0xff
	}
	return b
}

// usedPages returns how many pages of the file were ever used.
func usedPages(t testing.TB, b []byte) int {
	t.Helper()
	s, err := newSurvey(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return int(s.meta.pages)
}

// openBytes opens a file with this content and returns its entries, or the error of
// Open. After an error the file must not have changed.
func openBytes(t testing.TB, path string, content []byte) (map[string]string, error) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := Open(path)
	if err != nil {
		if !bytes.Equal(read(t, path), content) {
			t.Fatal("the file has changed")
		}
		return nil, err
	}
	entries := load(t, file)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return entries, nil
}

func TestADamagedByteIsNeverTakenForAnEntry(t *testing.T) {
	good := journalFile(t)
	path := newPath(t)
	want, err := openBytes(t, path, good)
	if err != nil {
		t.Fatal(err)
	}
	damaged, refused, rolledBack := 0, 0, 0
	bad := bytes.Clone(good)
	for at := range usedPages(t, good) * os.Getpagesize() {
		// A page begins with its header and its table; what is behind them, and opening
		// a file for real, takes too long to be tried for every byte.
		inPage := at % os.Getpagesize()
		if inPage >= 256 && at%7 != 0 {
			continue
		}
		damaged++
		copy(bad, good)
		bad[at] ^= 0xff
		if inspect(bytes.NewReader(bad), int64(len(bad))) != nil {
			refused++
		}
		inHeader := at < 2*os.Getpagesize() && inPage < 96
		if !inHeader && at%211 != 0 {
			continue
		}
		got, err := openBytes(t, path, bad)
		switch {
		case errors.Is(err, ErrCorrupt), errors.Is(err, ErrForeign): // by the name that makes it a journal
		case err != nil:
			t.Errorf("byte %d: %v, want ErrCorrupt", at, err)
		case len(got) == len(want)-1 && got["last"] == "": // by a header page: as if the last write had never been
			rolledBack++
		case len(got) != len(want) || got["longer"] != want["longer"] || got["a"] != "1":
			t.Errorf("byte %d: entries %q", at, got)
		}
	}
	if refused < 1000 || rolledBack == 0 {
		t.Errorf("of %d damaged bytes %d were noticed and %d rolled back: the test damages nothing", damaged, refused, rolledBack)
	}
	t.Logf("of %d damaged bytes %d were noticed", damaged, refused)
}

// FuzzOpen gives Open files that are almost journals.
func FuzzOpen(f *testing.F) {
	good := journalFile(f)
	f.Add(uint32(0), []byte{}, uint32(len(good)))
	f.Add(uint32(0), []byte("text"), uint32(4))
	f.Add(uint32(os.Getpagesize()*3), []byte{9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 255, 255}, uint32(len(good)))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte, size uint32) {
		content := bytes.Clone(good[:min(int(size), len(good))])
		if int(at) < len(content) {
			copy(content[at:], patch)
		}
		path := newPath(t)
		if _, err := openBytes(t, path, content); err != nil {
			var typed *Error
			if !errors.As(err, &typed) {
				t.Fatalf("error %v is no *Error", err)
			}
			return
		}
		// What was accepted can be written to.
		write(t, open(t, path), put("a", "2"), remove("b"))
	})
}
