package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"jifen/internal/doctor"
	"jifen/internal/fault"
)

// doctorCommand is jifen doctor.
type doctorCommand struct {
	database
	ReadFrom string `placeholder:"地址" help:"网站读的副本，看它落后多少"`
	Backups  string `placeholder:"文件夹" help:"每天的备份放在哪个文件夹"`
	Site     string `placeholder:"地址" help:"开着的网站，例如 http://127.0.0.1:8080，问它能不能写"`
}

// Help shows what is looked at.
func (*doctorCommand) Help() string {
	return `看一遍运行的情况，每一样说出看到什么、怎么办：密钥、库的结构、时钟、最近写下的根、文件的权限、磁盘、
最近一份备份、能不能写；PostgreSQL 上的另看连接够不够，写了 --read-from 的看副本。网站开着也能用，什么也不改。

退出码给监控用：0 都正常，1 有要注意的，2 有出错的；命令写得不对也是 2。
记录有没有被改过，它不查，见 jifen verify。

例子：
  jifen doctor --db data/jifen.db
  jifen doctor --db data/jifen.db --backups /backup --site http://127.0.0.1:8080
  jifen doctor --db postgres://jifen@db1/jifen --read-from postgres://jifen@db2/jifen
`
}

// errBroken ends a command that has said in full what does not work.
var errBroken = errors.New("something does not work")

// askLimit bounds how long the web site may take to answer.
const askLimit = 10 * time.Second

// Run looks at everything and tells what was found.
func (k *doctorCommand) Run(c *console) error {
	if k.Site != "" {
		if u, err := url.Parse(k.Site); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return misused(fault.New(fault.Invalid, "“%s”不是网站的地址", k.Site).WithHint("写成 http://127.0.0.1:8080 这样"))
		}
	}
	w := world()
	w.ReadFrom = k.ReadFrom
	list := doctor.Look(context.Background(), doctor.Options{
		World: w, Checks: checked(), Database: k.DB, Backups: k.Backups, Site: k.Site,
		Free: freeRoom, Writable: writable, Ask: askStatus,
	})
	if err := writeText(c.out, findingWords(list)); err != nil {
		return err
	}
	switch doctor.Worst(list) {
	case doctor.Warning:
		return errReported
	case doctor.Broken:
		return errBroken
	default:
		return nil
	}
}

// findingWords writes a line for each finding, and beneath it what to do.
func findingWords(list []doctor.Finding) string {
	var b strings.Builder
	states := map[doctor.State]string{
		doctor.Well: "正常", doctor.Unasked: "没看", doctor.Warning: "注意", doctor.Broken: "出错",
	}
	count := map[doctor.State]int{}
	for _, f := range list {
		count[f.State]++
		fmt.Fprintf(&b, "%s  %s：%s\n", states[f.State], f.Name, f.Words)
		if f.Hint != "" {
			fmt.Fprintf(&b, "  改法：%s\n", f.Hint)
		}
	}
	warnings, faults := count[doctor.Warning], count[doctor.Broken]
	if warnings+faults == 0 {
		b.WriteString("看过的都正常\n")
	} else {
		fmt.Fprintf(&b, "%d 项出错，%d 项要注意\n", faults, warnings)
	}
	return b.String()
}

// askStatus asks an address, by no proxy.
func askStatus(ctx context.Context, address string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return 0, err
	}
	answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}
