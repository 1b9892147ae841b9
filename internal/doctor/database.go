package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/backup"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// key looks at the key file; v is nil where the database cannot be opened.
func (o *Options) key(v *store.Snapshot) Finding {
	const name = "密钥"
	path := backup.KeyPath(o.Database)
	if err := o.CheckKey(path, v); err != nil {
		return broken(name, err)
	}
	beside, err := o.keysBesideCopies()
	if err == nil && len(beside) > 0 {
		return Finding{name, Warning, "备份文件夹里有密钥文件 " + strings.Join(beside, "、") + "：和备份放在一起，等于没有加密",
			"把它挪到别的盘上"}
	}
	if later, err := o.LaterKey(path, v); err != nil {
		return broken(name, err)
	} else if later {
		return Finding{name, Warning, path + " 里有更新的一把，库还用着前面的：换密钥没有做完，或者库是换密钥以前的",
			"停下网站，用 jifen key rotate 接着做"}
	}
	if n, unfinished, err := backup.SigningKeys(o.Database); err != nil {
		return broken(name, err)
	} else if unfinished {
		return Finding{name, Warning, fmt.Sprintf("签名的钥匙 %s 没有换完，根现在用第 %d 把签", backup.SignKeyPath(o.Database), n),
			"停下网站，用 jifen key rotate-sign 接着做"}
	}
	if v == nil {
		return Finding{name, Well, path + " 在，只有主人能读；库打不开，没有看是不是它的那一把", ""}
	}
	return Finding{name, Well, path + " 是这个库的那一把，只有主人能读", ""}
}

// shape makes a finding of the end of opening the database; db is nil where it failed.
func (o *Options) shape(db *store.ReadOnly, err error) Finding {
	const name = "结构"
	if errors.Is(err, store.ErrOlder) {
		hint := "先用 jifen migrate 试一遍；下次打开网站时自己改造"
		if store.OnServer(o.Database) {
			hint = "用表的主人运行 jifen migrate --write，再打开这个版本的网站；旧版本的接着用"
		}
		return Finding{name, Warning, fault.From(err).Message, hint}
	}
	if err != nil {
		return broken(name, err)
	}
	version, err := store.Version()
	if err != nil {
		return broken(name, err)
	}
	if newer := db.Newer(); newer > 0 {
		return Finding{name, Warning, fmt.Sprintf("结构 %d，是更新版本的程序改造过的，本程序（结构 %d）还能用", newer, version),
			"把这一台也换成新版本"}
	}
	return Finding{name, Well, fmt.Sprintf("结构 %d，和程序的一样", version), ""}
}

// skew is the difference between two clocks that is nobody's mistake.
const skew = time.Minute

// clock compares the machine's clock with the newest thing that was recorded, and with
// that of the server where the database is on one.
func (o *Options) clock(db *store.ReadOnly, v *store.Snapshot) Finding {
	const name = "时钟"
	newest, err := v.Newest()
	if err != nil {
		return broken(name, err)
	}
	now := o.Now()
	there, ok, err := db.ServerTime()
	if err != nil {
		return broken(name, err)
	}
	if ok {
		if apart := now.Sub(there).Abs(); apart > skew {
			return Finding{name, Broken, fmt.Sprintf("现在是 %s，数据库的服务器是 %s，差 %v", clockWords(now),
				clockWords(there.In(now.Location())), apart.Truncate(time.Second)), "两台都用 NTP 对准；记录的先后、期限按这台的算"}
		}
	}
	if newest.IsZero() {
		return Finding{name, Well, "现在是 " + clockWords(now) + "，还没有记过什么", ""}
	}
	newest = newest.In(now.Location())
	words := "现在是 " + clockWords(now) + "，最近一次记录在 " + clockWords(newest)
	if newest.Sub(now) > skew {
		return Finding{name, Broken, words + "：时钟慢了，或者记的时候快了", "先对准这台电脑的时钟再记；记录的先后、期限都按它算"}
	}
	return Finding{name, Well, words, ""}
}

func clockWords(t time.Time) string { return t.Format("2006-01-02 15:04") }

// staleRoot is the age above which the last root raises a warning: one is written
// every day, some hours later than the day before where the program was just started.
const staleRoot = 26 * time.Hour

