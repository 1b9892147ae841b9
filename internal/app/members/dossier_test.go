package members_test

import (
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestADossierHasEveryPart: of a member of whom something of every kind is held, each part
// has it, with who recorded it; of another member nothing comes.
func TestADossierHasEveryPart(t *testing.T) {
	t.Parallel()
	town := written(t)
	must(t, town.DB.Write(store.InAllStreets(ctx, "the town of the test"), func(tx *store.Tx) error {
		if err := tx.PutSealed("E2", "手机号", []byte("box"), []byte("seek")); err != nil {
			return err
		}
		if _, err := tx.SaveRequestDraft(town.Member.Account, 0, `{"item":"好事"}`); err != nil {
			return err
		}
		if err := tx.InsertSlip(town.Member.Account, []byte("hash"), tx.Now().AddDate(0, 0, 9),
			town.Security.Account); err != nil {
			return err
		}
		_, err := tx.InsertToken([]byte("token"), domain.Token{Account: town.Member.Account, Name: "读分", Tail: "abcd",
			Expires: tx.Now().AddDate(0, 0, 9)})
		return err
	}))
	_, err := town.Entries.Post(ctx, town.Member,
		entries.EntryInput{Member: "E2", Item: "服务", On: testkit.Day(t, "2026-05-21"), Fields: map[string]string{"时长": "3"}},
		"")
	must(t, err)
	town.Totals(t)
	d, err := town.Members.Dossier(ctx, town.Member)
	must(t, err)
	expect.Equal(t, "whose it is", d.Member.ID, domain.MemberID("E2"))
	for _, part := range d.Parts {
		if len(part.Items) == 0 && part.Code != domain.DossierErasures { // who is here was not erased
			t.Errorf("%s of E2 has nothing", part.Code)
		}
		if part.Title == "" || part.Title == string(part.Code) || part.Words == "" {
			t.Errorf("%s has no title or no words", part.Code)
		}
		for _, item := range part.Items {
			if item.What == "" {
				t.Errorf("%s: %+v says nothing", part.Code, item)
			}
		}
	}
	by := func(code domain.DossierPart, name string) bool {
		k := slices.IndexFunc(d.Parts, func(p members.DossierPart) bool { return p.Code == code })
		return slices.ContainsFunc(d.Parts[k].Items,
			func(i domain.DossierItem) bool { return i.ByName == name && i.At != "" })
	}
	if !by(domain.DossierEntries, town.Secretary.Name) || !by(domain.DossierSlips, town.Security.Name) {
		t.Errorf("who recorded stands beside neither entries nor slips: %+v", d.Parts)
	}
	other := *town.Member
	other.Member, other.Grants = "E1", []access.Grant{{Role: domain.RoleMember}}
	seen, err := town.Members.Dossier(ctx, &other)
	must(t, err)
	for _, part := range seen.Parts {
		for _, item := range part.Items {
			if strings.Contains(strings.ReplaceAll(item.Value, secretWords+"6", ""), secretWords) { // 6 is of both
				t.Errorf("E1 sees %+v", item)
			}
		}
	}
	for _, actor := range []*access.Actor{nil, town.Clerk, town.Auditor, town.Admin} {
		if _, err := town.Members.Dossier(ctx, actor); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("%+v is given %v", actor, err)
		}
	}
	_, err = town.Members.ExportDossier(ctx, town.Member)
	must(t, err)
	expect.Equal(t, "lines of the export", len(town.TrailDetails(t, "导出")), 1)
}
