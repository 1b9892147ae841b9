package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jifen/internal/app/members"
	"jifen/internal/calendar"
	"jifen/internal/importer"
	"jifen/internal/spreadsheet"
)

// importWords prints an import as it was understood, and what comes of it.
type importWords struct {
	command *membersCommand
	out     io.Writer
	table   *spreadsheet.Table
	preview *importer.RosterPreview
	plan    *members.RosterPlan
	rejects string       // where rejected rows go
	since   calendar.Day // first day of members who are new
	today   calendar.Day
}

// shownRows bounds how many rows of one kind are printed one by one.
const shownRows = 50

// foretell writes the columns, the problems and what is to be done.
func (w *importWords) foretell() error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s：%d 行\n%s\n列：\n", w.table.Name, len(w.table.Rows), noteWords(w.table.Notes))
	var rows [][2]string
	for _, c := range w.preview.Columns {
		meaning := string(c.How)
		if c.Field != "" && c.How != importer.NotKept {
			meaning = "读作 " + string(c.Field) + "（" + meaning + "）"
		}
		rows = append(rows, [2]string{c.Heading, meaning})
	}
	writeRows(&b, rows)
	for _, s := range w.preview.Swaps {
		fmt.Fprintf(&b, "\n“%s”与“%s”两列像是对调了，都没有取。确是对调，加上：--map %s=%s --map %s=%s\n",
			s.One.Heading, s.Other.Heading, s.One.Heading, s.Other.Field, s.Other.Heading, s.One.Field)
	}
	w.problems(&b)
	if len(w.plan.Strange) > 0 {
		fmt.Fprintf(&b, "\n库里没有这些支部：%s。确是新支部，加 --community 写明它们属于哪个社区\n", strings.Join(w.plan.Strange, "、"))
	}
	w.entries(&b)
	w.effect(&b)
	_, err := io.WriteString(w.out, b.String())
	return err
}

// all are the problems of the file and those found by comparing, in the order
// of the file.
func (w *importWords) all() []importer.Problem {
	out := slices.Concat(w.preview.Problems, w.plan.Problems)
	slices.SortStableFunc(out, func(a, b importer.Problem) int { return a.Row - b.Row })
	return out
}

func (w *importWords) problems(b *strings.Builder) {
	all := w.all()
	if len(all) == 0 {
		return
	}
	b.WriteString("\n问题：\n")
	for _, p := range all {
		b.WriteString("  ")
		if p.Warning {
			b.WriteString("（提醒）")
		}
		if p.Row > 0 {
			fmt.Fprintf(b, "第 %d 行", p.Row)
		}
		if p.Column != "" {
			fmt.Fprintf(b, "“%s”列", p.Column)
		}
		if p.Row > 0 || p.Column != "" {
			b.WriteString("：")
		}
		b.WriteString(p.Message)
		if p.Advice != "" {
			b.WriteString("。改法：" + p.Advice)
		}
		b.WriteString("\n")
	}
}

// entries prints what is to be done.
func (w *importWords) entries(b *strings.Builder) {
	var fresh, moved, changed []string
	idle := 0
	for i := range w.plan.Steps {
		s := &w.plan.Steps[i]
		who := fmt.Sprintf("%s %s（第 %d 行）", s.Member, s.Person.Name, s.Person.Row)
		switch {
		case s.New:
			fresh = append(fresh, who+"，"+s.Branch)
		case s.Idle():
			idle++
		case s.Moves:
			moved = append(moved, who+"："+strings.Join(changes(s), "，"))
		default:
			changed = append(changed, who+"："+strings.Join(changes(s), "，"))
		}
	}
	b.WriteString("\n要做的：\n")
	if w.plan.Community != "" {
		fmt.Fprintf(b, "  新建社区 %s\n", w.plan.Community)
	}
	for _, name := range w.plan.Branches {
		fmt.Fprintf(b, "  新建支部 %s\n", name)
	}
	list(b, "新党员", fresh)
	list(b, "转来", moved)
	list(b, "改动", changed)
	fmt.Fprintf(b, "  没有变化 %d 人\n", idle)
	w.absent(b)
}

