package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"jifen/internal/app/standings"
	"jifen/internal/backup"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// verifyCommand is jifen verify.
type verifyCommand struct {
	database
	Root      string `placeholder:"文件或根" help:"和哪一份根的记录、哪个文件夹里的所有根的记录，或者和抄下来的哪一个根（64 个字符）比；不写就是数据库旁边的“数据库文件名.roots”"`
	Note      string `placeholder:"文件" help:"核对公示上的一份签名：扫二维码得到的，或者照着打进文件的；只抄了一组一组的根也可以"`
	Pubkey    string `placeholder:"公钥文件" help:"用另存的哪一份公钥核对根的签名；不写就是数据库旁边的“数据库文件名.signkey.pub”"`
	Chains    bool   `help:"每一条链到第几环有根作证，一条一行都列出来"`
	WriteRoot bool   `help:"查过没有不对，就把今天的根写进“数据库文件名.roots”"`
	ReadOnly  bool   `help:"只读打开，什么也不写；放在光盘、只读盘上的库自动这样打开"`

	NoStandings   bool `help:"不重新计算存着的得分，只查链"`
	DropStandings bool `help:"把不对的、存着的得分删去，看的时候按记录重新算"`
}

// Help shows what is looked for.
func (*verifyCommand) Help() string {
	return `每一条记录封存时都留下指纹，一环扣一环。这里逐环重算：哪一行被改过、少了、多了，都说出来。
每一环还有一个封存码，要用数据库旁边的密钥才算得出：没有密钥的人加不进、改不了、也截不短。
有密钥的人把后面的全部重算一遍，要靠根来发现：网站每天、每次停下，或者写 --write-root，
当时的根就记进“数据库文件名.roots”；每份备份旁边也有一份。这些记录要放在别处，用 --root 来比。
每个根都签了名，写着它是第几个、前一个是什么：改了、抽掉了、另签一个，都说出来。签名的钥匙是“数据库文件名.signkey”，
和数据库、备份分开放，用 jifen key rotate-sign 换；核对用旁边的“.signkey.pub”，它不怕人看，也另存一份，用 --pubkey 来核对。
存着的得分只是算好放着的，也都从记录重新算一遍来比；人很多、只想查链，写 --no-standings。
存着的得分不对，名单上看到的就不对：留一份原样的库以后，写 --drop-standings 把不对的删去，看的时候按记录重新算。
公示上印着根和它的签名（二维码）：扫下来或者打进一个文件，用 --note 核对，每一条链到第几环有它作证，都说出来。
有不对的地方，退出码是 1。
库放在写不了的地方，旁边没有密钥，或者写了 --read-only，就只读打开：库里、库旁边什么也不写，也不能 --write-root。

例子：
  jifen verify --db data/jifen.db
  jifen verify --db /media/cdrom/jifen-2026-11-23.db --read-only
  jifen verify --db data/jifen.db --write-root
  jifen verify --db data/jifen.db --root 另存的.roots
  jifen verify --db data/jifen.db --root /backup
  jifen verify --db data/jifen.db --root 抄下来的64个字符
  jifen verify --db data/jifen.db --note 公示.txt
`
}

// shownBreaks bounds what is printed; the rest is counted.
const shownBreaks = 100

// survey holds the findings of a walk along every chain.
type survey struct {
	wrong   []string
	now     *backup.Root
	roots   *backup.Comparison // with roots of earlier days; nil where there are none
	pub     string             // the file of the public key
	signed  bool               // that key was there
	names   map[domain.OrgID]string
	codes   bool // were checked, for the key was there
	erased  int64
	unknown []domain.Unknown // what a newer program has recorded
	drops   string           // lines of the months of the trail that were dropped

	review *standings.Review // of the cached standings; nil where they were left out
	took   time.Duration     // the review

	dropped int // cached standings

	posted string // lines about the note that was posted
}

