package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/backup"
	"jifen/internal/domain"
)

func TestWhatWasPostedIsChecked(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "t.db")
	jifen(t, exitDone, "demo", "--db", path, "--members", "50", "--seed", "2")
	jifen(t, exitDone, "verify", "--db", path, "--write-root", "--no-standings")
	root, err := backup.LastRoot(backup.RootsPath(path))
	if err != nil || root.Note == nil {
		t.Fatalf("the root: %+v, %v", root, err)
	}
	posted := filepath.Join(folder, "posted.txt")
	check := func(what, text string, code int, want ...string) {
		t.Helper()
		if err := os.WriteFile(posted, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, errs := jifen(t, code, "verify", "--db", path, "--no-standings", "--note", posted)
		for _, w := range want {
			if !strings.Contains(out+errs, w) {
				t.Errorf("%s: no %q in\n%s%s", what, w, out, errs)
			}
		}
	}
	grouped := backup.Grouped(root.Hash)
	note := root.Note.Text
	typed := "\ufeff" + strings.NewReplacer("— ", "-- ", "\n", " \r\n", root.Hash, grouped).Replace(note)
	slip := "0000"
	if strings.HasSuffix(grouped, slip) {
		slip = "1111"
	}
	wrong := grouped[:len(grouped)-len(slip)] + slip

	check("the whole", note, exitDone, "公示上的签名是用这个库的钥匙签的，第 1 个根", "“潍州路街道”的链：到头（第 ")
	check("typed", typed, exitDone, "公示上的签名是用这个库的钥匙签的，第 1 个根", "都有公示作证")
	check("the groups", strings.ToUpper(grouped)+"\n", exitDone, "都有公示作证")
	check("a slip in the groups", wrong, exitNo, "里的根抄错了：最后四个字符和前面的对不上", "一组一组再核对一遍")
	check("a slip in the note", strings.Replace(note, root.Hash, wrong, 1), exitNo, "里的根抄错了")
	check("a line is lacking", strings.Replace(note, "number 1\n", "", 1), exitNo, "里不是一份签名，也不是一个根")
	check("a word is wrong", strings.Replace(note, "size ", "sice ", 1), exitNo, "里签名的第 4 行要从“size”开始")
	check("no note", "公示", exitNo, "里不是一份签名，也不是一个根")
	check("too long", strings.Repeat("公示\n", 20000), exitNo, "太长，不是一份签名")
	check("another number", strings.Replace(note, "number 1\n", "number 2\n", 1), exitNo,
		"不是用这个库签名的钥匙签的，或者抄错了、被改过")

	jifen(t, exitDone, "org", "add", "--db", path, "--as", "jiedao", "--parent", "潍州路街道", "--name", "示例新社区")
	check("grown", note, exitDone, "“潍州路街道”的链：到第 ", " 环有公示作证，后面 ")
	if err := os.Remove(backup.RootsPath(path)); err != nil {
		t.Fatal(err)
	}
	check("a line taken out", note, exitNo, "公示上的根，"+backup.RootsPath(path)+" 里没有，现在的根也不是它")
}

func TestEveryStateOfAChainHasItsWords(t *testing.T) {
	t.Parallel()
	names := map[domain.OrgID]string{"o": "示例街道"}
	for _, test := range []struct {
		a    backup.Anchor
		want string
		good bool
	}{
		{backup.Anchor{Chain: "o", To: 5, Now: 5}, "“示例街道”的链：到头（第 5 环）都有公示作证", true},
		{backup.Anchor{Chain: "o", To: 5, Now: 7}, "“示例街道”的链：到第 5 环有公示作证，后面 2 环还没有", true},
		{backup.Anchor{Chain: "o", Now: 7}, "“示例街道”的链：公示以后才有的，7 环都还没有作证", true},
		{backup.Anchor{Chain: "o", To: 5, Now: 7, Differs: true}, "“示例街道”的链：第 5 环和公示的不同，它或者它前面的被改过", false},
		{backup.Anchor{Chain: "o", To: 5, Now: 3, Missing: true}, "“示例街道”的链：比公示的短，那时有 5 环，现在只有 3 环", false},
	} {
		if line, good := anchorWords(&test.a, names); line != test.want || good != test.good {
			t.Errorf("%+v: %q, %v; want %q, %v", test.a, line, good, test.want, test.good)
		}
	}
}
