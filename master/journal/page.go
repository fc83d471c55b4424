package journal

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/bits"
)

// The format of bbolt's files, as internal/common of go.etcd.io/bbolt v1.5.0 writes
// it: numbers in the machine's own byte order, pages of one size, each with a header.
// Pages 0 and 1 are headers of the file ("meta pages"), of which the newer valid one
// counts.
const (
	metaMagic   = 0xED0CDAED
	metaVersion = 2

	pageHeader  = 16 // id, flags, count, overflow
	metaLength  = 64 // the last 8 bytes are the checksum of those before
	elementSize = 16 // of a branch and of a leaf page's table alike
	bucketSize  = 16 // root page and sequence, in front of an inline page

	branchPage   = 0x01
	leafPage     = 0x02
	metaPage     = 0x04
	freelistPage = 0x10

	bucketElement = 0x01

	// noFreelist stands for a page when the file was written without one.
	noFreelist = ^uint64(0)
	// manyPages is the count of a freelist page whose true count comes first in it.
	manyPages = 0xFFFF

	minPageSize, maxPageSize = 1 << 10, 1 << 24
)

// meta is what a meta page says.
type meta struct {
	pageSize, version uint32
	root, freelist    uint64
	pages             uint64 // all that were ever used; the file has at least as many
	tx                uint64
}

// verdict is what became of reading a meta page.
type verdict int

const (
	notMeta     verdict = iota // nothing there says that it is one
	damagedMeta                // it says so, but its checksum is wrong
	validMeta
)

// parseMeta reads a meta page of which b is at least the beginning.
func parseMeta(b []byte) (meta, verdict) {
	if len(b) < pageHeader+metaLength {
		return meta{}, notMeta
	}
	b = b[pageHeader : pageHeader+metaLength]
	u32, u64 := binary.NativeEndian.Uint32, binary.NativeEndian.Uint64
	if u32(b) != metaMagic {
		return meta{}, notMeta
	}
	sum := fnv.New64a()
	_, _ = sum.Write(b[:metaLength-8]) // a hash takes everything
	if sum.Sum64() != u64(b[metaLength-8:]) {
		return meta{}, damagedMeta
	}
	return meta{
		version: u32(b[4:]), pageSize: u32(b[8:]),
		root: u64(b[16:]), freelist: u64(b[32:]), pages: u64(b[40:]), tx: u64(b[48:]),
	}, validMeta
}

// usable reports what contradicts itself in a meta page whose checksum is right.
func (m meta) usable() error {
	switch {
	case bits.OnesCount32(m.pageSize) != 1 || m.pageSize < minPageSize || m.pageSize > maxPageSize:
		return fmt.Errorf("pages of %d bytes", m.pageSize)
	case m.root < 2 || m.root >= m.pages:
		return fmt.Errorf("its root is page %d of %d", m.root, m.pages)
	case m.freelist != noFreelist && (m.freelist < 2 || m.freelist >= m.pages):
		return fmt.Errorf("its list of free pages is page %d of %d", m.freelist, m.pages)
	}
	return nil
}

// page is one page with those that overflow from it, or one that stands inline in a
// value.
type page struct {
	id       uint64
	flags    uint16
	count    int
	overflow uint32
	data     []byte
}

// parsePage reads the header; data must have room for that.
func parsePage(data []byte) page {
	return page{
		id:       binary.NativeEndian.Uint64(data),
		flags:    binary.NativeEndian.Uint16(data[8:]),
		count:    int(binary.NativeEndian.Uint16(data[10:])),
		overflow: binary.NativeEndian.Uint32(data[12:]),
		data:     data,
	}
}

// element is an entry of a branch or leaf page's table.
type element struct {
	key   []byte
	value []byte // of a leaf
	child uint64 // of a branch
	flags uint32 // of a leaf
}

// element returns entry i of the table; the page must have that many.
func (p page) element(i int) (element, error) {
	at := pageHeader + i*elementSize
	tableEnd := pageHeader + p.count*elementSize
	if tableEnd > len(p.data) {
		return element{}, fmt.Errorf("page %d has %d entries, more than fit", p.id, p.count)
	}
	u32 := binary.NativeEndian.Uint32
	entry := p.data[at : at+elementSize]
	var e element
	var pos, keySize, valueSize uint64
	if p.flags == branchPage {
		pos, keySize = uint64(u32(entry)), uint64(u32(entry[4:]))
		e.child = binary.NativeEndian.Uint64(entry[8:])
	} else {
		e.flags, pos = u32(entry), uint64(u32(entry[4:]))
		keySize, valueSize = uint64(u32(entry[8:])), uint64(u32(entry[12:]))
	}
	begin := uint64(at) + pos
	if keySize == 0 || begin < uint64(tableEnd) || begin+keySize+valueSize > uint64(len(p.data)) {
		return element{}, fmt.Errorf("page %d: entry %d lies outside of it", p.id, i)
	}
	e.key = p.data[begin : begin+keySize]
	e.value = p.data[begin+keySize : begin+keySize+valueSize]
	return e, nil
}

// freePages returns the ids on a freelist page.
func (p page) freePages() ([]uint64, error) {
	ids, count := p.data[pageHeader:], uint64(p.count)
	if count == manyPages && len(ids) >= 8 {
		count, ids = binary.NativeEndian.Uint64(ids), ids[8:]
	}
	if count > uint64(len(ids)/8) {
		return nil, fmt.Errorf("page %d lists %d free pages, more than fit", p.id, count)
	}
	free := make([]uint64, count)
	for i := range free {
		free[i] = binary.NativeEndian.Uint64(ids[8*i:])
	}
	return free, nil
}
