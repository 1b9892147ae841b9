package importer_test

import (
	"slices"
	"strings"
	"testing"

	"jifen/internal/importer"
	"jifen/internal/spreadsheet"
)

func FuzzReadRoster(f *testing.F) {
	id := number("19900101", 123)
	f.Add(provincial + "1,示例甲,男," + id +
		",汉族,1990-01-01,大学,正式党员,学士,示例支部,13800000000,2012-07-01,2013-07-01,12,0,,退休人员,,否,,,否,是,,,,\n")
	f.Add("姓名,身份证号,新社会阶层类型,工作岗位\n示例甲," + id + ",退休人员,私营企业主\n示 例,-,,\n·,x,,\n")
	f.Add("姓名,出生日期,人员类别,转正日期,入党日期\n示例甲,1990.1.1,预备党员,-,20120701\n示例甲,1990-01-01 00:00:00,正式,2012年,２０１２年７月１日\n")
	f.Fuzz(func(t *testing.T, src string) {
		table, err := spreadsheet.ReadCSV("f.csv", strings.NewReader(src))
		if err != nil {
			return
		}
		p := importer.ReadRoster(table, nil, nil)
		bad := map[int]bool{}
		for _, b := range p.Problems {
			if b.Message == "" || b.Advice == "" || b.Column != "" && !slices.Contains(table.Header, b.Column) {
				t.Fatalf("problem %+v", b)
			}
			bad[b.Row] = bad[b.Row] || !b.Warning
		}
		last := 0
		for i := range p.Rows {
			r := &p.Rows[i]
			if r.Row <= last || bad[r.Row] && r.Row != 0 || r.Name == "" || r.JoinedParty != 0 && r.Confirmed != 0 &&
				r.Confirmed < r.JoinedParty {
				t.Fatalf("row %+v after %d", r, last)
			}
			if id, err := importer.ParseIdentity(r.Identity); r.Identity != "" &&
				(err != nil || id.Number != r.Identity || id.Born != r.Born || id.Gender != r.Gender) {
				t.Fatalf("row %+v: %+v, %v", r, id, err)
			}
			last = r.Row
		}
		if len(p.Columns) != len(table.Header) || len(p.Rows) > len(table.Rows) {
			t.Fatalf("%d columns, %d rows", len(p.Columns), len(p.Rows))
		}
	})
}
