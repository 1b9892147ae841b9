package members_test

import (
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestACorrectionIsAnsweredByTheSecretary: with what was done, or with why not; the member
// sees the answer among his claims and in all that is held of him, and nothing of his
// points changes.
func TestACorrectionIsAnsweredByTheSecretary(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	before := town.Totals(t)
	ask := func(about domain.DossierPart) {
		t.Helper()
		done, err := town.Ledger.AskCorrection(ctx, town.Member,
			domain.CorrectionAsked{About: about, Wrong: " 党龄写成 3 年 ", Wanted: "13 年"}, "")
		must(t, err)
		expect.Equal(t, "who is asked", strings.Join(done.Asked, "、"), "支部书记")
	}
	ask(domain.DossierFacts)
	err := town.DecideOnly(t, town.Secretary, requests.Answer{Accept: true})
	if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "要写答复") {
		t.Errorf("an answer without words: %v", err)
	}
	must(t, town.DecideOnly(t, town.Secretary, requests.Answer{Accept: true, Reason: "登记变动里改成了 13 年"}))
	ask(domain.DossierEntries)
	must(t, town.DecideOnly(t, town.Secretary, requests.Answer{Reason: "签到表上没有"}))
	own, err := town.Members.OwnClaims(ctx, town.Member, 9)
	must(t, err)
	expect.Len(t, "the member's claims", own.Claims, 2)
	for i, want := range []string{"退回 签到表上没有", "已同意 登记变动里改成了 13 年"} {
		q := &own.Claims[i]
		expect.Equal(t, "the answer", string(q.State)+" "+q.Steps[0].Reason, want)
		expect.Equal(t, "what is wrong", q.Details.Fields[0].Text, "党龄写成 3 年")
	}
	d, err := town.Members.Dossier(ctx, town.Member)
	must(t, err)
	told := 0
	for _, part := range d.Parts {
		for _, item := range part.Items {
			if part.Code == domain.DossierRequests && strings.Contains(item.Value, "应当是：13 年") &&
				strings.Contains(item.Value, "支部书记") {
				told++
			}
		}
	}
	expect.Equal(t, "corrections in all that is held", told, 2)
	expect.Equal(t, "totals", town.Totals(t), before)
	town.WantChains(t)
	for _, line := range town.TrailDetails(t, "申请更正") {
		if strings.Contains(line, "党龄") {
			t.Errorf("the trail has what was written: %s", line)
		}
	}
}

// TestWhoMayAskForACorrection refuses everybody but a member of his own, a part that is
// none, and words that are missing or too long.
func TestWhoMayAskForACorrection(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	good := domain.CorrectionAsked{About: domain.DossierFacts, Wrong: "错", Wanted: "对"}
	for name, c := range map[string]struct {
		actor *access.Actor
		asked domain.CorrectionAsked
		code  fault.Code
		words string
	}{
		"nobody":        {nil, good, fault.Forbidden, "没有这个权限"},
		"the secretary": {town.Secretary, good, fault.Forbidden, "没有这个权限"},
		"the auditor":   {town.Auditor, good, fault.Forbidden, "没有这个权限"},
		"no part":       {town.Member, domain.CorrectionAsked{About: "trail", Wrong: "错", Wanted: "对"}, fault.Invalid, "哪一段"},
		"nothing wrong": {town.Member, domain.CorrectionAsked{About: good.About, Wanted: "对"}, fault.Invalid, "哪里不对"},
		"nothing right": {town.Member, domain.CorrectionAsked{About: good.About, Wrong: "错", Wanted: " "}, fault.Invalid,
			"应当是什么"},
		"too long": {town.Member, domain.CorrectionAsked{About: good.About, Wrong: strings.Repeat("长", 501), Wanted: "对"},
			fault.Invalid, "太长"},
	} {
		_, err := town.Ledger.AskCorrection(ctx, c.actor, c.asked, "")
		if fault.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 50 {
		_, err := town.Ledger.AskCorrection(ctx, town.Member, good, "")
		must(t, err)
	}
	if _, err := town.Ledger.AskCorrection(ctx, town.Member, good, ""); fault.CodeOf(err) != fault.TooMany {
		t.Errorf("one more: %v", err)
	}
}
