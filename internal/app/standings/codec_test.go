package standings

import (
	"reflect"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

func sample() domain.Standing {
	return domain.Standing{
		Scheme: "weizhou", Period: calendar.Year.Of(calendar.Of(2026, 1, 1)), Scored: true, Ranked: true, Category: "B",
		Total:  -1_234_567,
		Blocks: []domain.BlockValue{{Name: "基础", Value: 8000}, {Name: "贡献", Value: -1}}, Grade: "三星", Bare: "四星", Added: 3,
		Deducted: 4,
		RedLines: []string{"受过警告"}, Meets: []string{"先锋"}, Missing: []string{"职务"},
		Alerts: []domain.Alert{{Name: "久未参加", On: calendar.Of(2026, 3, 31), Window: "2026-03", Run: 3, Level: "提醒",
			Suggest: "上门", Owner: "支部书记", Due: calendar.Of(2026, 4, 7), Clause: 9}},
		Open: []domain.Alert{{Name: "低于底线", On: calendar.Of(2025, 12, 31), Window: "2025Q4", Run: 1, Level: "红",
			Due: calendar.Of(2026, 1, 15), Clause: 8}},
	}
}

func TestRememberedFormIsReadBack(t *testing.T) {
	t.Parallel()
	for _, s := range []domain.Standing{sample(), {Scheme: "x", Why: "豁免：停"}} {
		got, err := decode(encode(&s), lexicon{})
		if err != nil || !reflect.DeepEqual(got, s) {
			t.Errorf("%v\ngot  %+v\nwant %+v", err, got, s)
		}
	}
}

func FuzzDecode(f *testing.F) {
	s := sample()
	f.Add(encode(&s))
	f.Add([]byte{form, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := decode(b, lexicon{})
		if err != nil {
			return
		}
		again, err := decode(encode(&s), lexicon{})
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("%v\n%+v\n%+v", err, again, s)
		}
	})
}
