package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// maxDepth is how many levels a tree may have: far more than any that fits on a disk.
const maxDepth = 32

// survey follows the pages of a bbolt file, once each, without trusting any of them.
type survey struct {
	file io.ReaderAt
	size int64
	meta meta
	used map[uint64]bool // pages that were met, and those that are free
	// visit is told every entry of every bucket, by the names of the buckets that it
	// is in. The slices are valid during the call.
	visit func(buckets []string, key, value []byte)
}

// newSurvey finds the meta page that counts. The error wraps ErrNoJournal or
// ErrCorrupt, or is the system's.
func newSurvey(file io.ReaderAt, size int64) (*survey, error) {
	s := &survey{file: file, size: size, used: map[uint64]bool{0: true, 1: true}}
	first, what, err := s.metaAt(0)
	if err != nil {
		return nil, err
	}
	damaged := what == damagedMeta
	if what == validMeta {
		s.meta = first
		// A page size that is none leaves nowhere to look for the second one.
		if first.usable() == nil {
			second, what, err := s.metaAt(int64(first.pageSize))
			if err != nil {
				return nil, err
			}
			if what == validMeta && second.tx > first.tx {
				s.meta = second
			}
		}
		return s, s.acceptMeta(first.pageSize)
	}
	for offset := int64(minPageSize); offset <= maxPageSize && offset < size; offset *= 2 {
		second, what, err := s.metaAt(offset)
		if err != nil {
			return nil, err
		}
		if what == validMeta {
			s.meta = second
			return s, s.acceptMeta(uint32(offset))
		}
		damaged = damaged || what == damagedMeta
	}
	if damaged {
		return nil, fmt.Errorf("%w: both of its header pages are", ErrCorrupt)
	}
	return nil, fmt.Errorf("no bbolt file: %w", ErrNoJournal)
}

// metaAt reads the meta page at an offset, if one is there.
func (s *survey) metaAt(offset int64) (meta, verdict, error) {
	buf := make([]byte, pageHeader+metaLength)
	n, err := s.file.ReadAt(buf, offset)
	if err != nil && err != io.EOF {
		return meta{}, notMeta, err
	}
	m, what := parseMeta(buf[:n])
	return m, what, nil
}

// acceptMeta looks at the chosen meta page as a whole; found is the size of a page
// as the place says where it was found.
func (s *survey) acceptMeta(found uint32) error {
	if s.meta.version != metaVersion {
		return fmt.Errorf("%w (version %d of bbolt's format, want %d)", ErrForeign, s.meta.version, metaVersion)
	}
	if err := s.meta.usable(); err != nil {
		return damage("%w", err)
	}
	if s.meta.pageSize != found {
		return damage("pages of %d bytes, and of %d", s.meta.pageSize, found)
	}
	if there := uint64(s.size) / uint64(found); there < s.meta.pages {
		return damage("it was cut off: %d pages are left of %d", there, s.meta.pages)
	}
	return nil
}

// run follows every page. The error wraps ErrCorrupt, or is the system's.
func (s *survey) run() error {
	if s.meta.freelist != noFreelist {
		if err := s.freelist(); err != nil {
			return err
		}
	}
	if err := s.tree(nil, s.meta.root, keyRange{}, 0); err != nil {
		return err
	}
	if met := uint64(len(s.used)); s.meta.freelist != noFreelist && met != s.meta.pages {
		return damage("%d pages are neither used nor free", s.meta.pages-met)
	}
	return nil
}

// freelist marks the pages that are free.
func (s *survey) freelist() error {
	p, err := s.page(s.meta.freelist)
	if err != nil {
		return err
	}
	if p.flags != freelistPage {
		return damage("page %d is not the list of free pages", p.id)
	}
	free, err := p.freePages()
	if err != nil {
		return damage("%w", err)
	}
	for _, id := range free {
		if id < 2 || id >= s.meta.pages || s.used[id] {
			return damage("page %d is free, and is not", id)
		}
		s.used[id] = true
	}
	return nil
}

