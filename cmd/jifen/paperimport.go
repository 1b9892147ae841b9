package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/ledger"
	"jifen/internal/party"
	"jifen/internal/sheet"
	"jifen/internal/store"
)

// entriesCommand is jifen import entries.
type entriesCommand struct {
	Path string `arg:"" name:"台账" help:"纸质台账录成的表，.xlsx 或 .csv"`
	database
	Paper string `required:"" placeholder:"名称" help:"是哪一份纸质记录，每一笔都记上它，例如 2025年纸质台账"`
	By    string `required:"" placeholder:"帐号" help:"谁导入的：街道党工委的帐号"`
	Write bool   `help:"写入数据库；不写就只预览"`
}

// Help shows how it is used.
func (*entriesCommand) Help() string {
	return `以前记在纸上的，从这里进来：纸上已经定过，不再审批，也不受补录天数限制；每一笔都记着出自哪一份记录。
表头写 党员、项目、日期，要时加 分值、说明，和项目要记的（时长、级别……）。党员写编号，没有重名的也可以写姓名。
有一行不对就一行也不写，哪一行、为什么，都说出来。办法施行以前的日子不记。

例子：
  jifen import entries 台账.xlsx --db data/jifen.db --paper 2025年纸质台账 --by jiedao
  jifen import entries 台账.xlsx --db data/jifen.db --paper 2025年纸质台账 --by jiedao --write
`
}

// The columns that every table of entries may have.
const (
	memberColumn = "党员"
	itemColumn   = "项目"
	dayColumn    = "日期"
	pointsColumn = "分值"
	noteColumn   = "说明"
)

// Run previews an import of paper, and does it when told to.
func (k *entriesCommand) Run(c *console) error {
	table, err := tableOf(k.Path)
	if err != nil {
		return err
	}
	return k.with(func(ctx context.Context, h *house) error {
		var actor *access.Actor
		var people map[string][]party.MemberID
		err := h.db.Exclusive(ctx, func(tx *store.Tx) (err error) { // reads are cut off after a while
			if actor, err = actorOf(&tx.View, k.By); err != nil {
				return err
			}
			if people, err = k.people(&tx.View, actor); err != nil {
				return err
			}
			return k.columns(h, &tx.View, table)
		})
		if err != nil {
			return err
		}
		deeds, lines, wrong := deedsOf(table, people)
		return k.take(ctx, c, h, actor, ledger.Paper{Name: k.Paper, Deeds: deeds}, lines, wrong)
	})
}

// take hands the deeds to the ledger and says what became of them. lines are those
// of the deeds in the file, wrong what is wrong with other lines.
func (k *entriesCommand) take(ctx context.Context, c *console, h *house, actor *access.Actor, p ledger.Paper, lines []int, wrong map[int]string) error {
	r, err := h.ledger.ImportPaper(ctx, actor, p, !k.Write || len(wrong) > 0)
	if err != nil && len(wrong) == 0 {
		return answered(err)
	}
	for i, why := range r.Refused {
		wrong[lines[i]] = why
	}
	var b strings.Builder
	for _, line := range slices.Sorted(maps.Keys(wrong)) {
		fmt.Fprintf(&b, "第 %d 行：%s\n", line, wrong[line])
	}
	switch {
	case len(wrong) > 0:
		fmt.Fprintf(&b, "%d 行不对，一行也没有写。改好再来。\n", len(wrong))
	case k.Write:
		fmt.Fprintf(&b, "写入了 %d 笔，都记着出自“%s”。\n", r.Posted, strings.TrimSpace(k.Paper))
	default:
		fmt.Fprintf(&b, "%d 笔都可以写入。看过没有问题，加 --write。\n", r.Posted)
	}
	if _, err := fmt.Fprint(c.out, b.String()); err != nil {
		return err
	}
	if len(wrong) > 0 {
		return errSaid
	}
	return nil
}