func list(b *strings.Builder, what string, lines []string) {
	fmt.Fprintf(b, "  %s %d 人\n", what, len(lines))
	for _, l := range lines[:min(shownRows, len(lines))] {
		b.WriteString("    " + l + "\n")
	}
	if len(lines) > shownRows {
		fmt.Fprintf(b, "    另有 %d 人\n", len(lines)-shownRows)
	}
}

// changes returns what changes of somebody known; numbers are named, not told.
func changes(s *members.RosterStep) []string {
	var out []string
	if s.Moves {
		out = append(out, "转到 "+s.Branch)
		if len(s.Losses) > 0 {
			out = append(out, "有的分不能跟着走（"+strings.Join(s.Losses, "；")+"）")
		}
	}
	out = append(out, s.Words...)
	for _, kind := range s.Numbers {
		out = append(out, "登记"+string(kind))
	}
	return out
}

// hopeless reports whether the file as a whole could not be read.
func (w *importWords) hopeless() bool {
	return slices.ContainsFunc(w.all(), func(p importer.Problem) bool { return p.Row == 0 && !p.Warning })
}

// rejected returns, by line, why rows are not taken.
func (w *importWords) rejected() map[int][]string {
	taken := map[int]bool{}
	for _, some := range [][]members.RosterStep{w.plan.Steps, w.plan.Out} {
		for i := range some {
			taken[some[i].Person.Row] = true
		}
	}
	out := map[int][]string{}
	if w.hopeless() {
		return out
	}
	for i := range w.table.Rows {
		if line := w.table.Rows[i].Line; !taken[line] {
			out[line] = nil
		}
	}
	for _, p := range w.all() {
		if _, not := out[p.Row]; !not || p.Warning {
			continue
		}
		words := p.Message
		if p.Column != "" {
			words = p.Column + "：" + words
		}
		out[p.Row] = append(out[p.Row], words)
	}
	return out
}

// rejectPath returns a path for rejected rows; a file that is there already stays.
func (w *importWords) rejectPath() string {
	begin := strings.TrimSuffix(w.command.Path, filepath.Ext(w.command.Path)) + "-退回"
	path := begin + ".xlsx"
	for n := 2; ; n++ {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path
		}
		path = fmt.Sprintf("%s%d.xlsx", begin, n)
	}
}

// reasonColumn is the column that says why a row came back.
const reasonColumn = "退回原因"

// reject writes the rejected rows as they stand in the file, with why.
func (w *importWords) reject(rejected map[int][]string) error {
	if len(rejected) == 0 {
		return nil
	}
	// A file that came back before has the column; its reasons are gone.
	old := slices.Index(w.table.Header, reasonColumn)
	var columns []spreadsheet.Column
	for i, h := range w.table.Header {
		if i != old {
			columns = append(columns, spreadsheet.Column{Name: h})
		}
	}
	columns = append(columns, spreadsheet.Column{Name: reasonColumn})
	var rows [][]string
	for i := range w.table.Rows {
		r := &w.table.Rows[i]
		if why, not := rejected[r.Line]; not {
			cells := slices.Clone(r.Cells)
			if old >= 0 {
				cells = slices.Delete(cells, old, old+1)
			}
			rows = append(rows, append(cells, strings.Join(why, "；")))
		}
	}
	return writeBook(w.rejects, "", columns, rows, nil)
}

// ending prints how it ended.
func (w *importWords) ending(rejected int) error {
	var words string
	switch {
	case w.hopeless():
		words = "名册读不懂，什么也没有写入"
	case !w.command.Write && rejected > 0:
		words = fmt.Sprintf("有 %d 行有问题，不会写入。这是预览，还没有写入；加 --write 写入没有问题的行，有问题的行另存成 %s", rejected, w.rejects)
	case !w.command.Write:
		words = "这是预览，还没有写入。看过没有问题，加 --write 再来一次"
	case rejected > 0:
		words = fmt.Sprintf("写入了没有问题的行；退回 %d 行，连同原因在 %s，改好再导入这一份", rejected, w.rejects)
	default:
		words = "都写入了"
	}
	if !w.command.Write && !w.hopeless() {
		words += "\n核对码 " + w.plan.Digest + "：写入时加 --preview " + w.plan.Digest + "，这以后有了变化就不写"
	}
	_, err := fmt.Fprintln(w.out, "\n"+words)
	return err
}
