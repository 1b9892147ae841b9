package importer

import (
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// TestCells: each notion, in the forms in which real tables have it, is one value or one
// sentence. What a form gives begins with ! where it is refused.
func TestCells(t *testing.T) {
	t.Parallel()
	readers := map[string]func(string) (string, error){
		"day": func(s string) (string, error) { d, err := ParseDay(s); return d.String(), err },
		"as far as known": func(s string) (string, error) {
			d, err := parseDate(s)
			return d.String(), err
		},
		"hours":  func(s string) (string, error) { return Number(s, "小时") },
		"points": Points,
		"yes": func(s string) (string, error) {
			yes, ok := YesNo(s)
			return map[bool]string{true: "是", false: "否"}[yes] + map[bool]string{false: "?"}[ok], nil
		},
		"name":     func(s string) (string, error) { name, note, err := Name(s); return name + note, err },
		"status":   func(s string) (string, error) { status, err := Status(s); return string(status), err },
		"identity": func(s string) (string, error) { id, err := ParseIdentity(s); return id.Number, err },
	}
	for notion, forms := range map[string]map[string]string{
		"day": {
			"2026-03-05": "2026-03-05", "2026/3/5": "2026-03-05", "2026.3.5": "2026-03-05", "2026年3月5日": "2026-03-05",
			"20260305": "2026-03-05", "２０２６－０３－０５": "2026-03-05", "2026/03/05 00:00": "2026-03-05", "2026年3月5号": "2026-03-05",
			"2026-03-05T00:00:00.000Z": "2026-03-05", "2026-03-05T00:00:00+08:00": "2026-03-05", `="2026-03-05"`: "2026-03-05",
			"'2026-3-5": "2026-03-05", "二〇二六年三月五日": "2026-03-05", "一九九五年十二月二十一日": "1995-12-21", "一九九五年十月二十日": "1995-10-20",
			"1995年十月十一日": "1995-10-11", "1995.7.1日": "1995-07-01", "1995。7。1": "1995-07-01", "2026年3月5日9:30": "2026-03-05",
			"2026-03-04T16:00:00.000Z": "!带着时区", "2026-03-05T08:00:00+08:00": "!带着时区", "46086": "!表格软件内部的数",
			"46086.5": "!表格软件内部的数",
			"３月５日":    "!年份也要写", "3/5/26": "!不是日期", "95.7.1": "!年份写四位", "7/1/1995": "!年写在最前面", "2026年3月": "!没有写到日",
			"2026-02-29": "!日历上没有", "1995.13.1": "!日历上没有", "1958.1": "!也可能是 10 月", "2026": "!没有写到日", "199507": "!不是日期",
			"2026-03-05上午": "!不是日期", "不详": "!不是日期", "三月五日": "!不是日期",
		},
		"as far as known": {
			"1995.07": "1995-07", "1984年7月": "1984-07", "2001-06": "2001-06", "1958.1": "1958", "1958.10": "1958-10",
			"1966":    "1966",
			"1958年1月": "1958-01", "1995-07-01": "1995-07-01",
		},
		"hours": {
			"2.5": "2.5", "２.5": "2.5", "2.5小时": "2.5", "2 小时": "2", "3个小时": "3", "2h": "2", "+2": "2", "1,200": "1200",
			".5":    "0.5",
			"2.500": "2.50", "'2": "2", `="2"`: "2", "2小时30分": "2小时30分", "2,0": "2,0", "2.555": "2.555", "八": "八", "2分": "2分",
			"50%": "!百分数", "36:00": "!是时和分", "02:30": "!是时和分",
		},
		"points": {
			"3": "3", "3分": "3", "+3": "3", "－2": "-2", "−2": "-2", "３": "3", "2.50": "2.50", "-.5": "-0.5", "0": "0", "加3": "3",
			"扣2": "-2", "扣2分": "-2", "扣-2": "扣-2", "2,0": "2,0", "-0": "0", "12%": "!百分数",
		},
		"yes": {
			"是": "是", "√": "是", "✓": "是", "○": "是", "1": "是", "１": "是", "Y": "是", "有": "是", "TRUE": "是",
			"否": "否", "×": "否", "✗": "否", "0": "否", "n": "否", "无": "否", "也许": "否?", "": "否?", "△": "否?",
		},
		"name": {
			"孟　福": "孟福", " 孟 福 ": "孟福", "古丽•买买提": "古丽·买买提", "古丽.买买提": "古丽·买买提", "古丽・买买提": "古丽·买买提",
			"古丽．买买提": "古丽·买买提", "张\u200b伟": "张伟", "Maria  Lopez": "Maria Lopez", "J. Smith": "J. Smith", "𠮷田和": "𠮷田和",
			"王䶮": "王䶮", "李\u2f42": "李文“⽂”（U+2F42）读作“文”", "\uf90a哲": "金哲“\uf90a”（U+F90A）读作“金”",
			"李\ue863": "李䶮“□”（U+E863）读作“䶮”", "李\ue001": "!造字", "葛\U000e0100亮": "葛亮去掉了异体字选择符（U+E0100）",
			"123": "!不像姓名", "": "!不像姓名",
		},
		"status": {
			"到会": "到会", "√": "到会", "出席": "到会", "到": "到会", "参会": "到会", "1": "到会", "×": "缺席", "未到": "缺席", "缺勤": "缺席",
			"0": "缺席", "事假": "请假", "病假": "请假", "迟到": "迟到", "早退": "早退", "补课": "补课", "○": "!各处意思不一样", "△": "!各处意思不一样",
			"来了": "!没有“来了”这种出勤", "": "!这种出勤",
		},
		"identity": {
			"37079919700202001x": "37079919700202001X", "３７０７９９１９７１０２０２００３３": "370799197102020033",
			"'370799197202020057": "370799197202020057", `="370799197402020094"`: "370799197402020094",
			"`37079919780202019X": "37079919780202019X", "370799-19760202-0152": "370799197602020152",
			"370799 19750202 0139": "370799197502020139", "3.70799E+17": "!存成了数字", "370799660503001": "!15 位的旧号",
		},
	} {
		for text, want := range forms {
			got, err := readers[notion](text)
			refused, is := strings.CutPrefix(want, "!")
			switch {
			case is && (fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), refused)):
				t.Errorf("%s %q: got %q, %v; want %s", notion, text, got, err, refused)
			case !is && (err != nil || got != want):
				t.Errorf("%s %q: got %q, %v; want %q", notion, text, got, err, want)
			}
		}
	}
}

