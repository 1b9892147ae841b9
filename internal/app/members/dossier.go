package members

import (
	"context"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// maxDossier bounds a part of what is held of a member, in rows.
const maxDossier = 20_000

// Dossier (我的资料) is all that is held of a member, with who recorded it and when.
type Dossier struct {
	Member domain.Member
	Parts  []DossierPart
}

// DossierPart is one part of it.
type DossierPart struct {
	Code  domain.DossierPart
	Title string
	Words string // what the part is, and why nobody stands beside a row where that is so
	Items []domain.DossierItem
}

// Dossier returns all that is held of who asks.
func (s *Service) Dossier(ctx context.Context, actor *access.Actor) (out Dossier, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) (err error) {
		out, err = s.dossier(v, actor)
		return err
	}, access.SeeOwn)
	return out, err
}

// ExportDossier is Dossier for a file that is taken away, which leaves a line in the trail.
func (s *Service) ExportDossier(ctx context.Context, actor *access.Actor) (out Dossier, err error) {
	err = s.LookLong(ctx, actor, func(v *store.Snapshot) (audit.Action, audit.What, error) {
		out, err = s.dossier(v, actor)
		what := audit.What{Org: out.Member.Home.ID, Member: out.Member.ID, Detail: "我的资料"}
		return audit.Exported, what, err
	}, access.SeeOwn)
	return out, err
}

func (s *Service) dossier(v *store.Snapshot, actor *access.Actor) (out Dossier, err error) {
	scope := actor.Scope(access.SeeOwn)
	if out.Member, err = member(v, scope, actor.Member); err != nil {
		return out, err
	}
	for _, code := range domain.DossierParts() {
		part := DossierPart{Code: code}
		part.Title, part.Words = dossierWords(code)
		if part.Items, err = s.dossierItems(v, scope, &out.Member, code); err != nil {
			return out, err
		}
		out.Parts = append(out.Parts, part)
	}
	return out, nil
}

// dossierItems returns what stands in a part.
func (s *Service) dossierItems(
	v *store.Snapshot, scope access.Scope, m *domain.Member, part domain.DossierPart,
) ([]domain.DossierItem, error) {
	switch part {
	case domain.DossierHomes, domain.DossierFacts:
		return s.dossierHistory(v, scope, m, part == domain.DossierHomes)
	case domain.DossierEntries:
		return s.dossierEntries(v, scope, m)
	case domain.DossierRequests:
		return s.dossierRequests(v, scope, m)
	case domain.DossierTexts:
		list, err := v.TextsOf(scope, m.ID)
		out := make([]domain.DossierItem, len(list))
		for i := range list {
			t := &list[i]
			out[i] = domain.DossierItem{What: whereOf(t), Value: t.Body, ByName: t.Entry.ByName, At: t.Entry.At}
		}
		return out, err
	}
	out, err := v.Dossier(scope, m.ID, part)
	for i := range out {
		item := &out[i]
		switch part {
		case domain.DossierRoles:
			item.What = domain.ParseRole(item.What).String()
		case domain.DossierAttendance:
			if item.State != "" {
				item.State = string(domain.StateAfter(domain.StepKind(strings.TrimPrefix(item.State, "waits"))))
			}
		}
	}
	return out, err
}

func (s *Service) dossierHistory(
	v *store.Snapshot, scope access.Scope, m *domain.Member, homes bool,
) (out []domain.DossierItem, err error) {
	h, err := s.history(v, scope, m.ID)
	for i := range h.Items {
		item := &h.Items[i]
		if homes != (item.Fact.Attribute == "") {
			continue
		}
		row := domain.DossierItem{What: item.What, Value: item.Value, On: "一直", State: string(item.State),
			ByName: item.ByName, At: item.At}
		if item.Reversal != nil {
			row.State = "撤销了"
		}
		if item.From != 0 {
			row.On = item.From.String() + " 起"
		}
		out = append(out, row)
	}
	return out, err
}

