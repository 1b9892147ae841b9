package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/orgs"
	"jifen/internal/fault"
)

// othersCommand is jifen org others.
type othersCommand struct {
	acting
	Org  string `required:"" placeholder:"支部" help:"哪个支部；同名的写成 社区/支部"`
	Seen bool   `help:"看过了：记下来，下次网站上不再提"`
}

// Help shows how it is used.
func (*othersCommand) Help() string {
	return `本支部的人登记过的，由不在本支部任职的人撤销、更正、退回的，近一年的都列出来，新的在前。
--seen 由本支部的人写。

例子：
  jifen org others --db data/jifen.db --as shuji --org 幸福街第一党支部
  jifen org others --db data/jifen.db --as shuji --org 幸福街第一党支部 --seen
`
}

// Run lists what others did, and records that it was seen.
func (k *othersCommand) Run(c *console) error {
	if strings.TrimSpace(k.Org) == "" {
		return misused(fault.New(fault.Invalid, "哪个支部是空的").WithHint("写支部的全名"))
	}
	return k.as(c, func(ctx context.Context, h *house, by *access.Actor) error {
		org, err := h.nearbyOrg(ctx, by, strings.TrimSpace(k.Org))
		if err != nil {
			return err
		}
		o, err := h.orgs.ByOthers(ctx, by, org.ID)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(c.out, othersText(&o)); err != nil || !k.Seen {
			return err
		}
		if o.Unseen == 0 {
			_, err = fmt.Fprintln(c.out, "没有还没看过的")
			return err
		}
		if err := h.orgs.MarkSeen(ctx, by, orgs.ActsSeen{Branch: org.ID, Until: o.Acts[0].At}); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "记下了：%d 条看过了；经办 %s\n", o.Unseen, by.Name)
		return err
	})
}

// othersText puts what others did into lines.
func othersText(o *orgs.ByOthers) string {
	if len(o.Acts) == 0 {
		return "近一年没有\n"
	}
	rows := [][]string{{"党员", "怎么了", "谁", "什么时候", "理由", ""}}
	for i := range o.Acts {
		act := &o.Acts[i]
		who, seen := cmp.Or(act.ByName, "程序"), "没看过"
		if len(act.Offices) > 0 {
			who += "，" + strings.Join(act.Offices, "、")
		}
		if act.Seen {
			seen = ""
		}
		rows = append(rows, []string{act.Name, act.Words(), who, localTime(act.At), act.Reason, seen})
	}
	var b strings.Builder
	writeGrid(&b, rows)
	if o.More > 0 {
		fmt.Fprintf(&b, "更早的 %d 条没有列出来\n", o.More)
	}
	return b.String()
}