// Run walks every chain and says where it does not hold.
func (k *verifyCommand) Run(c *console) error {
	for flag, asked := range map[string]bool{"--write-root": k.WriteRoot, "--drop-standings": k.DropStandings} {
		if k.ReadOnly && asked {
			return misused(fault.New(fault.Invalid, "--read-only 和 %s 不能一起写", flag).WithHint("只读打开什么也不写：去掉其中一个"))
		}
	}
	if k.NoStandings && k.DropStandings {
		return misused(fault.New(fault.Invalid, "--no-standings 和 --drop-standings 不能一起写").WithHint("不算就不知道哪些不对：去掉其中一个"))
	}
	if err := aRootOrFile(k.Root); err != nil {
		return err
	}
	debug.SetGCPercent(400) // rows come and go by the million, and little stays
	if k.ReadOnly || !writable(k.DB) || !k.keyed() {
		return k.readOnly(c)
	}
	open := k.with
	if k.WriteRoot {
		open = k.alone // the server writes roots too
	}
	return open(func(ctx context.Context, h *house) error {
		var f survey
		err := h.db.LongRead(ctx, func(v *store.Snapshot) (err error) {
			f, err = k.look(v)
			return err
		})
		if err == nil {
			err = k.drop(ctx, h, &f)
		}
		if err != nil {
			return err
		}
		return k.tell(c, &f, func() error {
			_, err := world().WriteRoot(ctx, h.db, k.DB)
			return err
		})
	})
}

// readOnly is Run on a file that is not written, nor anything beside it.
func (k *verifyCommand) readOnly(c *console) error {
	if (k.WriteRoot || k.DropStandings) && writable(k.DB) {
		return fault.New(fault.Unavailable, "没有密钥文件 %s", backup.KeyPath(k.DB)).WithHint("从备份里取回；没有它，只能查，什么也不能写")
	}
	if k.DropStandings {
		return fault.New(fault.Unavailable, "%s 放在写不了的地方，得分删不了", k.DB).WithHint("不写 --drop-standings 再查一次")
	}
	if k.WriteRoot {
		return fault.New(fault.Unavailable, "%s 放在写不了的地方，根写不进 %s", k.DB, backup.RootsPath(k.DB)).
			WithHint("不写 --write-root 再查一次，把印出的根抄下来，下次用 --root 来比")
	}
	db, err := openReadOnly(context.Background(), k.DB)
	if err != nil {
		return err
	}
	var f survey
	err = db.Read(func(v *store.Snapshot) (err error) {
		f, err = k.look(v)
		return err
	})
	if err := joinClose(err, db); err != nil {
		return err
	}
	return k.tell(c, &f, nil)
}

// keyed reports whether the key of the database is at hand; without it nothing can
// be written.
func (k *verifyCommand) keyed() bool {
	f, err := os.Open(backup.KeyPath(k.DB))
	if err != nil {
		return false
	}
	_ = f.Close() // nothing was written
	return true
}

// look walks every chain and compares with the roots of earlier days.
func (k *verifyCommand) look(v *store.Snapshot) (f survey, err error) {
	f.codes = v.Authenticated()
	names, err := chainNames(v)
	if err != nil {
		return f, err
	}
	f.names = names
	broken, err := v.Verify()
	if err != nil {
		return f, err
	}
	for i := range broken {
		f.wrong = append(f.wrong, breakWords(names, &broken[i]))
	}
	acts, err := v.VerifyActs()
	if err := f.note("什么时候、谁记的没有查成", err); err != nil {
		return f, err
	}
	for i := range acts {
		f.wrong = append(f.wrong, breakWords(names, &acts[i]))
	}
	if v.LaterKey() {
		f.wrong = append(f.wrong, "密钥文件里有更新的一把，库却还用着前面的：换密钥没有做完，或者库是换密钥以前的。用 jifen key rotate 接着做")
	}
	if err := k.trail(v, &f); err != nil {
		return f, err
	}
	f.unknown, err = v.Beyond()
	if err := f.note("更新版本的程序记的没有数成", err); err != nil {
		return f, err
	}
	f.erased, err = v.Erased()
	if err := f.note("删去的文字没有数成", err); err != nil {
		return f, err
	}
	if err := k.recount(v, &f); err != nil {
		return f, err
	}
	f.now, err = backup.RootOf(v)
	if err := f.note("现在的根没有算成", err); err != nil {
		return f, err
	}
	if err != nil {
		f.now = &backup.Root{}
	}
	path, given := k.roots()
	if given {
		if err := k.compare(v, &f, path); err != nil {
			return f, err
		}
	}
	if err := k.notice(v, &f, path); err != nil {
		return f, err
	}
	lost, err := k.lostRoot(f.now.Hash, path, given)
	f.wrong = append(f.wrong, lost...)
	return f, err
}

