package members

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// correctedBy names who answers a correction; where that is the member himself, whoever
// stands above does.
const correctedBy domain.Organ = "支部书记"

// Correctable lists the parts of what is held of a member that he may ask to be corrected:
// what people record, not what the program keeps of its own.
func Correctable() []domain.DossierPart {
	return []domain.DossierPart{domain.DossierFacts, domain.DossierEntries, domain.DossierAttendance,
		domain.DossierHomes, domain.DossierNames, domain.DossierNumbers, domain.DossierAccount}
}

// DossierTitle names a part of what is held of a member.
func DossierTitle(part domain.DossierPart) string {
	title, _ := dossierWords(part)
	return title
}

// AskCorrection hands in what a member says is wrong of what is held of him. fault.Invalid
// where it does not say what is wrong and what is right.
func (s *Recorder) AskCorrection(
	ctx context.Context, actor *access.Actor, c domain.CorrectionAsked, key string,
) (out Registered, err error) {
	known := false
	for _, part := range Correctable() {
		known = known || part == c.About
	}
	if !known {
		return out, fault.New(fault.Invalid, "要写更正哪一段").WithHint("从“我的资料”里的几段中选一段")
	}
	for _, t := range []struct {
		text *string
		what string
	}{{&c.Wrong, "哪里不对"}, {&c.Wanted, "应当是什么"}} {
		if *t.text, err = kernel.Note(*t.text, t.what); err == nil && *t.text == "" {
			err = fault.New(fault.Invalid, "要写%s", t.what).WithHint("例如：入党日期写成了 2016 年；应当是 2006 年")
		}
		if err != nil {
			return out, err
		}
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		out, out.Replay, err = kernel.Once(tx, actor, key, c,
			func() (Registered, error) { return s.askCorrection(tx, actor, c) })
		return err
	}, access.Claim)
	return out, err
}

func (s *Recorder) askCorrection(tx *store.Tx, actor *access.Actor, c domain.CorrectionAsked) (out Registered,
	err error) {
	m, err := tx.Member(access.System("one's own"), actor.Member)
	if err != nil {
		return out, fault.Hide(err, "您的党员信息")
	}
	subject := DossierTitle(c.About)
	id, err := tx.InsertCorrection(&m, c, subject, s.Today(&tx.Snapshot), domain.Route{correctedBy}, actor.Account)
	if err != nil {
		return out, err
	}
	q, err := tx.Request(actor.Scope(access.SeeOwn), id)
	if err != nil {
		return out, err
	}
	queued, err := s.Requests.Staged(&tx.Snapshot, []domain.Request{q})
	if err != nil {
		return out, err
	}
	for i := range queued {
		out.Asked = queued[i].Stage.Organs
		if queued[i].Stage.Raised {
			out.Asked = []string{queued[i].Stage.Level.String()}
		}
	}
	return out, audit.Record(tx, actor, audit.AskedCorrection,
		audit.What{Org: m.Home.ID, Member: m.ID, Detail: string(c.About)})
}

// correctionDetails returns what a correction says.
func correctionDetails(v *store.Snapshot, q *domain.Request) (requests.Details, error) {
	c, err := v.CorrectionOf(q.ID)
	return requests.Details{
		Label: "更正申请：" + q.Subject, Corrects: c.About,
		Fields: []requests.Word{{Name: "哪里不对", Text: c.Wrong}, {Name: "应当是", Text: c.Wanted}},
	}, err
}
