package ruleset

import (
	"strconv"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// quotas reads the 占 of one table of grades.
type quotas struct {
	l      *loader
	within domain.Share // of the rows so far
	least  bool         // a row with 至少 has come
}

// read reads 占: 10%, 1/3 or 至少 5%.
func (q *quotas) read(g *GradeRow, n *yamldoc.Node, row int) {
	l := q.l
	text, least := strings.CutPrefix(n.Text, "至少")
	of := *n
	of.Text = strings.TrimSpace(text)
	share, ok := shareOf(&of)
	switch {
	case !ok:
		l.fail(n, "“"+n.Text+"”不是比例", "写 10%、1/3，或最后几等的 至少 5%")
		return
	case least && row == 0:
		l.fail(n, "第一等不能写 至少：人人都评得上它或者更低的", "至少 写在最后几等，例如 不合格: {当: 其余, 占: 至少 5%}")
		return
	case !least && q.least:
		l.fail(n, "前面已经有写 至少 的等次，下面的不能再写 占: "+n.Text, "从前往后占的写在前面几等，至少 写在最后几等")
		return
	}
	l.book.Quotas = true
	sum, fits := q.within.Plus(share)
	switch {
	case !fits && sum.Num > sum.Den:
		l.fail(n, "各等次占的比例加起来超过 100%", "占 只写这一等自己的比例")
		return
	case !fits:
		l.fail(n, "各等次占的比例加起来太零碎，算不准", "把几个比例写成同一个分母，例如 1/6、2/6")
		return
	}
	q.within = sum
	if least {
		q.least, g.Least = true, share
		return
	}
	g.Share, g.Within = share, sum
}

// fromLast adds up the shares of 至少 from the last row up: whoever gets a row
// below a row is among those who get it or worse.
func (q *quotas) fromLast(rows []GradeRow) {
	var last domain.Share
	for i := len(rows) - 1; i >= 0 && q.least; i-- {
		if rows[i].Least.Set() {
			last, _ = last.Plus(rows[i].Least) // within the sum that has been looked at
			rows[i].Last = last
		}
	}
}

// shareOf reads 10% or 1/3.
func shareOf(n *yamldoc.Node) (domain.Share, bool) {
	if n.Kind != yamldoc.Scalar || n.Quoted {
		return domain.Share{}, false
	}
	if text, ok := strings.CutSuffix(n.Text, "%"); ok {
		h, ok := domain.ParseHundredths(text)
		share, fits := domain.ShareOf(h, 100_00)
		return share, ok && fits
	}
	num, den, ok := strings.Cut(n.Text, "/")
	a, err1 := strconv.ParseUint(strings.TrimSpace(num), 10, 16)
	b, err2 := strconv.ParseUint(strings.TrimSpace(den), 10, 16)
	const most = 1000 // of a denominator
	if !ok || err1 != nil || err2 != nil || b > most {
		return domain.Share{}, false
	}
	return domain.ShareOf(int64(a), int64(b)) //nolint:gosec // at most a thousand
}