// publicKey returns the file of the public key.
func (k *verifyCommand) publicKey() string { return cmp.Or(k.Pubkey, backup.PublicKeyPath(k.DB)) }

// publicKeys returns the keys that may have signed: of the file that is named, and those that
// followed them by what lies beside the database.
func (k *verifyCommand) publicKeys() (*backup.KnownKeys, error) {
	return backup.PublicKeys(k.publicKey(), backup.PublicKeyPath(k.DB))
}

// compare compares with the roots of earlier days and asks who signed them.
func (k *verifyCommand) compare(v *store.Snapshot, f *survey, path string) error {
	f.pub = k.publicKey()
	key, err := k.publicKeys()
	if err != nil {
		return err
	}
	f.signed = key != nil
	if !f.signed && k.Pubkey != "" {
		return fault.New(fault.Unavailable, "没有公钥文件 %s", k.Pubkey).WithHint("看看文件名对不对；不写 --pubkey，用数据库旁边的")
	}
	c, err := compareRoots(v, path, key)
	if store.Unreadable(err) { // of the database; a roots file that cannot be read ends it
		return f.note("以前的根没有比成", err)
	}
	if err != nil {
		return err
	}
	f.roots = c
	for i := range c.Lost {
		f.wrong = append(f.wrong, lostWords(&c.Lost[i], f.names))
	}
	return nil
}

// writable reports whether a database can be worked on where it lies: the file,
// and the folder, in which a lock and a WAL come to stand beside it. What else
// may be wrong with it is not said here.
func writable(path string) bool {
	if store.OnServer(path) {
		return true
	}
	refused := func(err error) bool { return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) }
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return !refused(err)
	}
	_ = f.Close() // nothing was written
	probe, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".probe.")
	if err != nil {
		return !refused(err)
	}
	_ = probe.Close()           // nothing was written
	_ = os.Remove(probe.Name()) // empty, and of our own making
	return true
}

// lostRoot says if a root that somebody wrote down is neither that of now nor one
// of those in the roots file, whose places in the chains are looked up.
func (k *verifyCommand) lostRoot(now, path string, given bool) ([]string, error) {
	root, is, slip := backup.Typed(k.Root)
	if slip {
		return nil, misused(fault.New(fault.Invalid, "抄下来的根抄错了：最后四个字符和前面的对不上").WithHint("一组一组再核对一遍"))
	}
	if !is || root == now {
		return nil, nil
	}
	if given {
		found, err := writtenDown(path, root)
		if err != nil || found {
			return nil, err
		}
	}
	return []string{"抄下来的根和现在的不同，" + path + " 里也没有这一个"}, nil
}

// roots returns the file to compare with; given is false where there is none.
func (k *verifyCommand) roots() (path string, given bool) {
	if k.Root != "" && !isRoot(k.Root) {
		return k.Root, true
	}
	path = backup.RootsPath(k.DB)
	_, err := os.Stat(path)
	return path, !errors.Is(err, fs.ErrNotExist)
}

