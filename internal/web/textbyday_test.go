package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jifen/internal/app/entries"
	"jifen/internal/app/rules"
	"jifen/internal/domain"
	"jifen/internal/testkit"
	"jifen/internal/web"
)

// enact puts a text in force by both clerks, also for days past.
func (w *town) enact(t *testing.T, p rules.Proposal) {
	t.Helper()
	p.Retroactive = true
	id, err := w.Enactment.Propose(t.Context(), w.Clerk, p)
	if err == nil {
		err = w.Enactment.Confirm(t.Context(), w.Second, id, "", true)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestPagesOfAMoveSayWhatDoesNotGo: the form tells before the move is recorded
// which points cannot go, the slip tells it after, and what stays is found.
func TestPagesOfAMoveSayWhatDoesNotGo(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.enact(t, rules.Proposal{Org: w.East.Parent, Beside: true, Source: []byte(`办法: 志愿账
编号: zhiyuan
施行: 2026-01-01
周期: {考核: 年}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {信用: {起点: 70}}
项目: {好事: {板块: 信用, 分值: 1}}
`)})
	if _, err := w.Entries.Post(t.Context(), w.Clerk,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-04-10")}, ""); err != nil {
		t.Fatal(err)
	}
	clerk := w.visit(t, "clerk")
	form := url.Values{"do": {"move"}, "org": {string(w.West.ID)}, "from": {"2026-05-01"}, "key": {"k"}}
	status, body, _ := clerk.post("/members/E2/changes", form)
	if status != http.StatusOK || !strings.Contains(body, "“志愿账”的 71 分停在 2026-04-30") ||
		!strings.Contains(body, `name="seen"`) {
		t.Fatalf("%d %s", status, body)
	}
	form.Set("seen", "1")
	status, _, to := clerk.post("/members/E2/changes", form)
	if status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, to)
	}
	clerk.opens(to).OK().Shows("有的分不跟着走", "“志愿账”的 71 分停在 2026-04-30", "总分 82", "其余的分跟着人走")
	status, body, _ = clerk.get("/members/E2?scheme=zhiyuan")
	for _, want := range []string{`<span class="total-number">71</span>`, "2026-04-30 以后在“西支部”，那里没有这份办法", "志愿账",
		`href="/rules?on=2026-04-30&amp;scheme=zhiyuan#`} {
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%d, no %q in %s", status, want, body)
		}
	}
	clerk.opens("/rules?on=2026-04-30&scheme=zhiyuan").OK().Shows("编号 zhiyuan")
	clerk.opens("/members/E2").OK().Has("span.total-number", "82").Has(`[value="zhiyuan"]`)
}

// TestASlipSaysThatAllOfItGoes where all of it does.
func TestASlipSaysThatAllOfItGoes(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.enact(t, rules.Proposal{Org: w.Street.ID,
		Source: []byte(strings.Replace(testkit.Rules, "预警:", "授权: {支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [支部委员会]}}\n预警:", 1))})
	w.enact(t, rules.Proposal{Org: w.East.ID, Source: []byte("补充: t\n支部: 东支部\n施行: 2026-01-01\n项目: {清理楼道: 1}\n")})
	if _, err := w.Entries.Post(t.Context(), w.Community,
		entries.EntryInput{Member: "E2", Item: "清理楼道", On: testkit.Day(t, "2026-04-10")}, ""); err != nil {
		t.Fatal(err)
	}
	clerk := w.visit(t, "clerk")
	status, body, to := clerk.post("/members/E2/changes",
		url.Values{"do": {"move"}, "org": {string(w.West.ID)}, "from": {"2026-05-01"}, "key": {"k"}})
	if status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	clerk.opens(to).OK().Shows("分跟着人走，到新支部的第一天总分 81").Lacks("有的分不跟着走")
	clerk.opens("/members/E2").OK().Has("span.total-number", "81").Lacks("没有此项目")
	// The form lists the items of the branch of the day.
	for day, has := range map[string]bool{"2026-04-20": true, "2026-05-20": false} {
		if _, body, _ := clerk.get("/entries/new?member=E2&day=" + day); strings.Contains(body, ">清理楼道</option>") != has {
			t.Errorf("on %s: %s", day, body)
		}
	}
	clerk.sends("/entries", url.Values{"do": {"preview"}, "member": {"E2"}, "item": {"清理楼道"}, "day": {"2026-04-20"},
		"note": {"漏记"}}).OK().
		Shows("82")
}

