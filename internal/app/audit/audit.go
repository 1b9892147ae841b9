// Package audit writes the trail (审计): who did what, in the transaction in
// which it was done, and who read whose data.
package audit

import (
	"cmp"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// MaxLines bounds how many lines are read at once.
const MaxLines = 20_000

// Action names an act in the words the trail shows.
type Action string

// The actions.
const (
	SignedIn            Action = "登录"
	SignInFailed        Action = "登录未成功"
	SignedOut           Action = "退出"
	RecordedActivity    Action = "记活动"
	ReversedActivity    Action = "撤销活动"
	CorrectedAttendance Action = "更正出勤"
	PostedEntry         Action = "记一笔"
	PostedBulk          Action = "记一张表"
	Reversed            Action = "撤销记录"
	Withdrew            Action = "撤回申报"
	Decided             Action = "审批"
	ReadMember          Action = "查看个人明细"
	ReadActivity        Action = "查看活动"
	Exported            Action = "导出"
	Locked              Action = "锁定考核期"
	Reopened            Action = "重开考核期"
	Imported            Action = "导入名单"
	MadeOrg             Action = "设组织"
	ChangedOrg          Action = "改组织"
	ChangedFact         Action = "登记情况"
	MovedMember         Action = "转接组织关系"
	ReversedChange      Action = "撤销登记"
	RenamedMember       Action = "更正姓名"
	SawActs             Action = "看过别处改动"
	TiedMember          Action = "登记参加支部"
	Drafted             Action = "交办法草案"
	Enacted             Action = "启用办法"
	MadeAccount         Action = "开帐号"
	MadeToken           Action = "发接口凭证"
	Rekeyed             Action = "换密钥"
	ReplacedSigning     Action = "换签名的钥匙"

	WithdrewDraft   Action = "撤回办法草案"
	ResetPassword   Action = "重设密码"
	ClosedAccount   Action = "停用帐号"
	ReopenedAccount Action = "重新启用帐号"
	ChangedPassword Action = "改自己的密码"
	RevokedToken    Action = "作废接口凭证"
	Migrated        Action = "改造数据库"
	GaveRole        Action = "加角色"
	SettledAccount  Action = "核对持有人"
	LinkedIdentity  Action = "关联统一认证"
	EndedRole       Action = "收回角色"
	ProposedRole    Action = "提出给角色"
	AgreedToRole    Action = "同意给角色"
	RefusedRole     Action = "不同意给角色"
	WithdrewRole    Action = "撤回给角色"
	UnlockedAccount Action = "解除登录限制"
	ErasedText      Action = "删除文字"
	ErasedPerson    Action = "删除个人信息"
	Opened          Action = "查看"
	Tried           Action = "试算"
	Denied          Action = "被拒绝"
	SawLooks        Action = "查看谁看过我"
	ExportedTrail   Action = "导出审计"
	HandedSlip      Action = "发激活条"
	Activated       Action = "启用帐号"
	ChangedSetting  Action = "改登录设置"
	EndedSession    Action = "退出别处的登录"
	AskedCorrection Action = "申请更正"
	AskedDrop       Action = "提出清理审计"
	DroppedTrail    Action = "清理审计"
	AskedTransfer   Action = "申请转接"
)

// What names the subject of an action; every part may be left out.
type What struct {
	Org    domain.OrgID
	Member domain.MemberID
	// Members are all whom it concerns where they are several; the line has a keyed hash of
	// their numbers, and how many they are.
	Members []domain.MemberID
	Detail  string           // short, without personal data
	Whose   domain.AccountID // the account that it concerns; 0 = that of who acts
	Result  string           // the code of a refusal; "" = it was done
}

// Record appends a line in the transaction of what it tells of. The program's
// own lines say why it acted; nobody's are fault.Internal.
func Record(tx *store.Tx, actor *access.Actor, action Action, what What) error {
	if actor.ID() == 0 && actor.Reason() == "" {
		return fault.New(fault.Internal, "不知道是谁做的，没有写入")
	}
	actor.Origin().Trace()
	return tx.InsertTrace(event(actor, action, what))
}

// event returns the line of an act.
func event(actor *access.Actor, action Action, what What) domain.AuditEvent {
	o := actor.Origin()
	t := domain.AuditEvent{Account: actor.ID(), Role: actor.Roles(), Address: o.Address, Route: o.Route,
		Action: string(action), Org: what.Org, Member: what.Member, Members: what.Members, Detail: what.Detail,
		Whose: what.Whose, Result: what.Result}
	if why := actor.Reason(); why != "" {
		t.Detail = strings.TrimSpace(t.Detail + "（程序：" + why + "）")
	}
	return t
}

// Lines returns at most n lines, newest first, for who may see the trail; others see
// nothing.
func Lines(v *store.Snapshot, actor *access.Actor, f domain.AuditFilter, n int) ([]domain.AuditEvent, error) {
	numbers, err := v.NumbersMeant([]domain.MemberID{f.Member})
	if err != nil {
		return nil, err
	}
	f.Member = cmp.Or(numbers[f.Member], f.Member)
	scope := actor.Scope(access.SeeTrail)
	list, err := v.Traces(scope, f, min(n, MaxLines))
	if err != nil {
		return nil, err
	}
	return list, explain(v, scope, list)
}

// Actions lists every action in words, for a filter.
func Actions() []string {
	all := []Action{
		SignedIn, SignInFailed, SignedOut, RecordedActivity, ReversedActivity, CorrectedAttendance, PostedEntry, PostedBulk,
		Reversed, Withdrew, Decided, ReadMember, ReadActivity, SawActs, RenamedMember,
		Exported, Locked, Reopened, Imported, MadeOrg, ChangedOrg, ChangedFact, MovedMember, ReversedChange, TiedMember,
		Drafted,
		WithdrewDraft, Enacted, MadeAccount, MadeToken, Rekeyed, ReplacedSigning,
		ResetPassword, ChangedPassword, RevokedToken, ClosedAccount, ReopenedAccount, GaveRole, EndedRole,
		ProposedRole, AgreedToRole, RefusedRole, WithdrewRole, UnlockedAccount, SettledAccount,
		LinkedIdentity,
		ErasedText, ErasedPerson, Opened, Tried, Denied, SawLooks, ExportedTrail, HandedSlip, Activated,
		ChangedSetting, EndedSession, AskedCorrection, AskedTransfer,
		AskedDrop, DroppedTrail, Migrated,
	}
	out := make([]string, len(all))
	for i, a := range all {
		out[i] = string(a)
	}
	return out
}
