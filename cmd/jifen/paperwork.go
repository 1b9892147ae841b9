package main

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
	"jifen/internal/store"
)

// paperwork names what every import from paper takes.
type paperwork struct {
	Path string `arg:"" name:"台账" help:"纸质台账录成的表，.xlsx 或 .csv"`
	acting
	Paper string `required:"" placeholder:"名称" help:"是哪一份纸质记录，每一条都记上它，例如 2025年纸质台账"`
	Write bool   `help:"写入数据库；不写就只预览"`
}

// table reads the file.
func (k *paperwork) table() (*spreadsheet.Table, error) {
	table, err := tableOf(k.Path)
	if err == nil && len(table.Rows) > recording.MaxPaperRows {
		return nil, fault.New(fault.TooMany, "%s 有 %d 行，一次最多 %d 行", k.Path, len(table.Rows), recording.MaxPaperRows).
			WithHint("分成几份导入")
	}
	return table, err
}

// people returns the members for whom an actor may import.
func (k *paperwork) people(v *store.Snapshot, actor *access.Actor) (register, error) {
	if !actor.May(access.Import) {
		return nil, fault.New(fault.Invalid, "纸质记录由街道党工委导入").WithHint("写街道党工委的帐号")
	}
	members, err := v.Members(actor.Scope(access.Import), "")
	people := register{}
	for i := range members {
		m := &members[i]
		people[string(m.ID)] = []domain.MemberID{m.ID}
		people[m.Name] = append(people[m.Name], m.ID)
	}
	return people, err
}

// finish prints what is wrong, or else how much was written or may be.
func (k *paperwork) finish(c *console, wrong *complaints, much string) error {
	text := wrong.words()
	switch {
	case wrong.rows > 0:
		text += fmt.Sprintf("%d 行不对，一行也没有写。改好再来。\n", wrong.rows)
	case k.Write:
		text = fmt.Sprintf("写入了 %s，都记着出自“%s”。\n", much, strings.TrimSpace(k.Paper))
	default:
		text = much + "都可以写入。看过没有问题，加 --write。\n"
	}
	if _, err := io.WriteString(c.out, text); err != nil {
		return err
	}
	if wrong.rows > 0 {
		return errReported
	}
	return nil
}

// register is members by number, and by name.
type register map[string][]domain.MemberID

// member is the one whom a table means.
func (r register) member(text string) (domain.MemberID, error) {
	switch who := r[text]; len(who) {
	case 1:
		return who[0], nil
	case 0:
		return "", fault.New(fault.NotFound, "没有党员“%s”", text).WithHint("写编号，或写全名")
	default:
		return "", fault.New(fault.Invalid, "叫“%s”的有 %d 人", text, len(who)).WithHint("写编号：%s", joinIDs(who))
	}
}

// complaints holds the faults of the rows of a table.
type complaints struct {
	messages map[int]string // by the first line that it is about
	rows     int            // how many rows they are about
}

// add keeps a fault of one row, or of several together.
func (w *complaints) add(why string, lines ...int) {
	if w.messages == nil {
		w.messages = map[int]string{}
	}
	w.messages[lines[0]] = "第 " + linesWords(lines) + " 行：" + why
	w.rows += len(lines)
}

// words tells everything, by line.
func (w *complaints) words() string {
	var b strings.Builder
	for _, line := range slices.Sorted(maps.Keys(w.messages)) {
		b.WriteString(w.messages[line] + "\n")
	}
	return b.String()
}

// linesWords names lines: 7, 3、5 or 2 到 34.
func linesWords(lines []int) string {
	const shown = 10
	first, last := lines[0], lines[len(lines)-1]
	if len(lines) > 2 && last-first == len(lines)-1 { // they ascend
		return strconv.Itoa(first) + " 到 " + strconv.Itoa(last)
	}
	words := make([]string, 0, shown)
	for _, n := range lines[:min(shown, len(lines))] {
		words = append(words, strconv.Itoa(n))
	}
	text := strings.Join(words, "、")
	if len(lines) > shown {
		text += " 等 " + strconv.Itoa(len(lines))
	}
	return text
}

func joinIDs(ids []domain.MemberID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return strings.Join(words, "、")
}

// tableOf reads a table from a workbook or a CSV file.
func tableOf(path string) (*spreadsheet.Table, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return readTable(path)
	case ".xlsx":
	default:
		return nil, misused(fault.New(fault.Invalid, "“%s”不是 .xlsx 也不是 .csv 文件", path).
			WithHint("用表格软件另存为 Excel 工作簿（.xlsx），或者 CSV"))
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	return spreadsheet.ReadXLSX(path, f)
}
