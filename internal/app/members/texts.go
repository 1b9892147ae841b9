package members

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// maxErasureReason limits a reason, in runes: it stands wherever the text stood.
const maxErasureReason = 50

// Texts (写过的话) are the free texts that concern a member, the latest recorded first.
type Texts struct {
	Member domain.Member
	Book   *ruleset.RuleSet // the main one of today; nil where none is in force
	Texts  []WrittenText
}

// WrittenText is one of them, with words for where it stands.
type WrittenText struct {
	domain.WrittenText
	Where string // 记录 志愿服务，2026-03-01：说明
}

// Texts returns the free texts that concern a member, to who may erase them;
// fault.NotFound outside the scope.
func (s *Service) Texts(ctx context.Context, actor *access.Actor, id domain.MemberID) (out Texts, err error) {
	r := reader{actor: actor, permission: access.EraseTexts, scope: actor.Scope(access.EraseTexts)}
	err = s.look(ctx, &r, func(v *store.Snapshot) (domain.Member, string, error) {
		out = Texts{}
		var err error
		if out.Member, err = member(v, r.scope, id); err != nil {
			return out.Member, "", err
		}
		out.Book, err = s.standings.Book(v, out.Member.Home.Path, s.Today(v))
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			return out.Member, "", err
		}
		list, err := v.TextsOf(r.scope, id)
		for i := range list {
			out.Texts = append(out.Texts, WrittenText{list[i], whereOf(&list[i])})
		}
		return out.Member, "写过的话", err
	})
	return out, err
}

// whereOf says in words where a text stands.
func whereOf(t *domain.WrittenText) string {
	if t.Part == domain.TextTitle {
		return "活动 " + t.Entry.What + "，" + t.Entry.On.String() + "：" + t.Part.String()
	}
	e := chainEntryOf(&t.Entry)
	return e.Title + " " + e.Detail + "：" + t.Part.String()
}

// TextErasure names free texts of a member that are to be erased, and the reason.
type TextErasure struct {
	Member domain.MemberID
	Texts  []domain.TextID
	Reason string
}

// EraseTexts erases free texts that concern a member. What was recorded holds on and
// the chains hold; wherever a text stood, the reason and the day are shown. Nobody
// erases what concerns himself. A text that was erased before is fault.Conflict, one
// that does not concern the member fault.NotFound.
func (s *Recorder) EraseTexts(ctx context.Context, actor *access.Actor, e TextErasure, key string) (replay bool,
	err error) {
	if e.Reason, err = erasureReason(e.Reason); err != nil {
		return false, err
	}
	if len(e.Texts) == 0 {
		return false, fault.New(fault.Invalid, "没有说删哪一段").WithHint("至少选一段")
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		_, replay, err = kernel.Once(tx, actor, key, e, func() (bool, error) { return true, s.eraseTexts(tx, actor, &e) })
		return err
	}, access.EraseTexts)
	return replay, err
}

// erasureReason checks a reason.
func erasureReason(text string) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	switch {
	case text == "":
		return "", fault.New(fault.Invalid, "要写删除的理由").WithHint("例如：本人要求")
	case utf8.RuneCountInString(text) > maxErasureReason:
		return "", fault.New(fault.Invalid, "理由太长").WithHint("最多 %d 字：删去的地方都写着它", maxErasureReason)
	}
	return text, nil
}

func (s *Recorder) eraseTexts(tx *store.Tx, actor *access.Actor, e *TextErasure) error {
	scope := actor.Scope(access.EraseTexts)
	m, err := tx.Member(scope, e.Member)
	if err != nil {
		return fault.Hide(err, "这名党员")
	}
	if actor.IsMember(e.Member) {
		return fault.New(fault.Forbidden, "和自己有关的话由别人删除").WithHint("请街道党工委的其他人办理")
	}
	list, err := tx.TextsOf(scope, e.Member)
	if err != nil {
		return err
	}
	for _, id := range e.Texts {
		i := slices.IndexFunc(list, func(t domain.WrittenText) bool { return t.ID == id })
		if i < 0 {
			return fault.New(fault.NotFound, "没有这一段文字").WithHint("回到这名党员写过的话，看看号码")
		}
		if err := s.eraseText(tx, actor, &m, &list[i], e.Reason); err != nil {
			return err
		}
		list[i].Erased = true
	}
	return nil
}

func (s *Recorder) eraseText(
	tx *store.Tx, actor *access.Actor, m *domain.Member, t *domain.WrittenText, reason string,
) error {
	switch {
	case t.Erased:
		return fault.New(fault.Conflict, "第 %d 号文字已经删除", t.ID)
	case t.Body != "" && strings.Contains(reason, t.Body):
		return fault.New(fault.Invalid, "理由里写着要删的话").WithHint("换一个说法，例如：本人要求")
	}
	if err := tx.EraseText(t.ID, reason, s.Today(&tx.Snapshot), actor.Account); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.ErasedText,
		audit.What{Org: m.Home.ID, Member: m.ID, Detail: fmt.Sprintf("第 %d 号，%s", t.ID, whereOf(t))})
}
