package ruledoc_test

import (
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruledoc"
)

func TestHeadroomNamesWhatBoundsIt(t *testing.T) {
	t.Parallel()
	plus := func(p domain.Points, by *domain.Bound) domain.Headroom {
		return domain.Headroom{Name: "公益", Unit: calendar.Year, HasPlus: true, Plus: p, Full: p == 0, By: by}
	}
	cap20 := &domain.Bound{Kind: domain.LineClamp, Name: "贡献", Points: 2000}
	for want, r := range map[string]domain.Headroom{
		"公益 今年还可加 5 分":            plus(500, nil),
		"公益 今年还可加 3 分（贡献上限 20 分）": plus(300, cap20),
		"公益 今年加分已经到顶（贡献上限 20 分）":  plus(0, cap20),
		"公益 今年加分已经到顶（红线“停加”）":     plus(0, &domain.Bound{Kind: domain.LineRedLine, Name: "停加"}),
		"公益 今年还可加 1 分（贡献限额每季）": plus(100,
			&domain.Bound{Kind: domain.LineEntry, Name: "贡献", Unit: calendar.Quarter}),
		"公益 今年还可加 1 分（贡献限额终身）":   plus(100, &domain.Bound{Kind: domain.LineEntry, Name: "贡献", Unit: calendar.Life}),
		"心愿 本月还可记 2 次":           {Name: "心愿", Unit: calendar.Month, HasTimes: true, Times: 2},
		"心愿 本月次数已经记满":            {Name: "心愿", Unit: calendar.Month, HasTimes: true, Full: true},
		"心愿 本月再记也不加分（贡献上限 20 分）": {Name: "心愿", Unit: calendar.Month, HasTimes: true, Times: 2, Full: true, By: cap20},
		"基础 今年还可扣 4 分":           {Name: "基础", Unit: calendar.Year, HasMinus: true, Minus: 400},
		"其他 今年加分已经到顶（贡献上限 20 分），还可扣 4 分": {Name: "其他", Unit: calendar.Year, HasPlus: true, Full: true, By: cap20,
			HasMinus: true, Minus: 400},
	} {
		if got := ruledoc.Headroom(&r); got != want {
			t.Errorf("%+v:\n got  %s\n want %s", r, got, want)
		}
	}
}