// page reads a page with those that overflow from it, and marks them as met.
func (s *survey) page(id uint64) (page, error) {
	if id < 2 || id >= s.meta.pages {
		return page{}, damage("there is no page %d", id)
	}
	size := int64(s.meta.pageSize)
	head := make([]byte, pageHeader)
	if _, err := s.file.ReadAt(head, int64(id)*size); err != nil {
		return page{}, err
	}
	p := parsePage(head)
	if p.id != id {
		return page{}, damage("page %d says that it is page %d", id, p.id)
	}
	if uint64(p.overflow) >= s.meta.pages-id {
		return page{}, damage("page %d goes on beyond the end", id)
	}
	for met := id; met <= id+uint64(p.overflow); met++ {
		if s.used[met] {
			return page{}, damage("page %d is used twice, or is free", met)
		}
		s.used[met] = true
	}
	p.data = make([]byte, (int64(p.overflow)+1)*size)
	_, err := s.file.ReadAt(p.data, int64(id)*size)
	return p, err
}

// keyRange is where the keys of a page must lie: not below from, and below to; nil
// is no limit.
type keyRange struct{ from, to []byte }

// tree follows the pages of a bucket.
func (s *survey) tree(buckets []string, id uint64, keys keyRange, depth int) error {
	if depth == maxDepth {
		return damage("page %d lies deeper than %d levels", id, maxDepth)
	}
	p, err := s.page(id)
	if err != nil {
		return err
	}
	switch p.flags {
	case leafPage:
		return s.leaf(buckets, p, keys, depth)
	case branchPage:
		return s.branch(buckets, p, keys, depth)
	default:
		return damage("page %d is of no kind that belongs here (%#x)", id, p.flags)
	}
}

// branch follows the pages below one.
func (s *survey) branch(buckets []string, p page, keys keyRange, depth int) error {
	if p.count == 0 {
		return damage("page %d leads nowhere", p.id)
	}
	elements, err := p.elements(keys)
	if err != nil {
		return err
	}
	for i, e := range elements {
		below := keyRange{from: e.key, to: keys.to}
		if i+1 < len(elements) {
			below.to = elements[i+1].key
		}
		if err := s.tree(buckets, e.child, below, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// leaf visits the entries of a page, and follows the buckets among them.
func (s *survey) leaf(buckets []string, p page, keys keyRange, depth int) error {
	elements, err := p.elements(keys)
	if err != nil {
		return err
	}
	for _, e := range elements {
		switch e.flags {
		case 0:
			s.visit(buckets, e.key, e.value)
		case bucketElement:
			inside := append(buckets[:len(buckets):len(buckets)], string(e.key))
			if err := s.bucket(inside, e.value, depth); err != nil {
				return err
			}
		default:
			return damage("page %d has an entry of no known kind (%#x)", p.id, e.flags)
		}
	}
	return nil
}

// bucket follows a bucket: its pages, or the one that stands in the value itself.
func (s *survey) bucket(buckets []string, value []byte, depth int) error {
	if len(value) < bucketSize {
		return damage("bucket %q has no root", buckets)
	}
	s.visit(buckets, nil, nil)
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		return s.tree(buckets, root, keyRange{}, depth+1)
	}
	if value = value[bucketSize:]; len(value) < pageHeader {
		return damage("bucket %q has no page", buckets)
	}
	p := parsePage(value)
	if p.flags != leafPage || p.overflow != 0 {
		return damage("bucket %q has a page of no kind that belongs there (%#x)", buckets, p.flags)
	}
	elements, err := p.elements(keyRange{})
	if err != nil {
		return err
	}
	for _, e := range elements {
		if e.flags != 0 {
			return damage("bucket %q has an entry of no known kind (%#x)", buckets, e.flags)
		}
		s.visit(buckets, e.key, e.value)
	}
	return nil
}

// elements returns the page's table, whose keys must be in order and in the range.
func (p page) elements(keys keyRange) ([]element, error) {
	elements := make([]element, 0, min(p.count, len(p.data)/elementSize))
	for i := range p.count {
		e, err := p.element(i)
		if err != nil {
			return nil, damage("%w", err)
		}
		inOrder := i == 0 || bytes.Compare(elements[i-1].key, e.key) < 0
		if !inOrder || bytes.Compare(e.key, keys.from) < 0 || keys.to != nil && bytes.Compare(e.key, keys.to) >= 0 {
			return nil, damage("page %d: entry %d is out of order", p.id, i)
		}
		elements = append(elements, e)
	}
	return elements, nil
}

// damage returns an ErrCorrupt with what was found.
func damage(format string, args ...any) error {
	return fmt.Errorf("%w (%w)", ErrCorrupt, fmt.Errorf(format, args...))
}
