package members_test

import (
	"fmt"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/importer"
	"jifen/internal/testkit"
)

// TestEveryColumnThatIsKeptIsTakenIn: each by itself either becomes a fact or is one
// of those that settle who a row is, how to reach him and where he belongs.
func TestEveryColumnThatIsKeptIsTakenIn(t *testing.T) {
	t.Parallel()
	values := map[importer.Field]string{
		importer.FieldNumber: "P0001", importer.FieldName: "示例甲", importer.FieldGender: "男",
		importer.FieldIdentity: identity("19600101", 4),
		importer.FieldNation:   "汉族", importer.FieldBorn: "1960-01-01", importer.FieldEducation: "大学",
		importer.FieldMembership: "预备党员", importer.FieldBranch: "东支部", importer.FieldMobile: "13800000000",
		importer.FieldJoined: "2012-07-01", importer.FieldConfirmed: "2013-07-01", importer.FieldCorrection: "12",
		importer.FieldPost: "退休人员", importer.FieldOutOfContact: "是", importer.FieldFloating: "是",
		importer.FieldState: "停止党籍", importer.FieldPolitical: "中共预备党员",
	}
	town := testkit.New(t)
	for _, f := range importer.Fields(nil) {
		src := fmt.Sprintf("%s,党员姓名,支部\n%s,示例甲,东支部\n", f, values[f])
		if importer.ReadRoster(rosterTable(t, src), nil, nil).Columns[0].How == importer.NotKept {
			continue
		}
		asked := 0
		terms := terms(t, town)
		terms.Understand = func(_, _, _ string) (domain.Fact, bool, error) {
			asked++
			return domain.Fact{}, false, nil
		}
		plan(t, town, terms, src)
		switch settles := f == importer.FieldNumber || f == importer.FieldName || f == importer.FieldBranch ||
			f == importer.FieldMobile; {
		case values[f] == "":
			t.Errorf("the column %s has no value here: write one", f)
		case asked == 0 && !settles:
			t.Errorf("the column %s is read, and no fact comes of it: see claims in rosterclaims.go", f)
		}
	}
}
