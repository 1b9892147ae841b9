package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/yamldoc"
)

// exemption is the attribute that has a command of its own, with its steps.
const exemption = "豁免"

// aboutMember names what every command about one member takes.
type aboutMember struct {
	Member string `arg:"" name:"编号" help:"党员编号"`
	acting
}

// id is the member's.
func (k *aboutMember) id() domain.MemberID { return domain.MemberID(strings.TrimSpace(k.Member)) }

// as is acting.as of what is about the member.
func (k *aboutMember) as(c *console, work func(ctx context.Context, h *house, actor *access.Actor) error) error {
	return k.acting.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		h.about = k.id()
		return work(ctx, h, actor)
	})
}

// answered makes an answer of a refusal: that the account may not is a no, not
// a file that cannot be written.
func answered(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Code == fault.Forbidden {
		said := *f
		said.Code = fault.Invalid
		return &said
	}
	return err
}

// dated names what the commands take that change something from a day on.
type dated struct {
	aboutMember
	From string `required:"" placeholder:"日期" help:"从哪一天起，例如 2026-05-01"`
}

// day reads the day.
func (k *dated) day() (calendar.Day, error) {
	d, err := calendar.Parse(k.From)
	if err != nil {
		return 0, misused(err)
	}
	return d, nil
}

// change records a fact and says so.
func (k *dated) change(c *console, f members.FactChange) error {
	var err error
	if f.From, err = k.day(); err != nil {
		return err
	}
	f.Member = k.id()
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		done, err := h.ledger.ChangeFact(ctx, actor, f, "")
		if err != nil {
			return err
		}
		waits := ""
		if len(done.Asked) > 0 {
			waits = "，等" + strings.Join(done.Asked, "、") + "在网站的“待确认”里同意"
		}
		_, err = fmt.Fprintf(c.out, "登记了：%s 自 %s 起，%s是%s%s；经办 %s\n", f.Member, f.From, f.Attribute, f.Value, waits,
			actor.Name)
		if hint := f.Hint(); hint != "" && err == nil {
			_, err = fmt.Fprintf(c.out, "%s：jifen member leave %s --from %s\n", hint, f.Member, f.From)
		}
		return err
	})
}

// factCommand is jifen member fact.
type factCommand struct {
	dated
	Attribute string `required:"" placeholder:"情况" help:"办法要登记的哪一样，例如 职务"`
	Value     string `required:"" placeholder:"内容" help:"改成什么；日期写 2026-05-01，是不是的写 是 或 否"`
	Seen      bool   `help:"党小组、党员中心户的名称和别的差不多，看过了，确实是另一个"`
}

// Help shows how it is used.
func (*factCommand) Help() string {
	return `以前的照旧，查得到。处分由社区党委以上登记；自己的情况由别人登记。党小组、党员中心户不用办法写明，名称由支部起，写 无 就是不在了。

例子：
  jifen member fact P0007 --db data/jifen.db --attribute 职务 --value 支部委员 --from 2026-05-01 --as jiedao
  jifen member fact P0007 --db data/jifen.db --attribute 党小组 --value 第一小组 --from 2026-05-01 --as jiedao
`
}

// Run records what holds of a member from a day on.
func (k *factCommand) Run(c *console) error {
	f := members.FactChange{Attribute: strings.TrimSpace(k.Attribute), Value: strings.TrimSpace(k.Value), Seen: k.Seen}
	if f.Attribute == exemption {
		return misused(fault.New(fault.Invalid, "豁免要写明走过哪几步").WithHint("用 jifen member exempt 登记"))
	}
	return k.change(c, f)
}

// exemptCommand is jifen member exempt.
type exemptCommand struct {
	dated
	Code string   `required:"" placeholder:"代码" help:"办法里的哪一种豁免；写 无 就是结束豁免"`
	Step []string `sep:"none" placeholder:"步骤" help:"办法要走的一步，到经办人这一级的，已经走过；有几步写几个"`
}

// Help shows how it is used.
func (*exemptCommand) Help() string {
	return `办法写明的步骤，到经办人这一级为止都走过，才能登记；再上面的，登记以后由上级在网站的“待确认”里办，都同意了才免。
只登记代码，不写缘由。

例子：
  jifen member exempt P0007 --db data/jifen.db --code 不参加积分 --step 本人申请 --step 支部委员会 --from 2026-05-01 --as jiedao
  jifen member exempt P0007 --db data/jifen.db --code 无 --from 2026-09-01 --as jiedao
`
}

// Run records an exemption, or its end.
func (k *exemptCommand) Run(c *console) error {
	f := members.FactChange{Attribute: exemption, Value: strings.TrimSpace(k.Code)}
	for _, s := range k.Step {
		f.Approved = append(f.Approved, strings.TrimSpace(s))
	}
	return k.change(c, f)
}

// moveCommand is jifen member move.
type moveCommand struct {
	dated
	To     string `required:"" placeholder:"支部" help:"转到哪个支部；同名的写成 社区/支部"`
	Name   string `placeholder:"姓名" help:"请别的社区的人转进来时，写他的姓名"`
	Seen   bool   `help:"看过了：有的分不能跟着走，照样转"`
	Reason string `placeholder:"理由" help:"过了补录期限的，写为什么现在才登记"`
}

