package members

import (
	"context"
	"fmt"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Held counts what an erasure of a person takes away.
type Held struct {
	Member domain.Member
	Data   domain.PersonalData
	Refuse string // why it cannot be done, "" where it can
}

// PersonErasure names a person who is to be erased: his number, the same typed again, and
// the reason.
type PersonErasure struct {
	Member domain.MemberID
	Typed  string
	Reason string
}

// Held counts what is held of a member that an erasure takes away, for who may erase it;
// fault.NotFound outside the scope.
func (s *Service) Held(ctx context.Context, actor *access.Actor, id domain.MemberID) (out Held, err error) {
	r := reader{actor: actor, permission: access.EraseTexts, scope: actor.Scope(access.EraseTexts)}
	err = s.look(ctx, &r, func(v *store.Snapshot) (domain.Member, string, error) {
		out = Held{}
		var err error
		if out.Member, err = member(v, r.scope, id); err != nil {
			return out.Member, "", err
		}
		if refused := mayErase(actor, &out.Member); refused != nil {
			out.Refuse = kernel.Reason(refused)
		}
		out.Data, err = v.PersonalDataOf(r.scope, id)
		return out.Member, "可以删除的个人信息", err
	})
	return out, err
}

// mayErase refuses who is still here, and oneself.
func mayErase(actor *access.Actor, m *domain.Member) error {
	switch {
	case actor.IsMember(m.ID):
		return fault.New(fault.Forbidden, "自己的由别人删除").WithHint("请街道党工委的其他人办理")
	case m.Left == 0:
		return fault.New(fault.Conflict, "组织关系还在这里，党员名册是党组织依规必须保存的，不能删").
			WithHint("随手写的话可以在“写过的话”里删；转出或去世的，先登记，再删除")
	}
	return nil
}

// ErasePerson erases who a member was who is here no more: names, numbers, what was
// written, drafts. What counts stays under his number, and the chains hold. Nobody erases
// himself. fault.Conflict for who is still here.
func (s *Recorder) ErasePerson(ctx context.Context, actor *access.Actor, e PersonErasure) error {
	reason, err := erasureReason(e.Reason)
	if err != nil {
		return err
	}
	if strings.TrimSpace(e.Typed) != string(e.Member) {
		return fault.New(fault.Invalid, "再写一遍的编号和这名党员的不一样").WithHint("照着写 %s", e.Member)
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		m, err := tx.Member(actor.Scope(access.EraseTexts), e.Member)
		if err != nil {
			return fault.Hide(err, "这名党员")
		}
		if err := mayErase(actor, &m); err != nil {
			return err
		}
		if strings.Contains(reason, m.Name) {
			return fault.New(fault.Invalid, "理由里写着要删的姓名").WithHint("换一个说法，例如：本人要求")
		}
		return s.erasePerson(tx, actor, &m, reason)
	}, access.EraseTexts)
	if err != nil {
		return err
	}
	return s.settleErasures(ctx)
}

func (s *Recorder) erasePerson(tx *store.Tx, actor *access.Actor, m *domain.Member, reason string) error {
	data, err := tx.PersonalDataOf(access.System("an erased person is erased wherever he is written of"), m.ID)
	if err != nil {
		return err
	}
	if err := tx.ErasePerson(m.ID, reason, s.Today(&tx.Snapshot), actor.ID()); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.ErasedPerson, audit.What{Org: m.Home.ID, Member: m.ID,
		Detail: fmt.Sprintf("姓名 %d，号码 %d，文字 %d，草稿 %d", data.Names, data.Numbers, data.Texts, data.Drafts)})
}

// settleErasures writes down outside the database who was erased, and takes what was there
// before out of its log.
func (s *Recorder) settleErasures(ctx context.Context) error {
	if s.List != nil {
		if err := s.List(ctx); err != nil {
			return err
		}
	}
	return s.DB.Scrub(ctx)
}

// Repeat erases again who was erased in the past and is in this database as if that had
// never been, for it was restored from an earlier copy. It returns how many those were.
func (s *Recorder) Repeat(ctx context.Context, list []domain.PersonErasure) (n int, err error) {
	for i := range list {
		e := &list[i]
		var again bool
		err := s.DB.Read(ctx, func(v *store.Snapshot) (err error) { again, err = v.ToErase(e); return err })
		if err != nil {
			return n, err
		}
		if !again {
			continue
		}
		err = s.DB.Write(store.InAllStreets(ctx, "who was erased may be of any street"), func(tx *store.Tx) error {
			m, err := tx.Member(access.System("an erased person is erased wherever he is written of"), e.Member)
			if err != nil {
				return err
			}
			return s.erasePerson(tx, access.Program("恢复以后照名单删除"), &m, e.Reason)
		})
		if err != nil {
			return n, err
		}
		n++
	}
	if n == 0 {
		return 0, nil
	}
	return n, s.settleErasures(ctx)
}
