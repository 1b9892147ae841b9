package ruleset

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

func TestParseAttribute(t *testing.T) {
	t.Parallel()
	b := book(t, "  事: {板块: 基础, 分值: 1, 记录: {时长: 数 小时, 说明: 文字}}\n",
		"属性: {流动: 是否, 就业: [在职, 两新, 离退休], 高度: -2至3.5, 入职: 日期, 年龄: {推算: 周岁}, 党龄: {推算: 党龄}}\n")
	attribute := func(name string) *Attribute {
		if i := b.Attribute(name); i >= 0 {
			return &b.Attributes[i]
		}
		fields := b.Items[b.Item("事")].Fields
		i := slices.IndexFunc(fields, func(f Attribute) bool { return f.Name == name })
		if i < 0 {
			t.Fatal(name)
		}
		return &fields[i]
	}
	day := int64(calendar.Of(2026, 2, 28))
	for _, c := range []struct {
		name, text string
		want       domain.Value
		wrong      string // part of the error; "" for none
	}{
		{"流动", "是", domain.Value{Number: 1}, ""},
		{"流动", " 否 ", domain.Value{}, ""},
		{"流动", "", domain.Value{}, ""},
		{"流动", "对", domain.Value{}, "只写 是 或 否"},
		{"就业", "两新", domain.Value{Text: "两新"}, ""},
		{"就业", "", domain.Value{}, "可写：在职、两新、离退休"},
		{"就业", "离退修", domain.Value{}, "是不是“离退休”？"},
		{"就业", strings.Repeat("长", 31), domain.Value{}, strings.Repeat("长", 30) + "…"},
		{"处分", "留党察看", domain.Value{Text: "留党察看"}, ""},
		{"高度", "-2", domain.Value{Number: -200}, ""},
		{"高度", "3.5", domain.Value{Number: 350}, ""},
		{"高度", "3.51", domain.Value{}, "可写 -2 至 3.5"},
		{"高度", "-2.01", domain.Value{}, "超出范围"},
		{"高度", "三", domain.Value{}, "不是数"},
		{"高度", "1.234", domain.Value{}, "最多两位小数"},
		{"时长", "0", domain.Value{}, ""},
		{"时长", "2.25", domain.Value{Number: 225}, ""},
		{"时长", "-1", domain.Value{}, "超出范围"},
		{"时长", "2小时", domain.Value{}, "不写单位"},
		{"入职", "2026-02-28", domain.Value{Number: day}, ""},
		{"入职", "2026-02-29", domain.Value{}, "2026-02-29"},
		{"出生日期", "28/2/2026", domain.Value{}, "28/2/2026"},
		{"年龄", "75", domain.Value{}, "由日期推算，不用填"},
		{"党龄", "", domain.Value{}, "由日期推算，不用填"},
		{"说明", " 修水管 ", domain.Value{Text: "修水管"}, ""},
		{"说明", strings.Repeat("长", 500), domain.Value{Text: strings.Repeat("长", 500)}, ""},
		{"说明", strings.Repeat("长", 501), domain.Value{}, "最多 500 字"},
	} {
		got, err := attribute(c.name).Parse(c.text)
		switch {
		case c.wrong == "" && (err != nil || got != c.want):
			t.Errorf("%s %q: %+v, %v", c.name, c.text, got, err)
		case c.wrong != "" && (!isInvalid(err) || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%s %q: %v, want %s", c.name, c.text, err, c.wrong)
		}
	}
}

func isInvalid(err error) bool {
	var e *fault.Error
	return errors.As(err, &e) && e.Code == fault.Invalid
}

func acceptBook(t *testing.T) *RuleSet {
	t.Helper()
	return book(t, `  酌情: {板块: 基础, 记录: {事由: 文字}, 分值: {自 2026-01-01: -5至5, 自 2026-07-01: 0至8}}
  加急: {板块: 基础, 分值: 1至8}
  处理: {板块: 基础, 记录: {程度: [轻, 中, 重]}, 分值: {轻: -1, 中: -8至-4, 重: -12至-9}}
  服务: {板块: 基础, 记录: {时长: 0至24, 夜间: 是否}, 分值: 时长 * 0.5}
  党费: {}
  逾期: {板块: 基础, 自动: {每: 月, 于: 25日, 当: 本月次数("党费") == 0}, 分值: -5}
  缺席: {板块: 基础, 来自: 组织生活, 出勤: [缺席], 分值: -5}
`, "活动: {组织生活: [党课, 主题党日], 其他会: [座谈会]}\n小数: {位数: 1}\n")
}

func TestEntry(t *testing.T) {
	t.Parallel()
	b := acceptBook(t)
	type values = map[string]string
	for _, c := range []struct {
		what, item, points string
		values             values
		wrong              values // problems by field, a part of each
	}{
		{"plain", "好人好事", "", nil, nil},
		{"blank cells are nothing", "好人好事", " ", values{"时长": " "}, nil},
		{"unknown item", "好人好是", "", nil, values{"项目": "是不是“好人好事”？"}},
		{"unknown item, none near", "买菜", "", nil, values{"项目": "照办法里的项目名写"}},
		{"automatic", "逾期", "", nil, values{"项目": "到期由程序自动记"}},
		{"by attendance", "缺席", "", nil, values{"项目": "在出勤表里记这次活动"}},
		{"points of a fixed item", "好人好事", "2", nil, values{"分值": "不用填"}},
		{"a field it does not have", "好人好事", "", values{"时长": "3"}, values{"时长": "不记“时长”"}},
		{"fields", "服务", "", values{"时长": "2.5", "夜间": "是"}, nil},
		{"yes or no may stay empty", "服务", "", values{"时长": "24"}, nil},
		{"a field missing", "服务", "", nil, values{"时长": "要填“时长”"}},
		{"two fields wrong", "服务", "", values{"时长": "25", "夜间": "大概"}, values{"时长": "超出范围", "夜间": "只写 是 或 否"}},
		{"chosen points", "酌情", "-5", values{"事由": "事"}, nil},
		{"chosen points of the later range", "酌情", "8", values{"事由": "事"}, nil},
		{"no points chosen", "酌情", "", values{"事由": "事"}, values{"分值": "在 -5 至 8 之间填一个数"}},
		{"the day decides which range", "酌情", "8.1", values{"事由": "事"}, nil},
		{"points above", "加急", "8.1", nil, values{"分值": "在 1 至 8 之间填一个数"}},
		{"points below", "加急", "0.9", nil, values{"分值": "超出范围"}},
		{"points of the option", "处理", "-12", values{"程度": "重"}, nil},
		{"points of another option", "处理", "-3", values{"程度": "重"}, values{"分值": "“重”在 -12 至 -9 之间填一个数"}},
		{"points of no option", "处理", "-13", values{"程度": "重"}, values{"分值": "“重”在 -12 至 -9 之间填一个数"}},
		{"no points of the option", "处理", "", values{"程度": "重"}, values{"分值": "“重”在 -12 至 -9 之间填一个数"}},
		{"points of an option that has its own", "处理", "-1", values{"程度": "轻"}, values{"分值": "“处理”（轻）的分值由办法定，不用填"}},
		{"no points of an option that has its own", "处理", "", values{"程度": "轻"}, nil},
		{"points in words", "酌情", "三分", values{"事由": "事"}, values{"分值": "分值写了“三分”，不是数"}},
		{"points too fine", "酌情", "1.25", values{"事由": "事"}, values{"分值": "最多 1 位小数"}},
		{"all wrong", "加急", "9", values{"时长": "1"}, values{"时长": "这一格留空", "分值": "超出范围"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			_, problems := b.Entry(c.item, c.points, c.values)
			for field, part := range c.wrong {
				if err := problems[field]; !isInvalid(err) || !strings.Contains(err.Error(), part) {
					t.Errorf("%s: %v, want %s", field, err, part)
				}
			}
			if len(problems) != len(c.wrong) {
				t.Errorf("problems %v", problems)
			}
		})
	}
	e, _ := b.Entry("服务", "", map[string]string{"时长": "2.5", "夜间": "是"})
	want := []domain.Field{{Name: "时长", Value: domain.Value{Number: 250}}, {Name: "夜间", Value: domain.Value{Number: 1}}}
	if e.Item != "服务" || e.Chosen || !slices.Equal(e.Fields, want) {
		t.Errorf("%+v", e)
	}
	if e, _ := b.Entry("酌情", "-2.5", map[string]string{"事由": "事"}); e.Points != -250 || !e.Chosen {
		t.Errorf("%+v", e)
	}
}

func TestChoice(t *testing.T) {
	t.Parallel()
	b := acceptBook(t)
	for item, want := range map[string]string{"酌情": "-5 8 true", "好人好事": "0 0 false", "服务": "0 0 false",
		"党费": "0 0 false"} {
		lo, hi, free := b.Items[b.Item(item)].Choice()
		got := lo.String() + " " + hi.String() + " false"
		if free {
			got = lo.String() + " " + hi.String() + " true"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", item, got, want)
		}
	}
}

func TestKindAndFollowing(t *testing.T) {
	t.Parallel()
	b := acceptBook(t)
	for kind, want := range map[string]bool{"党课": true, "主题党日": true, "座谈会": true, "组织生活": false, "": false} {
		if b.Kind(kind) != want {
			t.Errorf("%q: %v", kind, !want)
		}
	}
	if got := b.Following("党课"); !slices.Equal(got, []int{b.Item("缺席")}) {
		t.Errorf("following 党课: %v", got)
	}
	if got := b.Following("座谈会"); len(got) != 0 {
		t.Errorf("following 座谈会: %v", got)
	}
}

func TestPeriod(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unit, from, key, wrong string
	}{
		{"年", "2026-01-01", "2026", ""},
		{"年", "2026-07-01", "2026", ""},
		{"年", "2026-01-01", "2025", "办法自 2026-01-01 起施行"},
		{"年", "2026-01-01", "2026Q3", "考核期写 2026，要看到某一天为止的情况，再加截至日 2026-09-30"},
		{"季", "2026-01-01", "2026Q1", ""},
		{"季", "2026-01-01", "2026", "考核期写 2026Q4"},
		{"季", "2026-04-01", "2026Q1", "办法自 2026-04-01 起施行"},
		{"半年", "2026-01-01", "2026H2", ""},
		{"月", "2026-01-01", "2026-12", ""},
		{"月", "2026-01-01", "2026-13", "不是考核期"},
		{"月", "2026-01-01", "", "不是考核期"},
	} {
		src := strings.Replace(strings.Replace(smallest, "考核: 年", "考核: "+c.unit, 1), "施行: 2026-01-01", "施行: "+c.from, 1)
		r := Load("x.yaml", []byte(src))
		if r.Book == nil {
			t.Fatal(r.Format())
		}
		p, err := r.Book.Period(c.key)
		switch {
		case c.wrong == "" && (err != nil || p.String() != c.key):
			t.Errorf("%s from %s, %q: %v %v", c.unit, c.from, c.key, p, err)
		case c.wrong != "" && (!isInvalid(err) || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%s from %s, %q: %v, want %s", c.unit, c.from, c.key, err, c.wrong)
		}
	}
}