// Help shows how it is used.
func (*moveCommand) Help() string {
	return `积分跟着人走，以前的记录不动：每一笔照那时所在支部的办法算。有分不能跟着走的（新支部没有那份办法、没有那个板块），
先说出来，看过了加 --seen 再登记。两头的支部都归帐号管的，当场登记；不然是提出来，由对方的社区党委（或者街道党工委）在待确认里
同意，同意以前组织关系不动。请别的社区的人转进来，编号以外还要写 --name。还没有到的日子，到那一天再登记；一天只转一次。

例子：
  jifen member move P0007 --db data/jifen.db --to 幸福街第二党支部 --from 2026-05-01 --as jiedao
  jifen member move P0107 --db data/jifen.db --to 幸福街第二党支部 --name 示例甲 --from 2026-05-01 --as xingfu
`
}

// Run moves a member to another branch.
func (k *moveCommand) Run(c *console) error {
	from, err := k.day()
	if err != nil {
		return err
	}
	if strings.TrimSpace(k.To) == "" {
		return misused(fault.New(fault.Invalid, "转到哪里是空的").WithHint("写支部的全名；转出本街道的用 jifen member leave"))
	}
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		to, err := h.nearbyOrg(ctx, actor, strings.TrimSpace(k.To))
		if err != nil {
			return err
		}
		m := members.Move{Member: k.id(), To: to.ID, From: from, Name: k.Name, Seen: k.Seen, Reason: k.Reason}
		done, err := h.ledger.Move(ctx, actor, m, "")
		if err != nil {
			return err
		}
		if len(done.Asked) > 0 {
			_, err = fmt.Fprintf(c.out, "提出了：%s 自 %s 起转到%s，等%s同意；经办 %s\n", k.id(), from, to.Name,
				strings.Join(done.Asked, "、"), actor.Name)
			return err
		}
		_, err = fmt.Fprintf(c.out, "登记了：%s 自 %s 起，组织关系在%s；经办 %s\n", k.id(), from, to.Name, actor.Name)
		return err
	})
}

// leaveCommand is jifen member leave.
type leaveCommand struct{ dated }

// Help shows how it is used.
func (*leaveCommand) Help() string {
	return `登记转出本街道。--from 写不在的第一天；那以后的事不再记，以前的还留在最后一个支部。
再转回来，用 jifen member move。

例子：
  jifen member leave P0007 --db data/jifen.db --from 2026-05-01 --as jiedao
`
}

// Run records that a member leaves the street.
func (k *leaveCommand) Run(c *console) error {
	from, err := k.day()
	if err != nil {
		return err
	}
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		if _, err := h.ledger.Move(ctx, actor, members.Move{Member: k.id(), From: from}, ""); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.out, "登记了：%s 自 %s 起转出；经办 %s\n", k.id(), from, actor.Name)
		return err
	})
}

// showCommand is jifen member show.
type showCommand struct{ aboutMember }

// Help shows how it is used.
func (*showCommand) Help() string {
	return `一行一条：什么、内容、从哪一天起、谁什么时候登记的，新登记的在前。看过会记进审计。

例子：
  jifen member show P0007 --db data/jifen.db --as jiedao
`
}

// Run prints what was recorded of a member.
func (k *showCommand) Run(c *console) error {
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		text, err := k.show(ctx, h, actor)
		if err != nil {
			return err
		}
		_, err = io.WriteString(c.out, text)
		return err
	})
}

// show returns what was recorded of a member as it is printed.
func (k *showCommand) show(ctx context.Context, h *house, actor *access.Actor) (string, error) {
	recorded, err := h.members.History(ctx, actor, k.id())
	switch fault.CodeOf(err) {
	case fault.Forbidden:
		return "", fault.Wrap(err, fault.Forbidden, "帐号“%s”没有看党员的权限", strings.TrimSpace(k.As)).WithHint("请支部书记或上级党委来看")
	case fault.NotFound:
		return "", fault.Wrap(err, fault.NotFound, "没有这名党员").WithHint("也可能不在这个帐号的范围里")
	}
	return recordedText(&recorded), err
}

// recordedText puts what was recorded of a member into lines.
func recordedText(h *members.History) string {
	rows := [][]string{{"项目", "内容", "从哪天起", "谁登记的", "什么时候", "编号"}}
	for i := range h.Names[:len(h.Names)-1] { // the first came with him
		n := &h.Names[i]
		rows = append(rows, []string{"姓名", n.Name + "（从前叫" + h.Names[i+1].Name + "）", cmp.Or(n.From.String(), "一直"),
			cmp.Or(n.ByName, "程序"), localTime(n.At), ""})
	}
	for i := range h.Items {
		rows = append(rows, recordedRow(&h.Items[i]))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s，%s", h.Member.ID, h.Member.Name, h.Member.Home.Name)
	if h.Member.Left != 0 {
		fmt.Fprintf(&b, "，%s 起已转出", h.Member.Left)
	}
	b.WriteString("\n")
	writeGrid(&b, rows)
	return b.String()
}

// recordedRow is one line of what was recorded.
func recordedRow(item *members.HistoryItem) []string {
	value := item.Value
	if item.State != "" {
		value += "（" + string(item.State) + "）"
	}
	if item.Reversal != nil {
		value += "（撤销了）"
	}
	return []string{item.What, value, cmp.Or(item.From.String(), "一直"), cmp.Or(item.ByName, "程序"), localTime(item.At),
		item.ID.String()}
}

// localTime writes a stored instant as the clock on the wall shows it.
func localTime(at string) string {
	t, err := calendar.ParseInstant(at)
	if err != nil {
		return at
	}
	return t.In(zone()).Format(time.DateTime)
}

// writeGrid sets rows in columns, one under the other.
func writeGrid(b *strings.Builder, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], yamldoc.Width(cell))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			line += "  " + cell + strings.Repeat(" ", widths[i]-yamldoc.Width(cell))
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
