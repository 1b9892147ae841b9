package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// plainText cuts a page down to its words, so that a test reads it as a
// person does.
func plainText(body string) string {
	_, body, _ = strings.Cut(body, "<main")
	body, _, _ = strings.Cut(body, "</main>")
	return strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile("<[^>]*>").ReplaceAllString(body, ""))), " ")
}

// tells checks that a page is there and tells some things, in their order, and
// returns it.
func (v *visitor) tells(path string, words ...string) string {
	v.t.Helper()
	body := v.opens(path).OK().Must().Source()
	expect.InOrder(v.t, plainText(body), words...)
	return body
}

// step does something a minute after the last.
func (w *town) step(t *testing.T, what func() error) {
	t.Helper()
	w.Later(time.Minute)
	if err := what(); err != nil {
		t.Fatal(err)
	}
}

func (w *town) post(t *testing.T, by *access.Actor, d entries.EntryInput) (id domain.EntryID) {
	t.Helper()
	w.step(t, func() error {
		e, err := w.Entries.Post(t.Context(), by, d, "")
		id = e.Entry
		return err
	})
	return id
}

func (w *town) decide(t *testing.T, by *access.Actor, id domain.EntryID, accept bool, reason string) {
	t.Helper()
	w.step(t, func() error {
		_, err := w.Ledger.Requests.Decide(t.Context(), by, []requests.Ruling{{Request: w.request(t, id)}},
			requests.Answer{Accept: accept, Reason: reason}, "")
		return err
	})
}

