package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/report"
)

func jsonOf(t *testing.T, r *report.Ranking, accounts bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.JSON(&b, r, accounts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// one keeps a single member.
func one(id domain.MemberID) func(*domain.Membership) bool {
	return func(m *domain.Membership) bool { return m.ID == id }
}

func TestJSON(t *testing.T) {
	t.Parallel()
	r := rank(t, load(t, rules), street(), "2026-12-31")
	got := jsonOf(t, r.Only(one("P07")), false)
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(got)); err != nil {
		t.Fatal(err)
	}
	same(t, compact.String(), `{"version":1,"scheme":{"code":"shili","title":"示例街道积分办法","from":"2026-01-01",`+
		`"sha256":"`+r.Book.Hash+`","tie_break":["贡献"]},`+
		`"period":"2026","as_of":"2026-12-31","day":"2026-12-31","final":true,"members":[{"id":"P07","name":"示例庚",`+
		`"branch":"第一支部","community":"示例社区","street":"示例街道","category":"B","scored":true,"ranked":true,"total":"85",`+
		`"blocks":[{"name":"基础","points":"75"},{"name":"贡献","points":"10"},{"name":"公益","points":"0"}],`+
		`"places":[{"level":"支部","place":2,"of":5,"tied":1},{"level":"街道","place":2,"of":8,"tied":1}],`+
		`"grade":"合格","grade_without_red_lines":"优秀","additions":2,"deductions":2,"red_lines":["受警告"],`+
		`"alerts":[{"name":"缺课","level":"提醒","on":"2026-09-30","window":"2026Q3","run":1,`+
		`"suggest":"谈心谈话","owner":"支部书记","due":"2026-10-15","open":false},`+
		`{"name":"缺课","level":"警示","on":"2026-12-31","window":"2026Q4","run":2,`+
		`"suggest":"谈心谈话","owner":"支部书记","due":"2027-01-15","open":true}]}]}`)
}

func TestJSONAccount(t *testing.T) {
	t.Parallel()
	r := rank(t, load(t, rules), street(), "2026-12-31")
	var d struct {
		Members []struct {
			Total   *string
			Reason  string
			Missing []string
			Account struct {
				Version int
				Total   *line
				Idle    []line
			}
		}
	}
	if err := json.Unmarshal([]byte(jsonOf(t, r, true)), &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Members) != 10 {
		t.Fatalf("%d members", len(d.Members))
	}
	cut := d.Members[2].Account.Total.Lines[1].Lines[0].Lines[1] // 示例乙: total, 贡献, 公益, the second entry
	if cut.Kind != "entry" || cut.Points != "1" || cut.Wanted != "3" || cut.On != "2026-04-02" || cut.Entry != "J3" ||
		cut.Clause.Path != "板块.公益.限额.年" || cut.Clause.Line != 17 {
		t.Errorf("%+v", cut)
	}
	if clamp := d.Members[1].Account.Total.Lines[1].Lines[3]; clamp.Kind != "clamp" || clamp.Points != "-6" {
		t.Errorf("%+v", clamp)
	}
	if red := d.Members[7].Account.Total.Lines[2]; red.Kind != "red_line" || red.Points != "-80" ||
		red.Clause.Basis != "第九条" {
		t.Errorf("%+v", red)
	}
	if idle := d.Members[5].Account.Idle; len(idle) != 1 || idle[0].Points != "0" ||
		!strings.HasPrefix(idle[0].Note, "不适用于E类") {
		t.Errorf("%+v", idle)
	}
	if m := d.Members[9]; m.Total != nil || m.Account.Total != nil || m.Reason != "豁免：不参加" {
		t.Errorf("%+v", m)
	}
	if m := d.Members[4]; len(m.Missing) != 1 || m.Missing[0] != "出生日期" {
		t.Errorf("%+v", m)
	}
}

// line is a reader's view of a line of an account.
type line struct {
	Kind, Points, Wanted, On, Entry, Note string
	Clause                                struct {
		Path, Basis string
		Line        int
	}
	Lines []line
}

// The form must be steady for readers: no null lists, no numbers for points, no
// account where none was asked for, text as it is.
func TestJSONForm(t *testing.T) {
	t.Parallel()
	r := rank(t, load(t, rules), street(), "2026-06-30")
	if text := jsonOf(t, r.Only(branch("无")), false); !strings.Contains(text, `"members": []`) ||
		!strings.Contains(text, `"final": false`) {
		t.Error(text)
	}
	if text := jsonOf(t, r, false); strings.Contains(text, "account") || strings.Contains(text, `\u`) ||
		strings.Contains(text, "null") {
		t.Error(text)
	}
}
