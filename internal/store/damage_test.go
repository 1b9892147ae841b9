package store

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/domain"
)

// pageSize is SQLite's.
const pageSize = 4096

// damaged overwrites the pages of a file in which some bytes stand, as a disk does that
// fails.
func damaged(t *testing.T, path string, with []byte) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for from := pageSize; from < len(file); from += pageSize {
		if page := file[from : from+pageSize]; bytes.Contains(page, with) {
			copy(page, bytes.Repeat([]byte{0xee}, pageSize))
			n++
		}
	}
	if n == 0 {
		t.Fatalf("%x stands nowhere in the file", with)
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestVerifyGoesOnPastWhatCannotBeRead: of a file with damaged pages it is told what
// cannot be read, and what else is wrong.
func TestVerifyGoesOnPastWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	hashOf := func(query string) func(*Snapshot) ([]byte, error) {
		return func(v *Snapshot) (hash []byte, err error) {
			err = v.get(&hash, query)
			return hash, err
		}
	}
	for name, c := range map[string]struct {
		stands func(*Snapshot) ([]byte, error) // on the pages that are damaged
		want   []string
	}{
		"nothing": {nil, nil},
		"entries of a chain": {
			hashOf("SELECT hash FROM chain_entries WHERE chain_id = 3 AND seq = 900"),
			[]string{"head 3 磁盘坏了，这条链从第 "},
		},
		"heads": {hashOf("SELECT mac FROM chain_heads WHERE org_id = 3"), []string{"链头读不出来，链尾少没少没有查"}},
		"texts": {hashOf("SELECT commitment FROM texts WHERE id = 300"), []string{"text 300 磁盘坏了，这段文字读不出来"}},
		"rows": {
			hashOf("SELECT CAST(attribute || from_on || text AS BLOB) FROM facts WHERE id = 700"),
			[]string{"fact 700 这一行读不出来", "fact 0 磁盘坏了，有的行读不出来：是不是每一行都在链上，没有查完"},
		},
		"a line": {hashOf("SELECT hash FROM trail WHERE id = 70"), []string{"head 0 磁盘坏了，这条链从第 "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, _ := long(t)
			write(t, db, func(tx *Tx) error {
				for range 100 {
					if err := tx.InsertTrace(domain.AuditEvent{Action: "看", Detail: strings.Repeat("字", 20)}); err != nil {
						return err
					}
				}
				for i := range 400 {
					if _, err := tx.insertText("", fmt.Sprintf("示例%d%s", i, strings.Repeat("字", 20))); err != nil {
						return err
					}
				}
				return nil
			})
			raw(t, db, "INSERT INTO assignments (street_id, account_id, role, recorded_at) VALUES (1, 1, 'street', '')")
			raw(t, db, "UPDATE chain_heads SET seq = seq + 1 WHERE org_id = 1 AND month = ''")
			var with []byte
			if c.stands != nil {
				read(t, db, func(v *Snapshot) (err error) {
					with, err = c.stands(v)
					return err
				})
			}
			copied := filepath.Join(t.TempDir(), "copy.db")
			if err := db.engine.Copy(context.Background(), copied); err != nil {
				t.Fatal(err)
			}
			if with != nil {
				damaged(t, copied, with)
			}
			told := verifyCopy(t, copied)
			want := append([]string{"assignment 1 这一行不在链上"}, c.want...)
			if name != "heads" {
				want = append(want, "head 1 链尾少了")
			}
			for _, w := range want {
				if !strings.Contains(told, w) {
					t.Errorf("%q is not told of:\n%s", w, told)
				}
			}
			if c.stands == nil && strings.Contains(told, "磁盘坏了") {
				t.Errorf("nothing is damaged, and yet:\n%s", told)
			}
		})
	}
}

// verifyCopy returns what is told of a file that lies there.
func verifyCopy(t *testing.T, path string) string {
	t.Helper()
	db, err := OpenReadOnly(context.Background(),
		Options{Path: path, Now: noon, Keys: []Generation{{Chain: make([]byte, 32)}}})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	err = db.Read(func(v *Snapshot) error {
		found, err := v.Verify()
		for i := range found {
			told = append(told, breakLine(&found[i]))
		}
		return err
	})
	if err != nil {
		t.Errorf("it ends with %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	return strings.Join(told, "\n")
}
