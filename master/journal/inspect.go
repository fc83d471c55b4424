package journal

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
)

// The file's contents: one bucket says what it is, the other one holds the entries.
// Every value in them is sealed.
const (
	headerBucket = "baton journal"
	schemaKey    = "schema"
	entryBucket  = "entries"

	// schema is the version of this layout. It changes when an older Baton would
	// read the file wrongly; what the entries mean has versions of its own.
	schema = 1
)

// sealSize is the length of what a seal puts in front of a value.
const sealSize = 4

// seal returns the value with a checksum that binds it to its key, as it is stored:
// bbolt itself would not notice a flipped bit.
func seal(key string, value []byte) []byte {
	sealed := make([]byte, sealSize, sealSize+len(value))
	binary.LittleEndian.PutUint32(sealed, checksum([]byte(key), value))
	return append(sealed, value...)
}

// unseal returns the value in a stored one; it is part of that.
func unseal(key, stored []byte) ([]byte, error) {
	if len(stored) < sealSize {
		return nil, damage("entry %q is too short", key)
	}
	value := stored[sealSize:]
	if checksum(key, value) != binary.LittleEndian.Uint32(stored) {
		return nil, damage("entry %q does not match its checksum", key)
	}
	return value, nil
}

func checksum(key, value []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli) // made once, by the library
	return crc32.Update(crc32.Checksum(key, table), table, value)
}

// inspect reads a whole file and tells whether it is a journal that bbolt can be
// trusted with. The error wraps one of this package's, or is the system's.
func inspect(file io.ReaderAt, size int64) error {
	s, err := newSurvey(file, size)
	if err != nil {
		return err
	}
	var isJournal, hasEntries bool
	var version []byte
	var damaged error // the first value that is
	s.visit = func(buckets []string, key, value []byte) {
		switch {
		case len(buckets) != 1 || buckets[0] != headerBucket && buckets[0] != entryBucket:
		case key == nil:
			isJournal = isJournal || buckets[0] == headerBucket
			hasEntries = hasEntries || buckets[0] == entryBucket
		default:
			value, err := unseal(key, value)
			if err != nil && damaged == nil {
				damaged = err
			}
			if buckets[0] == headerBucket && string(key) == schemaKey && err == nil {
				version = append([]byte(nil), value...)
			}
		}
	}
	if err := s.run(); err != nil {
		return err
	}
	if !isJournal || s.meta.freelist == noFreelist {
		return ErrForeign
	}
	found, err := strconv.ParseUint(string(version), 10, 32)
	switch {
	case err != nil:
		return damage("it does not say of which schema it is")
	case found > schema: // its entries may be sealed in another way
		return fmt.Errorf("%w (its schema is %d, this version knows %d)", ErrNewer, found, schema)
	case found < schema:
		return damage("there is no schema %d", found)
	case !hasEntries:
		return damage("it has no entries")
	}
	return damaged
}
