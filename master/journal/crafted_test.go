package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"testing"
)

// crafted returns a copy in which a field of both header pages has that value, and
// their checksums fit.
func crafted(b []byte, field int, value uint64) []byte {
	b = bytes.Clone(b)
	for _, page := range []int{0, os.Getpagesize()} {
		meta := b[page+pageHeader:][:metaLength]
		binary.NativeEndian.PutUint64(meta[field:], value)
		sum := fnv.New64a()
		_, _ = sum.Write(meta[:metaLength-8]) // a hash takes everything
		binary.NativeEndian.PutUint64(meta[metaLength-8:], sum.Sum64())
	}
	return b
}

func TestAHeaderThatLiesIsFoundOut(t *testing.T) {
	good := journalFile(t)
	pages := uint64(usedPages(t, good))
	const huge = 1 << 62
	fields := map[string]struct {
		at     int
		values []uint64
	}{
		"root":      {16, []uint64{0, 1, 2, pages, huge, noFreelist}},
		"freelist":  {32, []uint64{0, 1, pages, huge, noFreelist - 1}},
		"pages":     {40, []uint64{0, 1, 4, pages - 1, pages + 1, 1 << 40, huge, noFreelist}},
		"page size": {8, []uint64{0, 1, 512, 4095, 1 << 25, 1 << 31}},
	}
	path := newPath(t)
	for name, field := range fields {
		for _, value := range field.values {
			t.Run(fmt.Sprint(name, " ", value), func(t *testing.T) {
				if _, err := openBytes(t, path, crafted(good, field.at, value)); !errors.Is(err, ErrCorrupt) {
					t.Errorf("error %v, want ErrCorrupt", err)
				}
			})
		}
	}
	t.Run("a version of the format", func(t *testing.T) {
		if _, err := openBytes(t, path, crafted(good, 0, metaMagic|3<<32)); !errors.Is(err, ErrForeign) {
			t.Errorf("error %v, want ErrForeign", err)
		}
	})
}

func TestATreeThatNeverEndsIsFoundOut(t *testing.T) {
	good := journalFile(t)
	s, err := newSurvey(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		t.Fatal(err)
	}
	root := int(s.meta.root)
	loop := bytes.Clone(good)
	page := loop[root*os.Getpagesize():]
	binary.NativeEndian.PutUint16(page[8:], branchPage)
	binary.NativeEndian.PutUint16(page[10:], 1)
	binary.NativeEndian.PutUint32(page[pageHeader:], elementSize)
	binary.NativeEndian.PutUint32(page[pageHeader+4:], 1)
	binary.NativeEndian.PutUint64(page[pageHeader+8:], uint64(root))
	if _, err := openBytes(t, newPath(t), loop); !errors.Is(err, ErrCorrupt) {
		t.Errorf("error %v, want ErrCorrupt", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	file := open(b, newPath(b))
	for b.Loop() {
		write(b, file, put("shard/00001", `{"v":1,"owner":"s1","epoch":3,"issued":3}`))
	}
}
