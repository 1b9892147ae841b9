package main

import (
	"fmt"
	"strings"

	"jifen/internal/backup"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// notice compares with what was posted of a root: who signed it, and how far it speaks for each
// chain. path names the files of roots, in which the heads stand that the note was made of.
func (k *verifyCommand) notice(v *store.Snapshot, f *survey, path string) error {
	if k.Note == "" {
		return nil
	}
	n, err := backup.ReadNotice(k.Note)
	if err != nil {
		return err
	}
	var b strings.Builder
	wrong := func(format string, args ...any) {
		f.wrong = append(f.wrong, k.Note+"："+fmt.Sprintf(format, args...))
	}
	key, err := k.publicKeys()
	if err != nil {
		return err
	}
	if n.Note != nil && key == nil {
		fmt.Fprintf(&b, "没有公钥文件 %s，没有核对公示上的签名\n", k.publicKey())
	} else if n.Note != nil {
		switch key.Who(n.Note) {
		case backup.Foreign:
			wrong("不是用这个库签名的钥匙签的，或者抄错了、被改过")
		case backup.Replaced:
			wrong("是用换下来的签名钥匙签的，那时已经换成了新的")
		case backup.Ours:
			fmt.Fprintf(&b, "公示上的签名是用这个库的钥匙签的，第 %d 个根\n", n.Note.Number)
		}
	}
	then, err := n.Find(path)
	if err != nil {
		return err
	}
	if then == nil && n.Root == f.now.Hash {
		then = f.now
	}
	if then == nil {
		wrong("公示上的根，%s 里没有，现在的根也不是它：那一行被删了、改了，或者是另一个库的公示", path)
		f.posted = b.String()
		return nil
	}
	anchors, err := backup.Anchors(v, then, f.now)
	if err != nil {
		return f.note("和公示的没有比成", err)
	}
	fmt.Fprintf(&b, "和 %s 公示的根比：\n", backup.Instant(then.At))
	for i := range anchors {
		line, good := anchorWords(&anchors[i], f.names)
		fmt.Fprintf(&b, "  %s\n", line)
		if !good {
			wrong("%s", line)
		}
	}
	f.posted = b.String()
	return nil
}

// anchorWords says in a line how far a root that was posted speaks for a chain.
func anchorWords(a *backup.Anchor, names map[domain.OrgID]string) (line string, good bool) {
	name := chainName(names, a.Chain)
	switch {
	case a.Missing:
		return fmt.Sprintf("%s：比公示的短，那时有 %d 环，现在只有 %d 环", name, a.To, a.Now), false
	case a.Differs:
		return fmt.Sprintf("%s：第 %d 环和公示的不同，它或者它前面的被改过", name, a.To), false
	case a.To == 0:
		return fmt.Sprintf("%s：公示以后才有的，%d 环都还没有作证", name, a.Now), true
	case a.To < a.Now:
		return fmt.Sprintf("%s：到第 %d 环有公示作证，后面 %d 环还没有", name, a.To, a.Now-a.To), true
	}
	return fmt.Sprintf("%s：到头（第 %d 环）都有公示作证", name, a.To), true
}