// request is the request of an entry.
func (w *town) request(t *testing.T, id domain.EntryID) (out domain.RequestID) {
	t.Helper()
	if err := w.DB.Read(t.Context(), func(v *store.Snapshot) (err error) {
		out, err = v.RequestOf(id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *town) reverse(t *testing.T, id domain.EntryID, reason string) {
	t.Helper()
	w.step(t, func() error {
		_, err := w.Entries.Reverse(t.Context(), w.Clerk, id, reason, "")
		return err
	})
}

// westerner makes the second clerk secretary of the west, and signs him in.
func (w *town) westerner(t *testing.T) *visitor {
	t.Helper()
	for _, a := range []struct {
		role  domain.Role
		org   domain.OrgID
		ended bool
	}{{domain.RoleStreet, w.Street.ID, true}, {domain.RoleSecretary, w.West.ID, false}} {
		if err := w.Accounts.Assign(t.Context(), w.Security, w.Second.Account, accounts.Role{Role: a.role, Org: a.org},
			a.ended); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.AgreeTo(t.Context(), w.Second.Account); err != nil {
		t.Fatal(err)
	}
	return w.visit(t, "second")
}

// TestAnEntryTellsItsWholeHistory: claimed, returned, taken up again, agreed to by
// branch, community and street, and reversed. The page tells all of it to the
// secretary and to the member, and is not there for another branch's secretary.
func TestAnEntryTellsItsWholeHistory(t *testing.T) {
	t.Parallel()
	w := open(t)
	secretary, member, west := w.visit(t, "secretary"), w.visit(t, "member"), w.westerner(t)
	award := entries.EntryInput{Member: "E2", Item: "表彰", On: testkit.Day(t, "2026-05-20"),
		Fields: map[string]string{"级别": "国家"}, Note: "证书在家"}
	first := w.post(t, w.Member, award)
	w.decide(t, w.Secretary, first, false, "证书没有交来看")
	award.Follows, award.Note = w.request(t, first), "证书交了"
	second := w.post(t, w.Member, award)
	pages := func(id domain.EntryID) map[*visitor]string {
		return map[*visitor]string{secretary: fmt.Sprintf("/members/E2/records/entry.%d", id),
			member: fmt.Sprintf("/me/records/entry.%d", id)}
	}
	for v, path := range pages(second) {
		v.tells(path, "表彰的来龙去脉", "示例东2，东支部，编号 E2", "2026-05-20", "级别国家", "说明证书交了", "待确认，还没有计分",
			"2026-06-01 12:01 前一次申报，member", "支部委员会退回（secretary，2026-06-01 12:02）", "证书没有交来看",
			"2026-06-01 12:03 申报，member", "要支部委员会、社区党委、街道党工委同意才计分", "现在等支部委员会同意，然后还有 2 步", "能办的是secretary（支部书记）")
	}
	w.decide(t, w.Secretary, second, true, "")
	w.decide(t, w.Community, second, true, "证书看过")
	for v, path := range pages(second) {
		v.tells(path, "支部委员会同意，secretary", "现在等街道党工委同意", "能办的是clerk（街道党工委）")
	}
	w.decide(t, w.Clerk, second, true, "")
	for v, path := range pages(second) {
		body := v.tells(path, "现在计多少分", "2026年 表彰级别 国家", "+3", "前后经过", "街道党工委同意，clerk", "都同意了，从这时起算数")
		if !strings.Contains(body, `href="/rules?on=2026-06-01&amp;scheme=t#`) || strings.Contains(body, "没有计分") ||
			strings.Contains(body, "现在等") {
			t.Errorf("%s:\n%s", path, plainText(body))
		}
	}
	// Who records there takes it back from here; the member himself does not.
	back := fmt.Sprintf("/entries/%d/reverse", second)
	for _, v := range []*visitor{secretary, w.visit(t, "clerk")} {
		v.opens(pages(second)[secretary]).OK().Has(`[href^="` + back + `"]`)
	}
	member.opens(pages(second)[member]).OK().Lacks(back)
	w.visit(t, "auditor").opens(pages(second)[secretary]).OK().Shows("来龙去脉").Lacks(back)
	w.reverse(t, second, "与去年的重复")
	for v, path := range pages(second) {
		body := v.tells(path, "已撤销，不计分", "前一次申报", "12:03 申报", "12:04 支部委员会同意，secretary", "12:05 社区党委同意，community", "证书看过",
			"12:06 街道党工委同意，clerk",
			"12:07 撤销，clerk", "从这时起不再计分", "与去年的重复")
		if strings.Contains(body, back) || strings.Contains(body, "不对") || strings.Count(body, "和封存时一样") != 5 ||
			strings.Contains(plainText(body), "+3") {
			t.Errorf("%s:\n%s", path, plainText(body))
		}
	}
	// Both ways: the first leads to the second, and the second to the first.
	for v, path := range pages(first) {
		body := v.tells(path, "退回，没有计分", "12:01 申报，member", "12:02 支部委员会退回，secretary", "证书没有交来看", "12:03 改好再报，member",
			"这一次：已同意")
		if there := pages(second)[v]; !strings.Contains(body, `href="`+there+`"`) {
			t.Errorf("%s does not lead to %s", path, there)
		}
		v.opens(pages(second)[v]).OK().Has(`[href="` + path + `"]`)
	}
	// One that he takes back himself before anybody decides.
	third := w.post(t, w.Member, entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-21")})
	w.step(t, func() error {
		_, err := w.Ledger.Requests.Withdraw(t.Context(), w.Member, w.request(t, third), "")
		return err
	})
	for v, path := range pages(third) {
		if body := v.tells(path, "已撤回，不计分", "12:08 申报，member", "12:09 撤回，member"); strings.Contains(body, "从这时起不再计分") {
			t.Errorf("%s: what never counted counts no more: %s", path, plainText(body))
		}
	}
	// Another's, another branch's and none answer with the same bytes.
	_, absent, _ := secretary.get("/members/E2/records/entry.99")
	for v, paths := range map[*visitor][]string{
		secretary: {"/members/E1/records/entry.2", "/members/none/records/entry.2", "/members/E2/records/entry.x",
			"/members/E2/records/activity.2", "/members/W1/records/entry.2"},
		west:   {"/members/E2/records/entry.2", "/members/W1/records/entry.2", "/members/E2/records/entry.99"},
		member: {"/me/records/entry.99", "/me/records/entry", "/me/records/activity.1"},
	} {
		for _, path := range paths {
			status, body, _ := v.get(path)
			if status != http.StatusNotFound || plainText(body) != plainText(absent) {
				t.Errorf("%s: %d\n%s", path, status, plainText(body))
			}
		}
	}
	w.visit(t, "auditor").opens("/trail").OK().Shows("来龙去脉：表彰 2026-05-20")
}

// TestAttendanceTellsEveryCorrection: absent, then made up, then there after all;
// and taken back with the whole activity.
func TestAttendanceTellsEveryCorrection(t *testing.T) {
	t.Parallel()
	w := open(t)
	secretary, member := w.visit(t, "secretary"), w.visit(t, "member")
	var id domain.ActivityID
	w.step(t, func() error {
		r, err := w.Activities.Record(t.Context(), w.Secretary,
			activities.ActivityInput{Org: w.East.ID, Kind: "党课", On: testkit.Day(t, "2026-05-20"), Title: "学习条例",
				Lines: []activities.Line{{Member: "E1", Status: "到会"}, {Member: "E2", Status: "缺席"}, {Member: "W1", Status: "到会"}}},
			"")
		id = r.Activity
		return err
	})
	correct := func(by *access.Actor, c activities.Correction) {
		t.Helper()
		c.Activity, c.Member = id, "E2"
		w.step(t, func() error {
			_, err := w.Activities.Correct(t.Context(), by, c, "")
			return err
		})
	}
	paths := map[*visitor]string{secretary: fmt.Sprintf("/members/E2/records/activity.%d", id),
		member: fmt.Sprintf("/me/records/activity.%d", id)}
	for v, path := range paths {
		body := v.tells(path, "党课的来龙去脉", "日期2026-05-20", "名称学习条例", "哪里办的东支部", "2026年 缺席党课缺席", "-5", "12:01 记下这次活动，secretary",
			"12:01 出勤：缺席，secretary")
		if strings.Contains(body, "现在算这一条") || strings.Contains(body, fmt.Sprintf("/activities/%d", id)) != (v == secretary) {
			t.Errorf("%s: %s", path, plainText(body))
		}
	}
	correct(w.Secretary, activities.Correction{Status: "补课", MadeUpOn: testkit.Day(t, "2026-05-25"), Reason: "补听录音"})
	for v, path := range paths {
		v.tells(path, "没有加分，也没有扣分", "12:02 更正：缺席 → 补课（2026-05-25），secretary 现在算这一条", "补听录音")
	}
	correct(w.Clerk, activities.Correction{Status: "到会", Reason: "签到表漏看"})
	for v, path := range paths {
		body := v.tells(path, "2026年 到会党课到会", "+0.5", "出勤：缺席", "更正：缺席 → 补课（2026-05-25），secretary", "补听录音",
			"12:03 更正：补课（2026-05-25） → 到会，clerk 现在算这一条", "签到表漏看")
		if strings.Count(body, "现在算这一条") != 1 || strings.Count(body, "和封存时一样") != 4 {
			t.Errorf("%s: %s", path, plainText(body))
		}
	}
	// What waits says so: the secretary's own line, and a guest's.
	w.visit(t, "clerk").tells(fmt.Sprintf("/members/E1/records/activity.%d", id), "待确认，还没有计分", "要支部书记同意才计分", "现在等支部书记同意",
		"能办的是community（社区党委）")
	west := w.westerner(t)
	body := west.tells(fmt.Sprintf("/members/W1/records/activity.%d", id), "哪里办的东支部", "现在等支部书记同意", "能办的是second（支部书记）")
	if strings.Contains(body, fmt.Sprintf("/activities/%d", id)) {
		t.Error("the guest's secretary is led to a page that is not his")
	}
	// Told in the order of time; what was put right meanwhile is nobody's to agree to.
	guest := fmt.Sprintf("/members/W1/records/activity.%d", id)
	w.step(t, func() error {
		_, err := w.Activities.Correct(t.Context(), w.Clerk,
			activities.Correction{Activity: id, Member: "W1", Status: "早退", Reason: "先走了"}, "")
		return err
	})
	west.tells(guest, "出勤：到会，secretary要支部书记同意才计分；没有等到，后来另记了", "12:04 更正：到会 → 早退，clerk 现在算这一条")
	west.sends("/claims", url.Values{"decision": {"accept"}, "claim": {"2.1"}}).Refused().Shows("已经撤回")
	west.opens(paths[secretary]).Status(http.StatusNotFound)
	w.step(t, func() error {
		_, err := w.Activities.Reverse(t.Context(), w.Clerk, id, "那天没有开会", "")
		return err
	})
	for v, path := range paths {
		v.tells(path, "已撤销，不计分", "签到表漏看", "12:05 撤销，clerk 现在算这一条", "整次活动撤销", "那天没有开会")
	}
	secretary.tells("/members/E2", "撤销过的", "2026-05-20 党课：clerk 2026-06-01 12:05 撤销。整次活动撤销，那天没有开会")
}

// TestAnActivityFromPaperSaysSo: on its page and in the history of everybody on the
// list, who all count at once.
func TestAnActivityFromPaperSaysSo(t *testing.T) {
	t.Parallel()
	w := open(t)
	secretary, west := w.visit(t, "secretary"), w.westerner(t)
	w.step(t, func() error {
		_, err := w.Activities.Import(t.Context(), w.Clerk, "2026年初<签到册>",
			[]activities.ActivityInput{{Org: w.East.ID, Kind: "党课", On: testkit.Day(t, "2026-01-05"),
				Lines: []activities.Line{{Member: "E1", Status: "缺席"}, {Member: "W1", Status: "到会"}}}}, false)
		return err
	})
	body := secretary.tells("/activities/1", "党课", "2026-01-05", "2 人，-5 分",
		"clerk记于 2026-06-01 12:01，补记自纸质台账“2026年初<签到册>”")
	if strings.Contains(plainText(body), "待确认") {
		t.Errorf("somebody waits: %s", plainText(body))
	}
	secretary.tells("/members/E1/records/activity.1", "-5", "记下这次活动，clerk", "补记自纸质台账“2026年初<签到册>”", "出勤：缺席，clerk")
	west.tells("/members/W1/records/activity.1", "哪里办的东支部", "+0.5", "记下这次活动，clerk", "补记自纸质台账“2026年初<签到册>”", "出勤：到会，clerk")
	now := w.visit(t, "clerk")
	status, _, at := now.post("/branches/"+string(w.East.ID)+"/activity",
		url.Values{"key": {"k"}, "kind": {"主题党日"}, "day": {"2026-05-20"}, "status.E2": {"到会"}})
	if status != http.StatusSeeOther {
		t.Fatal(status)
	}
	if body := now.tells(at, "记于"); strings.Contains(body, "纸质") {
		t.Errorf("what was recorded as it happened says that it is from paper: %s", plainText(body))
	}
}

// TestLinesOfAStatementLeadToTheirHistories follows every one, and every row of what
// is sealed.
func TestLinesOfAStatementLeadToTheirHistories(t *testing.T) {
	t.Parallel()
	w := open(t)
	on := testkit.Day(t, "2026-05-20")
	for range 2 { // the limit of a month leaves one of them idle
		w.post(t, w.Clerk, entries.EntryInput{Member: "E2", Item: "好事", On: on})
	}
	w.post(t, w.Clerk, entries.EntryInput{Member: "E2", Item: "好事", On: on})
	w.step(t, func() error {
		_, err := w.Activities.Record(t.Context(), w.Clerk,
			activities.ActivityInput{Org: w.East.ID, Kind: "党课", On: on,
				Lines: []activities.Line{{Member: "E2", Status: "缺席"}}}, "")
		return err
	})
	w.reverse(t, w.post(t, w.Clerk, entries.EntryInput{Member: "E2", Item: "酌情", On: on, Points: "-2"}), "记错了人")
	for v, c := range map[*visitor]struct{ page, at string }{
		w.visit(t, "secretary"): {"/members/E2", "/members/E2/records/"}, w.visit(t, "member"): {"/me", "/me/records/"},
	} {
		_, body, _ := v.get(c.page)
		var got []string
		for _, m := range regexp.MustCompile(`href="(`+c.at+`[^"]+)"`).FindAllStringSubmatch(body, -1) {
			got = append(got, strings.TrimPrefix(m[1], c.at))
			v.opens(m[1]).OK()
		}
		slices.Sort(got)
		if strings.Join(got, " ") != "activity.1 entry.1 entry.2 entry.3 entry.4" {
			t.Errorf("%s leads to %q\n%s", c.page, got, plainText(body))
		}
		v.tells(c.page, "撤销过的", "2026-05-20 酌情：clerk 2026-06-01 12:06 撤销。记错了人")
	}
	_, body, _ := w.visit(t, "clerk").get("/members/E2/links")
	if n := strings.Count(body, `href="/members/E2/records/entry.4"`); n != 2 { // the entry, and its reversal
		t.Errorf("%d rows lead to the reversed entry", n)
	}
	if n := strings.Count(body, `href="/members/E2/records/`); n != 6 ||
		!strings.Contains(body, "<td><strong>组织关系</strong>") {
		t.Errorf("%d rows lead to a history", n)
	}
}

// TestWhatWasTakenBackIsListedAsItWasKnown: only what had been taken back by then
// and had happened by that day; the last fifty.
func TestWhatWasTakenBackIsListedAsItWasKnown(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	v.opens("/members/E2").OK().Lacks("撤销过的")
	for i := range 51 {
		id := w.post(t, w.Clerk, entries.EntryInput{Member: "E2", Item: "酌情", On: testkit.Day(t, "2026-05-02"), Points: "-1"})
		w.reverse(t, id, fmt.Sprintf("第 %d 回", i+1))
		if i == 49 {
			v.signsIn("secretary")
		}
		if i == 49 && strings.Contains(v.tells("/members/E2", "第 50 回", "第 1 回"), "只列出") {
			t.Error("fifty are said to be cut")
		}
	}
	if body := v.tells("/members/E2", "只列出最近撤销的 50 条，更早的没有列出", "第 51 回", "第 2 回"); strings.Contains(body, "第 1 回") {
		t.Error("the oldest is listed beyond fifty")
	}
	// Each is recorded at an odd minute and reversed at the next.
	if body := v.tells("/members/E2?known=2026-06-01T12:05", "撤销过的", "第 2 回", "第 1 回"); strings.Contains(body, "第 3 回") {
		t.Errorf("what was taken back later shows: %s", plainText(body))
	}
	// Facts are as they were known, too.
	seal(t, w, func(tx *store.Tx) error {
		return tx.InsertFact("E2", domain.Fact{Attribute: "流动", Value: domain.Value{Text: "是"}}, 0)
	})
	const fact = `<th scope="row">流动</th>`
	if body := v.tells("/members/E2?known=2026-06-01T12:05"); strings.Contains(body, fact) ||
		!strings.Contains(v.tells("/members/E2"), fact) {
		t.Error("a fact recorded later shows")
	}
	for _, path := range []string{"/members/E2?known=2026-06-01T12:01", "/members/E2?asof=2026-05-01"} {
		v.opens(path).OK().Lacks("撤销过的")
	}
}

// Member is the part of the matrix of member.go.
func (matrix) Member() string {
	return `
GET /members/:id: secretary recorder leader community clerk auditor
GET /members/:id/handover: secretary recorder leader community clerk auditor
GET /members/:id/changes: secretary community clerk
POST /members/:id/changes: secretary community clerk
POST /members/:id/name: secretary community clerk
GET /members/:id/changes/:change: secretary community clerk
POST /members/:id/changes/:change: secretary community clerk
GET /members/:id/texts: clerk
POST /members/:id/texts: clerk
GET /members/:id/erase: clerk
POST /members/:id/erase: clerk
GET /members/:id/links: secretary recorder leader community clerk auditor
GET /members/:id/records/:record: secretary recorder leader community clerk auditor
`
}
