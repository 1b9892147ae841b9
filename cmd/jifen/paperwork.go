package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/spreadsheet"
	"jifen/internal/store"
)

// paperwork names what every import from paper takes.
type paperwork struct {
	Path string `arg:"" name:"台账" help:"纸质台账录成的表，.xlsx、.xlsm、.ods 或 .csv"`
	acting
	Paper     string `required:"" placeholder:"名称" help:"是哪一份纸质记录，每一条都记上它，例如 2025年纸质台账"`
	Worksheet string `name:"sheet" placeholder:"工作表" help:"文件里有几张工作表都像的，读哪一张"`
	Write     bool   `help:"写入数据库；不写就只预览"`
}

// table reads the file. wanted tells by the headings which sheet may be meant.
func (k *paperwork) table(wanted func([]string) bool) (*spreadsheet.Table, error) {
	table, err := tableOf(k.Path, k.Worksheet, wanted)
	if err == nil && len(table.Rows) > recording.MaxPaperRows {
		return nil, fault.New(fault.TooMany, "%s 有 %d 行，一次最多 %d 行", k.Path, len(table.Rows), recording.MaxPaperRows).
			WithHint("分成几份导入")
	}
	return table, err
}

// people returns the members for whom an actor may import.
func (k *paperwork) people(v *store.Snapshot, actor *access.Actor) (*importer.People, error) {
	if !actor.May(access.Import) {
		return nil, fault.New(fault.Invalid, "纸质记录由街道党工委导入").WithHint("写街道党工委的帐号")
	}
	members, err := v.Members(actor.Scope(access.Import), "")
	people := importer.NewPeople()
	for i := range members {
		people.Add(members[i].ID, members[i].Name)
	}
	return people, err
}

// noteWords returns what of a file was left out, a line each.
func noteWords(notes []string) string {
	var b strings.Builder
	for _, n := range notes {
		b.WriteString("注意：" + n + "\n")
	}
	return b.String()
}

// finish prints what is wrong, or else how much was written or may be.
func (k *paperwork) finish(c *console, wrong *complaints, notes []string, much string) error {
	text := noteWords(notes) + wrong.words()
	switch {
	case wrong.rows > 0:
		text += fmt.Sprintf("%d 行不对，一行也没有写。改好再来。\n", wrong.rows)
	case k.Write:
		text += fmt.Sprintf("写入了 %s，都记着出自“%s”。\n", much, strings.TrimSpace(k.Paper))
	default:
		text += much + "都可以写入。看过没有问题，加 --write。\n"
	}
	if _, err := io.WriteString(c.out, text); err != nil {
		return err
	}
	if wrong.rows > 0 {
		return errReported
	}
	return nil
}

// complaints holds the faults of the rows of a table.
type complaints struct {
	messages map[int]string // by the first line that it is about
	lines    map[int]bool   // that they are about
	rows     int            // how many those are
}

// add keeps a fault of one row, or of several together.
func (w *complaints) add(why string, lines ...int) {
	if w.messages == nil {
		w.messages, w.lines = map[int]string{}, map[int]bool{}
	}
	if said, has := w.messages[lines[0]]; has {
		w.messages[lines[0]] = said + "；" + why
	} else {
		w.messages[lines[0]] = "第 " + linesWords(lines) + " 行：" + why
	}
	for _, n := range lines {
		w.lines[n] = true
	}
	w.rows = len(w.lines)
}

// read adds what is wrong with rows of a file, those of one row together.
func (w *complaints) read(problems []importer.Problem) {
	said := map[int][]string{}
	for i := range problems {
		p := &problems[i]
		text := p.Message
		if p.Advice != "" {
			text += "（" + p.Advice + "）"
		}
		said[p.Row] = append(said[p.Row], text)
	}
	for _, line := range slices.Sorted(maps.Keys(said)) {
		w.add(strings.Join(said[line], "；"), line)
	}
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
