package web_test

import (
	"net/url"
	"strconv"
	"testing"

	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestWhatWasWrittenIsErasedOnItsPage: the street's clerk finds it from the page of
// changes, must give a reason, and sees the reason where the text stood; who looks
// after the member sees it on the record.
func TestWhatWasWrittenIsErasedOnItsPage(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk, secretary := w.visit(t, "clerk"), w.visit(t, "secretary")
	posted, err := w.Entries.Post(t.Context(), w.Clerk, entries.EntryInput{
		Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-01"), Note: "示例密语",
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	record := "/members/E2/records/entry." + strconv.FormatInt(int64(posted.Entry), 10)
	secretary.opens(record).OK().Shows("示例密语")
	secretary.opens("/members/E2/changes").OK().HasNo(`[href="/members/E2/texts"]`)
	clerk.opens("/members/E2/changes").OK().Has(`[href="/members/E2/texts"]`)
	page := clerk.opens("/members/E2/texts").OK().Must()
	row := page.In("tr", "示例密语").Has("td", "记录 好事，2026-05-01：说明")
	id := row.Attr("input[name=text]", "value")

	clerk.sends("/members/E2/texts", url.Values{"reason": {"本人要求"}}).Refused().Shows("没有说删哪一段")
	clerk.sends("/members/E2/texts", url.Values{"text": {id}, "reason": {""}}).Refused().Shows("要写删除的理由").
		Has("input[name=text][checked]")
	clerk.sends("/members/E2/texts", url.Values{"text": {id}, "reason": {"本人要求"}}).LeadsTo("/members/E2/texts")
	clerk.opens("/members/E2/texts").OK().Shows("删除了 1 段话", "已按“本人要求”删除（2026-06-01）").Lacks("示例密语").
		HasNo("input[name=text]")
	secretary.opens(record).OK().Shows("已按“本人要求”删除（2026-06-01）").Lacks("示例密语")
	secretary.opens("/members/E2/links").OK().Shows("都和封存时一样")
	w.visit(t, "auditor").opens("/trail").OK().Shows("删除文字", "写过的话")
}

// TestAPersonIsErasedOnHisPage: the page says what goes, and asks for the number once more;
// who is still here cannot be erased, and has no form.
func TestAPersonIsErasedOnHisPage(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk := w.visit(t, "clerk")
	clerk.opens("/members/E2/texts").OK().Has(`[href="/members/E2/erase"]`)
	clerk.opens("/members/E2/erase").OK().Shows("现在删不了", "组织关系还在这里").HasNo("input[name=typed]")
	if err := w.DB.Write(store.InAllStreets(t.Context(), "the town of the test"), func(tx *store.Tx) error {
		return members.LeaveTx(tx, "E2", testkit.Day(t, "2026-05-31"), 0)
	}); err != nil {
		t.Fatal(err)
	}
	clerk.opens("/members/E2/erase").OK().Shows("姓名 2 处", "帐号停用").Has("input[name=typed]")
	clerk.sends("/members/E2/erase", url.Values{"reason": {"本人要求"}, "typed": {"E1"}}).Refused().Shows("不一样")
	clerk.sends("/members/E2/erase", url.Values{"reason": {"本人要求"}, "typed": {"E2"}}).LeadsTo("/members/E2/texts")
	clerk.opens("/members/E2/texts").OK().Shows("删除了 E2 的个人信息", domain.ErasedName).Lacks("示例东2")
	clerk.opens("/members/E2").OK().Shows(domain.ErasedName).Lacks("示例东2")
	w.visit(t, "auditor").opens("/trail").OK().Shows("删除个人信息").Lacks("示例东2")
}