// TestADraftOfDaysPastWantsATickOfBoth.
func TestADraftOfDaysPastWantsATickOfBoth(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk, second := w.visit(t, "clerk"), w.visit(t, "second")
	hand := func(agree string) (int, string, string) {
		var b bytes.Buffer
		form := multipart.NewWriter(&b)
		file, err := form.CreateFormFile("rules", "新办法.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(strings.Replace(testkit.Rules, "起点: 80", "起点: 90", 1))); err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"org": string(w.Street.ID), "agree": agree} {
			if err := form.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequest(http.MethodPost, w.site.URL+"/rules/drafts", &b)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", form.FormDataContentType())
		return clerk.do(req)
	}
	if status, body, _ := hand(""); status != http.StatusUnprocessableEntity ||
		!strings.Contains(body, "会改变已经过去的日子的分：4 人") {
		t.Fatalf("without a tick: %d %s", status, body)
	}
	status, body, draft := hand("1")
	if status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	second.opens(draft).OK().Shows("80 → 90 分").Has(`[name="agree"]`)
	second.sends(draft, url.Values{"do": {"confirm"}}).Refused().Shows("4 人")
	second.sends(draft, url.Values{"do": {"confirm"}, "agree": {"1"}}).LeadsTo("/rules/drafts")
	second.opens("/rules/drafts").OK().Shows("改了以前的分")
}

// TestPagesOfTheYearBefore: after a text with a first day and a rhythm of its own,
// every page still offers the year before, and shows it.
func TestPagesOfTheYearBefore(t *testing.T) {
	t.Parallel()
	year := 365 * 24 * time.Hour // to June of 2027
	w := openWith(t, testkit.New(t), func(o *web.Options) { o.Now = func() time.Time { return testkit.Now().Add(year) } })
	next := strings.NewReplacer("施行: 2026-01-01", "施行: 2027-01-01", "考核: 年", "考核: 季", "起点: 80",
		"起点: 70").Replace(testkit.Rules)
	w.enact(t, rules.Proposal{Org: w.Street.ID, Source: []byte(next)})
	never := map[domain.SettingName]int64{domain.SettingAgeing: 0} // else the password of a year ago is changed first
	if err := w.Accounts.Set(t.Context(), w.Security, never); err != nil {
		t.Fatal(err)
	}
	w.Later(year)
	clerk := w.visit(t, "clerk")
	for _, page := range []string{"/branches", "/branches/" + string(w.East.ID), "/ranking", "/members/E2"} {
		_, body, _ := clerk.get(page)
		for _, want := range []string{`value="2027Q2" selected`, `value="2027Q1"`, `value="2026"`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %s in %s", page, want, body)
			}
		}
		if strings.Contains(body, `value="2026Q4"`) || strings.Contains(body, `value="2025"`) {
			t.Errorf("%s offers what was not: %s", page, body)
		}
		clerk.opens(page + "?period=2026").OK().Has(`[value="2026"][selected]`)
	}
	clerk.opens("/members/E2?period=2026").OK().Shows("截至 2026-12-31").Has("span.total-number", "80")
}

// TestAlertsThatAskForAPlaceAreOnEveryPage: of a scheme of one community too.
func TestAlertsThatAskForAPlaceAreOnEveryPage(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.enact(t, rules.Proposal{Org: w.East.Parent, Source: []byte(strings.NewReplacer(
		"编号: t", "编号: east", "预警: {", "预警: {末位: {每: 实时, 当: 倒数名次 <= 1 and 总分 < 80, 级别: 提醒, 建议: 谈心, 负责: 支部书记, 限期: 31天}, ",
	).Replace(testkit.Rules))})
	if _, err := w.Entries.Post(t.Context(), w.Clerk,
		entries.EntryInput{Member: "E2", Item: "酌情", Points: "-1", On: testkit.Day(t, "2026-03-10"), Note: "补"},
		""); err != nil {
		t.Fatal(err)
	}
	community := w.visit(t, "community")
	for page, want := range map[string]string{
		"/members/E2": "末位", "/branches/" + string(w.East.ID): "末位",
	} {
		community.opens(page).OK().Shows(want)
	}
	community.opens("/branches").OK().Has("td.num", "1")
	community.opens("/members/E2").OK().Shows("第 2 名（共 2 人）")
}
