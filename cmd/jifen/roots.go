package main

import (
	"fmt"
	"strings"

	"jifen/internal/backup"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// compareRoots finds where roots of earlier days are no longer reached: those of a
// file, or of all files in a folder.
func compareRoots(v *store.Snapshot, path string, names map[domain.OrgID]string) (count int, out []string, err error) {
	files, err := backup.RootFiles(path)
	if err != nil {
		return 0, nil, err
	}
	for _, file := range files {
		n, lost, err := backup.Compare(v, file)
		if err != nil {
			return 0, nil, err
		}
		count += n
		for i := range lost {
			out = append(out, lostWords(&lost[i], names))
		}
	}
	return count, out, nil
}

// lostWords says one head that is not reached in a line.
func lostWords(l *backup.Lost, names map[domain.OrgID]string) string {
	line := fmt.Sprintf("%s 第 %d 行", l.File, l.Line)
	if l.At == "" {
		return line + "：这一行写得不对，或被改过"
	}
	why := "和写下根的时候不一样，它或者它前面的被改过"
	if l.Missing {
		why = "不见了"
	}
	return fmt.Sprintf("%s（%s 的根）：%s第 %d 环%s", line, instantWords(l.At), chainName(names, l.Head.Chain), l.Head.Seq, why)
}

// instantWords says an instant of a roots file to the minute.
func instantWords(at string) string {
	if len(at) < len("2006-01-02T15:04") {
		return at
	}
	return strings.Replace(at[:len("2006-01-02T15:04")], "T", " ", 1)
}

// writtenDown reports whether a root that somebody copied stands in a roots file.
func writtenDown(path, root string) (found bool, err error) {
	err = backup.EachRoot(path, func(_ int, r *backup.Root) error {
		found = found || r != nil && strings.EqualFold(r.Hash, root)
		return nil
	})
	return found, err
}
