package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"jifen/internal/backup"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// compareRoots compares with the roots of earlier days: those of a file, or of all files in
// a folder. key holds those that they are signed under, nil where there is none.
func compareRoots(v *store.Snapshot, path string, key *backup.KnownKeys) (*backup.Comparison, error) {
	files, err := backup.RootFiles(path)
	if err != nil {
		return nil, err
	}
	c := backup.NewComparison(v, key)
	for _, file := range files {
		if err := c.File(file); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// anchoring says of each chain up to where roots speak for it, one a line, and in sum.
func anchoring(c *backup.Comparison, now *backup.Root, names map[domain.OrgID]string) (lines []string, sum string) {
	var tails, links int64
	for _, h := range now.Heads {
		to := c.Anchored[h.Chain]
		name := chainName(names, h.Chain)
		switch to {
		case h.Seq:
			lines = append(lines, fmt.Sprintf("%s：到头（第 %d 环）都有根作证", name, to))
			continue
		case 0:
			lines = append(lines, fmt.Sprintf("%s：%d 环都还没有根作证", name, h.Seq))
		default:
			lines = append(lines, fmt.Sprintf("%s：到第 %d 环有根作证，后面 %d 环还没有", name, to, h.Seq-to))
		}
		tails, links = tails+1, links+h.Seq-to
	}
	if tails == 0 {
		return lines, fmt.Sprintf("%d 条链到头都有根作证\n", len(now.Heads))
	}
	return lines, fmt.Sprintf("%d 条链里有 %d 条，最近的 %d 环是写下根以后记的，还没有根作证\n", len(now.Heads), tails, links)
}

// lostWords says one head that is not reached in a line.
func lostWords(l *backup.Lost, names map[domain.OrgID]string) string {
	line := fmt.Sprintf("%s 第 %d 行", l.File, l.Line)
	if l.At == "" {
		return line + "：这一行写得不对，或被改过"
	}
	if l.Why != "" {
		return fmt.Sprintf("%s（%s 的根）：%s", line, backup.Instant(l.At), l.Why)
	}
	why := "和写下根的时候不一样，它或者它前面的被改过"
	if l.Missing {
		why = "不见了"
	}
	return fmt.Sprintf("%s（%s 的根）：%s第 %d 环%s", line, backup.Instant(l.At), chainName(names, l.Head.Chain), l.Head.Seq, why)
}

// writtenDown reports whether a root that somebody copied stands in a roots file.
func writtenDown(path, root string) (found bool, err error) {
	err = backup.EachRoot(path, func(_ int, r *backup.Root) error {
		found = found || r != nil && strings.EqualFold(r.Hash, root)
		return nil
	})
	return found, err
}

// isRoot tells a root as verify prints it from the name of a file.
func isRoot(text string) bool {
	_, is, _ := backup.Typed(text)
	return is
}

// aRootOrFile refuses what is neither a root nor the name of something that is there; "" is
// for none.
func aRootOrFile(text string) error {
	if _, err := os.Stat(text); text == "" || isRoot(text) || !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fault.New(fault.Unavailable, "“%s”不是一个根，也没有这个文件", text).
		WithHint("根是 64 个字符，0 到 9、a 到 f，一组一组抄的多四个；或者写根的文件、放着它们的文件夹")
}
