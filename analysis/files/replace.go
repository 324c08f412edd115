package files

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Replace gives a file another content, all of it or nothing: a reader meets the
// old text or the new one. A symbolic link stays, and what it leads to is replaced;
// permissions stay too. It refuses where the file is read-only or no longer has the
// content that was read. Its error does not name the path.
func Replace(path string, was, content []byte) error {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return cause(err)
	}
	info, err := os.Stat(target)
	if err != nil {
		return cause(err)
	}
	if info.Mode().Perm()&0o222 == 0 {
		return errors.New("the file is read-only")
	}
	open, err := os.OpenFile(target, os.O_WRONLY, 0) // a rename does not ask for this permission
	if err != nil {
		return cause(err)
	}
	open.Close()
	now, err := Read(target)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, was) {
		return errors.New("the file was changed meanwhile")
	}
	temporary, err := os.CreateTemp(filepath.Dir(target), ".lectern-*")
	if err != nil {
		return fmt.Errorf("making a file beside it: %w", cause(err))
	}
	_, err = temporary.Write(content)
	for _, step := range []func() error{
		func() error { return temporary.Chmod(info.Mode().Perm()) },
		temporary.Sync,
		temporary.Close,
		func() error { return os.Rename(temporary.Name(), target) },
	} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		temporary.Close() // a second time does no harm
		os.Remove(temporary.Name())
		return cause(err)
	}
	return nil
}
