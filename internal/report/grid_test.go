package report

import (
	"slices"
	"strings"
	"testing"
)

func TestWidth(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"":        0,
		"P0001":   5,
		"示例甲":     6,
		"买·提":     5, // an ambiguous sign takes one cell
		"（全角）":    8,
		"ａ":       2,
		"e\u0301": 1, // a mark on the letter before takes none
		"𠮷":       2, // beyond the basic plane
		"〔〕，。、":   10,
		"“”":      2,
		"한국":      4,
	} {
		if got := width(text); got != want {
			t.Errorf("%q takes %d cells, want %d", text, got, want)
		}
	}
}

func TestAlignPoints(t *testing.T) {
	t.Parallel()
	got := []string{"95.4", "75", "", "-0.25"}
	alignPoints(got)
	if want := []string{"95.4 ", "75   ", "", "-0.25"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestGridLeavesOutEmptyColumns(t *testing.T) {
	t.Parallel()
	g := grid{
		columns: []column{{title: "空"}, {title: "名"}, {title: "数", align: right}, {title: "必", must: true}},
		rows:    [][]string{{"", "甲", "1", ""}, {"", "示例乙", "10", ""}},
	}
	var b strings.Builder
	g.write(&b, "  ")
	want := "" +
		"  名      数  必\n" +
		"  ------  --  --\n" +
		"  甲       1\n" +
		"  示例乙  10\n"
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}
