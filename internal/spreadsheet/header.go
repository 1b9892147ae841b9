package spreadsheet

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"jifen/internal/fault"
)

// Where a header is looked for.
const (
	searched    = 50 // rows with content
	maxHeadRows = 5  // that one header may take
)

// table makes a Table of a grid.
func (g *grid) table(name string) (*Table, error) {
	if err := g.narrow(name); err != nil {
		return nil, err
	}
	own := make([]int, len(g.rows)) // how many cells each row has of itself
	for i := range g.rows {
		own[i] = len(g.rows[i].cells)
	}
	g.fillDown()
	first := g.header()
	last := g.headerEnd(first)
	b := &builder{grid: g, own: own, table: &Table{Name: name, Line: g.rows[last].line}, heads: map[int]string{},
		yearly: map[int]string{}}
	for _, r := range g.rows[:first] {
		for _, c := range r.cells {
			b.table.Above = append(b.table.Above, c.text)
		}
	}
	for _, r := range g.rows[first : last+1] {
		for _, c := range r.cells {
			b.heads[c.col] = heading(c.text)
		}
	}
	if err := b.columns(last + 1); err != nil {
		return nil, err
	}
	if err := b.rows(last + 1); err != nil {
		return nil, err
	}
	b.notes()
	return b.table, nil
}

// narrow refuses a sheet with more columns than a table may have.
func (g *grid) narrow(name string) error {
	for _, r := range g.rows {
		if r.cells[len(r.cells)-1].col > maxColumns {
			return fault.New(fault.Invalid, "%s 第 %d 行写到了 %s 列", name, r.line, columnName(r.cells[len(r.cells)-1].col)).
				WithHint("最多到 %s 列，删去用不着的列", columnName(maxColumns))
		}
	}
	return nil
}

// fillDown gives cells that are merged downwards their value in every row that
// has content of its own; other rows are not there.
func (g *grid) fillDown() {
	slices.SortStableFunc(g.merges, func(a, b area) int { return cmp.Compare(a.top, b.top) })
	type running struct {
		cell   gridCell
		bottom int
	}
	active, next := map[int]running{}, 0
	for i := range g.rows {
		r := &g.rows[i]
		for ; next < len(g.merges) && g.merges[next].top <= r.line; next++ {
			m := g.merges[next]
			if j, has := r.find(m.left); m.top == r.line && m.bottom > m.top && has {
				active[m.left] = running{r.cells[j], m.bottom}
			}
		}
		for col, a := range active {
			if r.line > a.bottom {
				delete(active, col)
			} else if j, has := r.find(col); !has {
				r.cells = slices.Insert(r.cells, j, a.cell)
			}
		}
	}
}

func (r *gridRow) find(col int) (int, bool) {
	return slices.BinarySearchFunc(r.cells, col, func(c gridCell, col int) int { return cmp.Compare(c.col, col) })
}

// header returns which row is the header, or begins it. Lines such as
// “填报单位：示例支部” above it may fill several cells, so what has a colon does
// not count.
func (g *grid) header() int {
	rows := g.rows[:min(searched, len(g.rows))]
	counts, fullest := make([]int, len(rows)), 0
	for i, r := range rows {
		for _, c := range r.cells {
			if !strings.ContainsAny(c.text, "：:") {
				counts[i]++
			}
		}
		fullest = max(fullest, counts[i])
	}
	return max(0, slices.IndexFunc(counts, func(n int) bool { return n >= fullest/2+1 || n == fullest }))
}

// headerEnd returns the last row of a header whose cells are merged downwards.
func (g *grid) headerEnd(first int) int {
	line := g.rows[first].line
	bottom := line
	for _, m := range g.merges {
		if m.top <= line && m.bottom > bottom && m.bottom < line+maxHeadRows {
			bottom = m.bottom
		}
	}
	last := first
	for last+1 < len(g.rows) && g.rows[last+1].line <= bottom {
		last++
	}
	return last
}

// heading takes out of a heading what only lays it out.
func heading(text string) string {
	return trim(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text))
}

// builder makes a Table of the rows under a header.
type builder struct {
	grid  *grid
	own   []int
	table *Table
	heads map[int]string
	order []int // columns of the sheet, as the table has them
	// by number of a column, the first day in it of which the sheet does not show the year
	yearly map[int]string
}

// columns settles which columns there are. What stands beside the table, under no heading, is
// left out and named; a column of it is one whose heading somebody forgot.
func (b *builder) columns(from int) error {
	rows := 0
	filled := map[int][]*gridRow{} // by column, the rows with content
	for i := range b.grid.rows[from:] {
		r := &b.grid.rows[from+i]
		if b.remark(from + i) {
			continue
		}
		rows++
		for _, c := range r.cells {
			filled[c.col] = append(filled[c.col], r)
		}
	}
	var wrong []string
	seen := map[string]int{}
	for col := 1; col <= maxColumns; col++ {
		h, at := b.heads[col], filled[col]
		first, twice := seen[h]
		switch {
		case h == "" && len(at) > 1 && len(at) > rows/4:
			wrong = append(wrong, columnName(col)+" 列没有列名，第 "+strconv.Itoa(at[0].line)+" 行却有内容")
		case h == "" && len(at) > 0:
			b.stray(col, at)
		case h == "":
		case twice:
			wrong = append(wrong, columnName(col)+" 列与 "+columnName(first)+" 列都叫“"+fault.Quote(h)+"”")
		default:
			seen[h] = col
			b.order, b.table.Header = append(b.order, col), append(b.table.Header, h)
		}
	}
	if n := b.beside(); n > 0 {
		return fault.New(fault.Invalid, "%s 第 %d 行并排放着两张表：从 %s 列起又是同样的列名", b.table.Name, b.table.Line, columnName(n)).
			WithHint("把右边那张剪下来，接到左边那张的下面")
	}
	if len(wrong) > 0 || len(b.order) == 0 {
		return fault.New(fault.Invalid, "%s 第 %d 行的列名不对：%s", b.table.Name, b.table.Line,
			cmp.Or(strings.Join(wrong, "；"), "都是空的")).
			WithHint("每一列都要有列名，各不相同；用不着的列整列删去")
	}
	return nil
}