// TestPeopleAreFoundHoweverTheyAreWritten: blanks, dots, width and capitals make no other person.
func TestPeopleAreFoundHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	p := NewPeople()
	for id, name := range map[domain.MemberID]string{"P0001": "孟福", "P0002": "古丽·买买提", "P0003": "Maria Lopez",
		"P0004": "李文",
		"P0005": "同名", "P0006": "同名"} {
		p.Add(id, name)
	}
	for text, want := range map[string]domain.MemberID{
		"孟福": "P0001", "孟　福": "P0001", "古丽．买买提": "P0002", "古丽.买买提": "P0002", "maria lopez": "P0003", "ＭＡＲＩＡ ＬＯＰＥＺ": "P0003",
		"李\u2f42": "P0004", "p0003": "P0003", "Ｐ0003": "P0003", "'P0003": "P0003", "P0006": "P0006",
		"同名": "", "孟福（退休）": "", "": "", "P9999": "",
	} {
		if got, err := p.Find(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v; want %q", text, got, err, want)
		}
	}
}

func FuzzCells(f *testing.F) {
	for _, s := range []string{"2026-03-05T16:00:00Z", "二〇二六年十月二十日", "1,200.50小时", "扣2分", "李\ue863", "葛\U000e0100亮",
		`="1"`, "√",
		"37079919700202001x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDay(s); err == nil {
			if again, err := ParseDay(d.String()); err != nil || again != d {
				t.Fatalf("%q is %s, then %s, %v", s, d, again, err)
			}
		}
		if n, err := Points(s); err == nil && n != s {
			if again, err := Points(n); err != nil || again != n {
				t.Fatalf("%q is %q, then %q, %v", s, n, again, err)
			}
		}
		if name, _, err := Name(s); err == nil {
			if again, note, err := Name(name); err != nil || again != name || note != "" || NameKey(name) != NameKey(s) {
				t.Fatalf("%q is %q, then %q, %q, %v", s, name, again, note, err)
			}
		}
		if status, err := Status(s); err == nil {
			if again, err := Status(string(status)); err != nil || again != status {
				t.Fatalf("%q is %q, then %q", s, status, again)
			}
		}
	})
}
