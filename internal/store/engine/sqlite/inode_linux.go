package sqlite

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// The lock of an open file description (fcntl): it belongs to the open file and not to the
// process, so that SQLite's own locks and this one do not touch each other, and it lies
// far behind any byte that SQLite locks.
const (
	setOpenFileLock = 37 // F_OFD_SETLK
	lockedByte      = 1 << 62
)

// lockFile locks bytes of an open file against other programs, whatever name they open it
// by. It reports whether somebody else has them; a disk that knows no such lock locks nobody
// out.
func lockFile(f *os.File, what bytes, shared bool) (taken bool) {
	how := syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: lockedByte + what.from, Len: what.count}
	if shared {
		how.Type = syscall.F_RDLCK
	}
	err := syscall.FcntlFlock(f.Fd(), setOpenFileLock, &how)
	return errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EACCES)
}
