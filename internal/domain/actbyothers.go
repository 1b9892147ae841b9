package domain

import "jifen/internal/calendar"

// ActByOthers (别处改动) is what somebody without an office in a branch did to what people of
// that branch had recorded.
type ActByOthers struct {
	Did     string   // in a word: 撤销, 更正, 退回, 同意
	Subject string   // what had been recorded: 记录, 活动, 出勤, 情况, 组织关系, 申报
	Member  MemberID // "" where it is about a whole activity
	Name    string   // of the member
	Home    string   // the path of his branch now; "" where he has none
	What    string   // the item, the kind of activity, the attribute, the branch
	On      calendar.Day
	Record  SourceID // the entry or activity; zero for what is recorded of a member
	First   string   // who had recorded it, by name
	FirstBy AccountID
	FirstAt string // recorded_at
	ByName  string // "" for the program itself
	By      AccountID
	Offices []string // of who did it, as they were then: 社区党委（幸福街社区）
	At      string   // recorded_at
	Reason  string   // "" where none was asked for
}

// Words returns what was done, in a few words: 撤销了 2026-05-20 的记录“好事”.
func (a *ActByOthers) Words() string {
	on := ""
	if a.On != 0 {
		on = " " + a.On.String() + " 的"
	}
	return a.Did + "了" + on + a.Subject + "“" + a.What + "”"
}