// root looks at the last root that was written down.
func (o *Options) root(v *store.Snapshot) Finding {
	const name, write = "根", "开着网站，每天自己写；或者 jifen verify --write-root"
	path := backup.RootsPath(o.Database)
	last, err := backup.LastRoot(path)
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		return Finding{name, Warning, fault.From(err).Message, write}
	case err != nil:
		return broken(name, err)
	case last == nil:
		return Finding{name, Broken, path + " 的最后一行写得不对，或被改过", "留好这个文件，用 jifen verify 查；和备份旁边的根比"}
	}
	_, lost, err := last.Left(v)
	if err != nil {
		return broken(name, err)
	}
	if lost {
		return Finding{name, Broken, "库和最近写下的根（" + last.At + "）对不上：根以前的记录被改过，或库是旧的", "停下网站，留好这个库，用 jifen verify 查是哪一处"}
	}
	now, err := backup.RootOf(v)
	if err != nil {
		return broken(name, err)
	}
	at, err := time.Parse(time.RFC3339, last.At)
	words := "最近写下的根是 " + last.At + " 的"
	switch {
	case now.Same(last):
		return Finding{name, Well, words + "，以后没有记过什么", ""}
	case err != nil || o.Now().Sub(at) > staleRoot:
		return Finding{name, Warning, words + "，以后又记了，有一天多没有写", write + "；网站开着的，看“运行状况”里为什么没有写成"}
	}
	return Finding{name, Well, words + "，库里都对得上", ""}
}

// holders looks for accounts over points of which nobody has said who holds them; it says
// nothing where there is none.
func holders(v *store.Snapshot) []Finding {
	const name, shown = "帐号", 5
	list, err := v.UnsettledAccounts(access.System("accounts of which nobody has said who holds them"))
	if err != nil {
		return []Finding{broken(name, err)}
	}
	if len(list) == 0 {
		return nil
	}
	words := fmt.Sprintf("%d 个管积分的帐号，持有人待核对：%s", len(list), strings.Join(list[:min(shown, len(list))], "、"))
	return []Finding{{name, Warning, words,
		"请安全管理员在“帐号”一页写上本人的党员编号，或者写明不是党员；没有核对的，不能确认办法、不能加管积分的角色"}}
}

// staleCheck is the age above which a check that is made every day is missed.
const staleCheck = 36 * time.Hour

// check looks at how a check ended last that a served database makes by itself.
func (o *Options) check(v *store.Snapshot, c Check) Finding {
	last, err := v.DailyJob(c.Name)
	switch age := o.Now().Sub(last.Ended); {
	case err != nil:
		return broken(c.Name, err)
	case last.Name == "" || last.Ended.IsZero():
		return Finding{c.Name, Unasked, "还没有做完过", "网站开着，自己做；现在就查，用 jifen verify"}
	case !last.Done:
		return Finding{c.Name, Broken, clockWords(last.Ended.In(o.Now().Location())) + " " + last.Words, last.Hint}
	case age > staleCheck+time.Duration(c.Every-1)*24*time.Hour:
		return Finding{c.Name, Warning, fmt.Sprintf("最近一次在 %s，%d 小时以前", clockWords(last.Ended.In(o.Now().Location())),
			int(age.Hours())), "网站开着的，看“运行状况”里为什么没有做；或者用 jifen verify"}
	}
	return Finding{c.Name, Well, clockWords(last.Ended.In(o.Now().Location())) + " " + last.Words, ""}
}

// writer asks whether anything can be written.
func (o *Options) writer(ctx context.Context) Finding {
	const name = "写入"
	if !o.Writable(o.Database) {
		return Finding{name, Broken, o.Database + " 或它的文件夹，运行这个命令的用户写不了",
			"用运行网站的那个用户来查；还是写不了，看文件的主人、盘是不是只读"}
	}
	if o.Site == "" {
		return Finding{name, Unasked, "网站没有问", "网站开着的，加上 --site http://127.0.0.1:8080，问它能不能写"}
	}
	status, err := o.Ask(ctx, strings.TrimSuffix(o.Site, "/")+"/readyz")
	switch {
	case err != nil:
		return Finding{name, Broken, o.Site + " 连不上：" + fault.Reason(err), "看看网站开着没有、地址对不对"}
	case status != http.StatusOK:
		return Finding{name, Broken, fmt.Sprintf("%s 答 %d：网站现在写不了，或者读不了", o.Site, status),
			"看网站的日志、“运行状况”；磁盘出过错的，看过磁盘再重启网站"}
	}
	return Finding{name, Well, o.Site + " 写得了", ""}
}
