package ledger

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ReadHandled reads every handled file in dir. The lines come back in the order
// in which handlers finished, and torn is how many files end in half a line. Any
// other line that cannot be read is an error that names file and line.
func ReadHandled(dir string) (lines []Handled, torn int, err error) {
	names, err := filepath.Glob(filepath.Join(dir, "*"+Extension))
	if err != nil {
		return nil, 0, fmt.Errorf("ledger: %w", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, 0, fmt.Errorf("ledger: %w", err)
		}
		text := string(data)
		for n := 1; text != ""; n++ {
			line, rest, whole := strings.Cut(text, "\n")
			if !whole {
				torn++
				break
			}
			h, err := parseLine(line)
			if err != nil {
				return nil, 0, fmt.Errorf("ledger: %s:%d: %w", name, n, err)
			}
			lines = append(lines, h)
			text = rest
		}
	}
	// Stable, so that lines of one process with the same time keep their order.
	slices.SortStableFunc(lines, func(a, b Handled) int {
		return cmp.Compare(a.At.UnixNano(), b.At.UnixNano())
	})
	return lines, torn, nil
}