// people are the members whom an account may import for, by number and by name.
func (*entriesCommand) people(v *store.View, actor *access.Actor) (map[string][]party.MemberID, error) {
	if !actor.May(access.Import) {
		return nil, fault.New(fault.Invalid, "纸质记录由街道党工委导入").WithHint("写街道党工委的帐号")
	}
	members, err := v.Members(actor.Scope(access.Import), "")
	out := map[string][]party.MemberID{}
	for i := range members {
		m := &members[i]
		out[string(m.ID)] = []party.MemberID{m.ID}
		out[m.Name] = append(out[m.Name], m.ID)
	}
	return out, err
}

// columns refuses headings that no item of the rules in force knows.
func (k *entriesCommand) columns(h *house, v *store.View, table *sheet.Table) error {
	for _, must := range []string{memberColumn, itemColumn, dayColumn} {
		if !slices.Contains(table.Header, must) {
			return fault.New(fault.Invalid, "%s 没有“%s”这一列", k.Path, must).WithHint("表头写 党员、项目、日期，要时加 分值、说明，和项目要记的")
		}
	}
	street, err := findOrg(v, "")
	if err != nil {
		return err
	}
	books, err := h.standings.Schemes(v, street.Path, calendar.FromTime(today()))
	if err != nil {
		return err
	}
	known := []string{memberColumn, itemColumn, dayColumn, pointsColumn, noteColumn, party.MatterField}
	for _, b := range books {
		for i := range b.Items {
			for _, f := range b.Items[i].Fields {
				known = append(known, f.Name)
			}
		}
	}
	slices.Sort(known)
	for _, heading := range table.Header {
		if !slices.Contains(known, heading) {
			return fault.New(fault.Invalid, "%s 的“%s”这一列，办法里没有项目要记", k.Path, heading).WithHint("可写：%s", strings.Join(slices.Compact(known), "、"))
		}
	}
	return nil
}

// deedsOf reads the rows: the deeds with their lines, and what is wrong by line.
func deedsOf(table *sheet.Table, people map[string][]party.MemberID) (deeds []ledger.Deed, lines []int, wrong map[int]string) {
	wrong = map[int]string{}
	seen := map[string]int{}
	for _, row := range table.Rows {
		d, err := deedOfRow(table.Header, row.Cells, people)
		if err != nil {
			wrong[row.Line] = reasonOf(err)
			continue
		}
		same := fmt.Sprint(d.Member, d.Item, d.On, d.Points, d.Fields)
		if line, twice := seen[same]; twice {
			wrong[row.Line] = fmt.Sprintf("和第 %d 行一样（真是两回事，另取一个台账名称再导入）", line)
			continue
		}
		seen[same] = row.Line
		deeds, lines = append(deeds, d), append(lines, row.Line)
	}
	return deeds, lines, wrong
}

func deedOfRow(header, cells []string, people map[string][]party.MemberID) (d ledger.Deed, err error) {
	d.Fields = map[string]string{}
	for i, heading := range header {
		text := cells[i]
		switch heading {
		case memberColumn:
			switch who := people[text]; len(who) {
			case 1:
				d.Member = who[0]
			case 0:
				return d, fault.New(fault.NotFound, "没有党员“%s”", text).WithHint("写编号，或写全名")
			default:
				return d, fault.New(fault.Invalid, "叫“%s”的有 %d 人", text, len(who)).WithHint("写编号：%s", joinIDs(who))
			}
		case itemColumn:
			d.Item = text
		case dayColumn:
			if d.On, err = calendar.Parse(text); err != nil {
				return d, err
			}
		case pointsColumn:
			d.Points = text
		case noteColumn:
			d.Note = text
		default:
			if text != "" {
				d.Fields[heading] = text
			}
		}
	}
	return d, nil
}

func joinIDs(ids []party.MemberID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return strings.Join(words, "、")
}

// reasonOf is what a person is told of a row.
func reasonOf(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return "读不出来"
	}
	if f.Hint != "" {
		return f.Message + "（" + f.Hint + "）"
	}
	return f.Message
}

// tableOf reads a table from a workbook or a CSV file.
func tableOf(path string) (*sheet.Table, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return readTable(path)
	case ".xlsx":
	default:
		return nil, misused(fault.New(fault.Invalid, "“%s”不是 .xlsx 文件", path).WithHint("用表格软件另存为 Excel 工作簿（.xlsx）"))
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	return sheet.ReadXLSX(path, f)
}
