package members

import (
	"context"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/store"
)

// Renaming says that a member is called otherwise: he took another name on a day, or the one
// that stands there was wrong.
type Renaming struct {
	Member domain.MemberID
	Name   string
	From   calendar.Day // 0: the name was wrong from the first
	Reason string
}

// Rename records another name of a member, with a reason; what he was called before stays
// readable, and is what lists of the days before say. Nothing is reckoned by it, so a locked
// period does not stop it. His own is others' to record (fault.Forbidden); the name that he has
// is fault.Conflict, a day to come or before the last change of the name fault.Invalid.
func (s *Recorder) Rename(ctx context.Context, actor *access.Actor, r Renaming, key string) (replay bool, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		_, replay, err = kernel.Once(tx, actor, key, r, func() (bool, error) { return true, s.rename(tx, actor, &r) })
		return err
	}, access.ManageMembers)
	return replay, err
}

// rename is Rename in the caller's transaction.
func (s *Recorder) rename(tx *store.Tx, actor *access.Actor, r *Renaming) error {
	m, err := member(&tx.Snapshot, actor.Scope(access.ManageMembers), r.Member)
	if err != nil {
		return err
	}
	return s.renameMember(tx, actor, &m, r)
}

// renameMember records another name of a member, whoever's he is.
func (s *Recorder) renameMember(tx *store.Tx, actor *access.Actor, m *domain.Member, r *Renaming) error {
	reason, err := kernel.Note(r.Reason, "理由")
	if err != nil {
		return err
	}
	name, _, err := importer.Name(r.Name)
	switch {
	case strings.TrimSpace(r.Name) == "":
		return inName(fault.New(fault.Invalid, "姓名是空的").WithHint("照身份证填"))
	case err != nil:
		return inName(err)
	case actor.IsMember(m.ID):
		return fault.New(fault.Forbidden, "自己的情况由别人登记").WithHint("请支部其他委员或上级党组织办理")
	case m.Name == domain.ErasedName:
		return fault.New(fault.Conflict, "编号 %s 的个人信息已经按要求删除", m.ID)
	case name == m.Name:
		return fault.New(fault.Conflict, "已经是这样：编号 %s 就叫“%s”", m.ID, name)
	case r.From > s.Today(&tx.Snapshot):
		return fault.New(fault.Invalid, "%s 还没有到，改名到那一天再登记", r.From).WithHint("写今天或以前的一天")
	case reason == "":
		return askReason(fault.New(fault.Invalid, "要写改姓名的理由").WithHint("例如：名册上写错了；本人改了名"))
	}
	names, err := tx.MemberNames(access.System("what became of whom the actor changed"), m.ID)
	if err != nil {
		return err
	}
	if last := names[0].From; r.From != 0 && r.From <= last {
		return fault.New(fault.Invalid, "%s 自 %s 起才叫“%s”，不能从 %s 起又改", m.ID, last, m.Name, r.From).
			WithHint("那一次写错了的，不写从哪天起，改成对的")
	}
	if err := tx.RenameMember(m, name, strings.Join(Initials(name), " "), r.From, reason, actor.Account); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.RenamedMember, audit.What{Org: m.Home.ID, Member: m.ID})
}

// inName says at the input of the name what an error says.
func inName(err error) error {
	if fault.CodeOf(err) != fault.Invalid {
		return err
	}
	f := *fault.From(err)
	f.Fields = map[string]string{"name": f.Message}
	return &f
}
