package importer

// The columns that every table of entries or attendance may have.
const (
	memberColumn = "党员"
	itemColumn   = "项目"
	dayColumn    = "日期"
	pointsColumn = "分值"
	noteColumn   = "说明"
	branchColumn = "支部"
	kindColumn   = "种类"
	titleColumn  = "名称"
	statusColumn = "出勤"
	madeUpColumn = "补课日期"
)

// entrySynonyms returns the other ways to write the headings of entries.
func entrySynonyms() map[string][]string {
	return map[string][]string{
		memberColumn: {"姓名", "党员姓名", "党员编号"},
		itemColumn:   {"积分项目", "项目名称"},
		dayColumn:    {"发生日期", "活动日期"},
		pointsColumn: {"分数"},
	}
}

// attendanceSynonyms returns the other ways to write the headings of attendance.
func attendanceSynonyms() map[string][]string {
	return map[string][]string{
		memberColumn: {"姓名", "党员姓名", "党员编号"},
		dayColumn:    {"活动日期", "会议日期"},
		branchColumn: {"党支部", "所在支部", "所在党支部", "支部名称", "党支部名称"},
		kindColumn:   {"活动种类", "活动类型", "会议类型"},
		titleColumn:  {"活动名称", "会议名称", "主题"},
		statusColumn: {"出勤情况", "签到情况", "到会情况", "出席情况"},
		madeUpColumn: {"补课日", "补课时间"},
	}
}

// RosterHeader reports whether the headings of a sheet may be those of a register.
func RosterHeader(header []string, mapping Mapping) bool {
	for _, h := range header {
		if field, _ := fieldOf(h); field == FieldName || mapping[h] == FieldName {
			return true
		}
	}
	return false
}

// MemberHeader reports whether the headings of a sheet may be those of the table of members.
func MemberHeader(header []string) bool {
	for _, column := range memberColumns()[:3] {
		if !hasColumn(header, column, nil) {
			return false
		}
	}
	return true
}
