package main

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// demoClaim is one claim of the demo: who hands it in for himself, and what.
type demoClaim struct {
	login  string
	ago    calendar.Day // days before today on which it happened
	item   string
	fields map[string]string
	note   string
	back   string // why the branch returned it; "" = it waits
}

// demoClaims returns the claims that wait on the first day and those that came back:
// one of each way that a claim goes.
func demoClaims() []demoClaim {
	return []demoClaim{
		{"dangyuan", 9, "表彰", map[string]string{"级别": "县"}, "区里的示例奖状", "请把奖状拿到支部看一下"},
		{"dangyuan", 6, "志愿服务", map[string]string{"时长": "3"}, "在示例社区整理书架", ""},
		{"dangyuan", 4, "表彰", map[string]string{"级别": "街道"}, "街道的示例证书，已交支部", ""},
		{"shuji", 5, "志愿服务", map[string]string{"时长": "2"}, "", ""},
	}
}

// claim hands the demo's claims in. Early in January there is nothing to claim yet.
func (h *house) claim(ctx context.Context, now calendar.Day) error {
	actors := map[string]*access.Actor{}
	err := h.db.Read(ctx, func(v *store.Snapshot) error {
		for _, login := range []string{"dangyuan", "shuji"} {
			a, err := v.AccountByLogin(login)
			if err != nil {
				return err
			}
			if actors[login], err = v.Actor(a.ID); err != nil {
				return err
			}
		}
		return nil
	})
	for _, k := range demoClaims() {
		if err != nil {
			return err
		}
		var e entries.Effect
		who := actors[k.login]
		e, err = h.entries.Post(ctx, who, entries.EntryInput{Member: who.Member, Item: k.item, On: now - k.ago,
			Fields: k.fields, Note: k.note}, "")
		switch code := fault.CodeOf(err); {
		case code == fault.Invalid || code == fault.NotFound: // before the rules, or before he was here
			err = nil
		case err == nil && k.back != "":
			_, err = h.ledger.Requests.Decide(ctx, actors["shuji"], []requests.Ruling{{Request: e.Request}},
				requests.Answer{Reason: k.back}, "")
		}
	}
	if err != nil {
		return err
	}
	return h.askExemption(ctx, actors["shuji"], actors["dangyuan"].Member, now)
}

// askExemption has the branch register an exemption that its community has still
// to agree to, of the first member who is neither of the two with an account.
func (h *house) askExemption(ctx context.Context, secretary *access.Actor, other domain.MemberID,
	now calendar.Day) error {
	var people []domain.Member
	if err := h.db.Read(ctx, func(v *store.Snapshot) (err error) {
		people, err = v.Members(secretary.Scope(access.ManageMembers), "")
		return err
	}); err != nil {
		return err
	}
	for i := range people {
		if m := &people[i]; m.ID == secretary.Member || m.ID == other || m.Left != 0 {
			continue
		}
		_, err := h.ledger.ChangeFact(ctx, secretary, members.FactChange{
			Member: people[i].ID, Attribute: exemption, Value: "不参加积分", From: now, Approved: []string{"本人申请", "支部委员会", "支部党员大会"},
		}, "")
		return err
	}
	return nil
}