// stray notes cells that stand beside the table.
func (b *builder) stray(col int, rows []*gridRow) {
	const shown = 20 // characters
	for _, r := range rows {
		j, _ := r.find(col)
		text := []rune(r.cells[j].text)
		if len(text) > shown {
			text = append(text[:shown], '…')
		}
		b.table.Notes = append(b.table.Notes, columnName(col)+strconv.Itoa(r.line)+" 格在表的外面，没有读：“"+
			fault.Quote(string(text))+"”")
	}
}

// beside returns the column where the headings begin anew, for two tables side by side; 0 where
// they do not.
func (b *builder) beside() int {
	var cols []int
	for col := 1; col <= maxColumns; col++ {
		if b.heads[col] != "" {
			cols = append(cols, col)
		}
	}
	n := len(cols)
	if n < 4 {
		return 0
	}
	for width := 2; width <= n/2; width++ {
		same := n%width == 0
		for i := width; same && i < n; i++ {
			same = b.heads[cols[i]] == b.heads[cols[i-width]]
		}
		if same {
			return cols[width]
		}
	}
	return 0
}

// notes lists what nobody sees on the sheet and is read all the same.
func (b *builder) notes() {
	var names []string
	for _, col := range b.grid.veiled {
		if h := b.heads[col]; h != "" {
			names = append(names, h)
		}
	}
	if len(names) > 0 {
		b.table.Notes = append(b.table.Notes, "表里隐藏的列也读了："+strings.Join(names, "、"))
	}
	for _, k := range slices.Sorted(maps.Keys(b.yearly)) {
		b.table.Notes = append(b.table.Notes, "“"+b.table.Header[k]+"”列有日期在表里只显示月日，年份是表格软件记下的，核对一下："+b.yearly[k])
	}
}

// remark reports whether a row is one cell merged over most of the columns.
func (b *builder) remark(i int) bool {
	r := &b.grid.rows[i]
	if b.own[i] != 1 {
		return false
	}
	at, _ := slices.BinarySearchFunc(b.grid.merges, r.line, func(m area, line int) int { return cmp.Compare(m.top, line) })
	for _, m := range b.grid.merges[at:] {
		if m.top != r.line {
			break
		}
		if _, has := r.find(m.left); has && m.right > m.left && m.right-m.left+1 > len(b.heads)/2 {
			return true
		}
	}
	return false
}

// rows fills the table.
func (b *builder) rows(from int) error {
	width := len(b.order)
	for i, r := range b.grid.rows[from:] {
		if b.remark(from + i) {
			continue
		}
		if (len(b.table.Rows)+1)*width > maxCells {
			return fault.New(fault.Invalid, "%s 太大：到第 %d 行已经超过 %d 格", b.table.Name, r.line, maxCells).WithHint("删去用不着的列，或分成几个文件")
		}
		row := Row{Line: r.line, Cells: make([]string, width)}
		content, struck := 0, 0
		for k, col := range b.order {
			j, has := r.find(col)
			if !has {
				continue
			}
			c := &r.cells[j]
			row.Cells[k] = c.text
			b.doubt(r.line, b.table.Header[k], c)
			if c.yearly && b.yearly[k] == "" {
				b.yearly[k] = fmt.Sprintf("第 %d 行是 %s", r.line, c.text)
			}
			if content++; c.struck {
				struck++
			}
		}
		if content == 0 {
			continue
		}
		b.unseen(&r, struck*2 > content)
		b.table.Rows = append(b.table.Rows, row)
	}
	return nil
}

// unseen doubts a row that nobody sees, or that is struck out: whether it is meant has to be
// asked.
func (b *builder) unseen(r *gridRow, struck bool) {
	d := Doubt{Line: r.line}
	switch {
	case r.hidden:
		d.Message, d.Advice = "这一行在表里是隐藏的（或者筛选掉了），不知道要不要", "要的取消隐藏再来，不要的删去这一行"
	case struck:
		d.Message, d.Advice = "这一行划了删除线，不知道要不要", "要的去掉删除线再来，不要的删去这一行"
	default:
		return
	}
	b.table.Doubts = append(b.table.Doubts, d)
}

func (b *builder) doubt(line int, column string, c *gridCell) {
	d := Doubt{Line: line, Column: column}
	switch c.ill {
	case healthy:
		return
	case cutShort:
		d.Message, d.Advice = "这一格的长号码（如身份证号）在表里存成了数字，末几位已经丢失", "把这一列设为文本，再照证件重新填"
	case failed:
		d.Message, d.Advice = "这一格的公式出错（"+fault.Quote(c.text)+"）", "改好公式，或直接填上内容"
	case zoned:
		d.Message, d.Advice = "这一格的日期带着时区（"+fault.Quote(c.text)+"），看不出是哪一天",
			"用表格软件打开，把这一列的格式设成日期，另存再用"
	case scaled:
		d.Message, d.Advice = "这一格显示的是多少万，存的数却只是 "+fault.Quote(c.text)+"，看不出是多少", "把格式设成“常规”，写出整个数"
	case unknown:
		d.Message, d.Advice = "这一格的公式还没有算出结果", "用表格软件打开这个文件，保存一次再用"
	}
	b.table.Doubts = append(b.table.Doubts, d)
}
