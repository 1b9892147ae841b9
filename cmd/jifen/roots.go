package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// rootsPath is where the roots of a database are written down.
func rootsPath(database string) string { return database + ".roots" }

// rootLine is one line of a roots file: the root of a day, how many links it
// stands on, and the heads it was made of, so that each can be looked up later:
//
//	2026-11-23 HEX 4711 3:120:HEX 4:98:HEX trail:2210:HEX
//
// The trail grows with every sign-in; its head is written beside the root, not
// into it.
type rootLine struct {
	number int // in the file
	day    string
	root   string
	links  int64
	heads  []domain.ChainHead
}

// rootOf makes the line of a database as it stands.
func rootOf(v *store.Snapshot, day string) (*rootLine, error) {
	heads, err := v.Heads()
	if err != nil {
		return nil, err
	}
	l := &rootLine{day: day, root: hex.EncodeToString(store.Root(heads)), heads: heads}
	for _, h := range heads {
		l.links += h.Seq
	}
	trail, err := v.TrailHead()
	if err == nil && trail.Seq > 0 {
		l.heads = append(l.heads, trail)
	}
	return l, err
}

// String writes the line as it stands in the file.
func (l *rootLine) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %d", l.day, l.root, l.links)
	for _, h := range l.heads {
		fmt.Fprintf(&b, " %s:%d:%s", h.Chain, h.Seq, hex.EncodeToString(h.Hash))
	}
	return b.String()
}

// parseRoot reads a line; ok is false for one that is none, and for one whose
// heads do not give its root.
func parseRoot(number int, text string) (l *rootLine, ok bool) {
	words := strings.Fields(text)
	if len(words) < 3 {
		return nil, false
	}
	l = &rootLine{number: number, day: words[0], root: words[1]}
	var sum int64
	for _, w := range words[3:] {
		part := strings.Split(w, ":")
		if len(part) != 3 {
			return nil, false
		}
		seq, err1 := strconv.ParseInt(part[1], 10, 64)
		hash, err2 := hex.DecodeString(part[2])
		if err1 != nil || err2 != nil {
			return nil, false
		}
		l.heads = append(l.heads, domain.ChainHead{Chain: domain.OrgID(part[0]), Seq: seq, Hash: hash})
	}
	var ledger []domain.ChainHead
	for _, h := range l.heads {
		if h.Chain != store.TrailChain {
			ledger = append(ledger, h)
			sum += h.Seq
		}
	}
	links, err1 := strconv.ParseInt(words[2], 10, 64)
	_, err2 := calendar.Parse(l.day)
	l.links = links
	return l, err1 == nil && err2 == nil && links == sum && hex.EncodeToString(store.Root(ledger)) == l.root
}

// readRoots reads a roots file. Lines that cannot be right are told by number.
func readRoots(path string) (lines []*rootLine, wrong []int, err error) {
	f, err := open(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	r := bufio.NewReader(f)
	for n := 1; ; n++ {
		text, err := r.ReadString('\n')
		if strings.TrimSpace(text) != "" {
			if l, ok := parseRoot(n, text); ok {
				lines = append(lines, l)
			} else {
				wrong = append(wrong, n)
			}
		}
		if errors.Is(err, io.EOF) {
			return lines, wrong, nil
		}
		if err != nil {
			return nil, nil, unreadable(path, err)
		}
	}
}

// writeRoot appends the present root to the roots file, unless its last line
// says the same.
func writeRoot(ctx context.Context, h *house, path string) (l *rootLine, err error) {
	err = h.db.Read(ctx, func(v *store.Snapshot) (err error) {
		l, err = rootOf(v, calendar.FromTime(today()).String())
		return err
	})
	if err != nil {
		return nil, err
	}
	if lines, _, err := readRoots(path); err == nil && len(lines) > 0 && lines[len(lines)-1].String() == l.String() {
		return l, nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, unwritable(path, err)
	}
	err = f.Chmod(0o600) // one of former times may be wider
	if _, written := f.WriteString(l.String() + "\n"); err == nil {
		err = written
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, unwritable(path, err)
	}
	return l, nil
}

// compareRoots finds where roots of earlier days are no longer reached.
func compareRoots(v *store.Snapshot, path string, names map[domain.OrgID]string) (count int, out []string, err error) {
	lines, wrong, err := readRoots(path)
	if err != nil {
		return 0, nil, err
	}
	for _, n := range wrong {
		out = append(out, fmt.Sprintf("%s 第 %d 行：这一行写得不对，或被改过", path, n))
	}
	if len(lines)+len(wrong) == 0 {
		return 0, nil, fault.New(fault.Invalid, "%s 里没有根", path).WithHint("用 jifen verify --write-root 写下一个")
	}
	for _, l := range lines {
		for _, h := range l.heads {
			ok, missing, err := v.Reached(h)
			if err != nil {
				return 0, nil, err
			}
			if ok {
				continue
			}
			why := "和写下根的时候不一样，它或者它前面的被改过"
			if missing {
				why = "不见了"
			}
			out = append(out, fmt.Sprintf("%s 第 %d 行（%s 的根）：%s第 %d 环%s", path, l.number, l.day, chainName(names, h.Chain), h.Seq, why))
		}
	}
	return len(lines), out, nil
}