// tell prints what was found. write puts the root of now into the roots file,
// nil where nothing may be written.
func (k *verifyCommand) tell(c *console, f *survey, write func() error) error {
	var b strings.Builder
	for _, w := range f.wrong[:min(shownBreaks, len(f.wrong))] {
		b.WriteString(w + "\n")
	}
	if n := len(f.wrong); n > 0 {
		if n > shownBreaks {
			fmt.Fprintf(&b, "另有 %d 处没有列出\n", n-shownBreaks)
		}
		if f.dropped > 0 {
			fmt.Fprintf(&b, "删去了 %d 个不对的、存着的得分，看的时候按记录重新算\n", f.dropped)
		}
		b.WriteString(unknownWords(f.unknown))
		b.WriteString(f.posted)
		fmt.Fprintf(&b, "查了 %d 环，%d 处不对。保留好这个文件，从备份里找出没有被改过的来比。\n", f.now.Links, n)
		if _, err := io.WriteString(c.out, b.String()); err != nil {
			return err
		}
		return errReported
	}
	fmt.Fprintf(&b, "查了 %d 环，环环相扣，每一行都和封存时一样\n", f.now.Links)
	b.WriteString(unknownWords(f.unknown))
	b.WriteString(f.drops)
	if f.erased > 0 {
		fmt.Fprintf(&b, "%d 段文字删除了，每一段都有谁删的、哪天、为什么\n", f.erased)
	}
	if !f.codes {
		fmt.Fprintf(&b, "没有密钥文件 %s，没有核对封存码：拿着数据库的人自己加上去的，这样查不出来\n", backup.KeyPath(k.DB))
	}
	b.WriteString(reviewWords(f))
	b.WriteString(k.rootWords(f))
	b.WriteString(f.posted)
	if write == nil {
		b.WriteString("只读打开的，什么也没有写\n")
	}
	if write != nil && k.WriteRoot {
		if err := write(); err != nil {
			return err
		}
		fmt.Fprintf(&b, "写进了 %s\n", backup.RootsPath(k.DB))
	}
	_, err := io.WriteString(c.out, b.String())
	return err
}

// rootWords returns the lines about the roots of earlier days.
func (k *verifyCommand) rootWords(f *survey) string {
	var b strings.Builder
	path, _ := k.roots()
	if c := f.roots; c != nil {
		fmt.Fprintf(&b, "比了 %s 里的 %d 个根，都对得上\n", path, c.Count)
		switch {
		case c.Unsigned < c.Count && !f.signed:
			fmt.Fprintf(&b, "没有公钥文件 %s，没有核对签名\n", f.pub)
		case c.Unsigned > 0:
			fmt.Fprintf(&b, "其中 %d 个没有签名：是以前的程序写的，或者签名被删去了\n", c.Unsigned)
		}
		lines, sum := anchoring(c, f.now, f.names)
		if k.Chains {
			b.WriteString(strings.Join(lines, "\n") + "\n")
		}
		b.WriteString(sum)
	} else {
		fmt.Fprintf(&b, "没有 %s，没有和以前的根比\n", path)
	}
	fmt.Fprintf(&b, "现在的根：%s\n", f.now.Hash)
	fmt.Fprintf(&b, "抄下来用这一行，最后四个字符核对抄得对不对：\n  %s\n", backup.Grouped(f.now.Hash))
	return b.String()
}

// unknownWords lists what was not looked at because a newer program has recorded it.
func unknownWords(list []domain.Unknown) string {
	var b strings.Builder
	for _, u := range list {
		word := store.EntryKindWord(u.Kind)
		if len(u.Columns) > 0 {
			fmt.Fprintf(&b, "没有查：%s %d 行带着更新版本的程序才认得的内容（%s），用新版本的程序来查\n", word, u.Rows,
				strings.Join(u.Columns, "、"))
			continue
		}
		fmt.Fprintf(&b, "没有查：“%s” %d 行，是更新版本的程序记的，本程序不认得，只查了它们在链上的位置，用新版本的程序来查\n", word, u.Rows)
	}
	return b.String()
}
