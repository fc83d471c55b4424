package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// maxAside is after how many files that were set aside no further one is.
const maxAside = 1000

// SetAside gives what is at the path another name beside it, which it returns:
// the path with ".aside-1" behind it, or the first number that is free. Nothing is
// ever replaced. A file that is open in a master stays where it is ([ErrInUse]).
// The error is an [*Error].
func SetAside(path string) (string, error) {
	aside, err := setAside(path)
	return aside, at(path, err)
}

func setAside(path string) (aside string, err error) {
	file, err := lockAt(path, os.O_RDONLY)
	if err != nil {
		return "", err
	}
	defer file.Close()
	for n := 1; n <= maxAside; n++ {
		aside = fmt.Sprintf("%s.aside-%d", path, n)
		// A second name, and then one less: a rename would replace what has the name.
		err := os.Link(path, aside)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			err = errors.Join(os.Remove(path), syncDir(filepath.Dir(path)))
		}
		return aside, err
	}
	return "", fmt.Errorf("%d files were set aside already: remove some", maxAside)
}