func (s *Service) dossierEntries(
	v *store.Snapshot, scope access.Scope, m *domain.Member,
) (out []domain.DossierItem, err error) {
	list, err := v.Entries(scope, m.ID, maxDossier)
	for i := range list {
		e := &list[i]
		var parts []string
		if e.Entry.Chosen {
			parts = append(parts, e.Entry.Points.Signed()+" 分")
		}
		for _, w := range s.words(v, m, &e.Entry) {
			parts = append(parts, w.Name+" "+w.Text+w.Unit)
		}
		if e.Note != "" {
			parts = append(parts, "说明 "+e.Note)
		}
		row := domain.DossierItem{What: e.Entry.Item, Value: strings.Join(parts, "；"), On: e.Entry.On.String(),
			ByName: e.ByName, At: e.At}
		switch {
		case e.Reversed:
			row.State = "撤销了，或没有同意"
		case e.Claim:
			row.State = string(domain.RequestWaits)
		}
		out = append(out, row)
	}
	return out, err
}

func (s *Service) dossierRequests(
	v *store.Snapshot, scope access.Scope, m *domain.Member,
) (out []domain.DossierItem, err error) {
	list, err := v.RequestsOf(scope, m.ID, maxDossier)
	for i := range list {
		q := &list[i]
		row := domain.DossierItem{What: q.Subject, On: q.On.String(), State: string(q.State), ByName: q.ByName, At: q.At}
		if k, err := s.ledger.Requests.Kind(q.Kind); err == nil {
			row.What = k.Title + "：" + q.Subject
		}
		var steps []string
		if q.Kind == domain.CorrectionRequest {
			c, err := v.CorrectionOf(q.ID)
			if err != nil {
				return nil, err
			}
			steps = append(steps, "哪里不对："+c.Wrong, "应当是："+c.Wanted)
		}
		for _, step := range q.Steps {
			words := step.Kind.String()
			if len(step.Organs) > 0 {
				words = strings.Join(step.Organs, "、") + words
			}
			if words += "（" + step.ByName + "）"; step.Reason != "" {
				words += "：" + step.Reason
			}
			steps = append(steps, words)
		}
		row.Value = strings.Join(slices.DeleteFunc(steps, func(w string) bool { return w == "" }), "；")
		out = append(out, row)
	}
	return out, err
}

// dossierWords returns the title of a part, and what there is to say about it.
func dossierWords(part domain.DossierPart) (title, words string) {
	switch part {
	case domain.DossierNames:
		return "姓名", "名册上用过的姓名，最上面的是现在的。"
	case domain.DossierNumbers:
		return "身份证号和手机号", "加密存着，用来认人，页面上不显示，谁也不能从程序里看到。要核对，请到街道党工委。"
	case domain.DossierHomes:
		return "组织关系", "在哪个支部，从哪天起；还在哪里参加活动。"
	case domain.DossierFacts:
		return "登记的情况", "办法要登记的情况，还有豁免和处分。"
	case domain.DossierEntries:
		return "记录", "一笔一笔记的事。"
	case domain.DossierAttendance:
		return "出勤", "每次活动记的，改过的前后都在。"
	case domain.DossierRequests:
		return "申报和申请", "要别人同意才算的，谁在哪一步定的。"
	case domain.DossierTexts:
		return "写过的话", "说明、理由、活动标题里写到您的。"
	case domain.DossierStandings:
		return "算好的分", "从上面的记录推算出来存着，省得每次重算，不是另外记的。"
	case domain.DossierErasures:
		return "删除", "按要求删除个人信息的，留着这一行。"
	case domain.DossierAccount:
		return "帐号", "登录名，什么时候开的、停的。密码只存算不回去的散列。"
	case domain.DossierRoles:
		return "角色", "帐号能做什么。"
	case domain.DossierTokens:
		return "接口凭证", "程序用的凭证；“谁记的”写的是谁作废的。"
	case domain.DossierSlips:
		return "激活条", "发过的激活条，谁发的。"
	case domain.DossierDrafts:
		return "申报草稿", "您还没有交上去的，放久了自动删去。"
	default:
		return string(part), ""
	}
}
