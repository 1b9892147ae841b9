package main

import (
	"context"
	"fmt"
	"strings"

	"jifen/internal/backup"
	"jifen/internal/fault"
)

// dailyCommand is jifen daily.
type dailyCommand struct {
	database
	To   string `required:"" placeholder:"文件夹" help:"备份放在哪个文件夹"`
	Keep int    `default:"14" placeholder:"份数" help:"留最近几份，1 到 1000"`
}

// Help shows how it is run every day.
func (*dailyCommand) Help() string {
	return `给定时任务每天用一次：备份成“jifen-日期.db”，查过，再删去太旧的。备份没有做成，什么也不删，退出码不是 0。
当天的根写在“jifen-日期.db.roots”里；备份删去了，根留着：它很小，以后要靠它来比。
只删名字正好是“jifen-日期.db”的文件，别的一概不动。网站自己也能每天做，见 jifen serve --help 的 --backups；
两样都用、写同一个文件夹也行，一天还是一份，“运行状况”一页看得到。

例子（每天 2 点，crontab）：
  0 2 * * * jifen daily --db /srv/jifen/jifen.db --to /backup
`
}

// Run makes the day's backup and removes the oldest.
func (k *dailyCommand) Run(c *console) error {
	folder, err := folderFor(k.DB, k.To, k.Keep)
	if err != nil {
		return err
	}
	if err := folder.Prepare(); err != nil {
		return err
	}
	made, err := folder.Make(context.Background())
	if err != nil {
		return err
	}
	said := fmt.Sprintf("今天的备份已经有了：%s\n", made.Path)
	if made.Root != nil {
		said = fmt.Sprintf("备份好了：%s，%d 环都查过\n  根：%s，写在 %s\n", made.Path, made.Root.Links, made.Root.Hash,
			backup.RootsPath(made.Path))
	}
	if len(made.Gone) > 0 {
		said += "  删去了太旧的：" + strings.Join(made.Gone, "、") + "\n"
	}
	_, err = fmt.Fprint(c.out, said)
	return err
}

// folderFor refuses what is said wrongly of a folder for copies.
func folderFor(db, path string, keep int) (*backup.Folder, error) {
	if keep < 1 || keep > 1000 {
		return nil, misused(fault.New(fault.Invalid, "--keep 写了 %d", keep).WithHint("写 1 到 1000"))
	}
	f := &backup.Folder{World: world(), Database: db, Path: path, Keep: keep}
	if f.Swallows() {
		wrong := fault.New(fault.Invalid, "%s 的名字和每天的备份一样，又在同一个文件夹里，会被当成旧的备份删去", db)
		return nil, misused(wrong.WithHint("备份换一个文件夹，最好在另一个盘上"))
	}
	return f, nil
}
