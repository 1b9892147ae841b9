package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// The way of an entry, as those who go it see it: a scenario for each thing that may
// happen to a point.

// found returns what a pattern's group finds on a page.
func (v *visitor) found(path, pattern string) string {
	v.t.Helper()
	_, body, _ := v.get(path)
	m := regexp.MustCompile(pattern).FindStringSubmatch(body)
	if m == nil {
		v.t.Fatalf("%s: nothing like %s\n%s", path, pattern, body)
	}
	return strings.ReplaceAll(m[1], "&amp;", "&")
}

// TestScenarioOfAnActivity: kinds from the rule file, how everybody attended, a guest
// and the writer himself waiting; corrected, made up, agreed to, and counting at
// home.
func TestScenarioOfAnActivity(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Host(t, "W1")
	secretary, community, clerk := w.visit(t, "secretary"), w.visit(t, "community"), w.visit(t, "clerk")
	address := "/branches/" + string(w.East.ID) + "/activity"
	secretary.opens(address).OK().
		Shows("党课", "主题党日", "到会", "迟到", "早退", "请假", "补课", "缺席", "应到 2 人", "属西支部").
		Has(`[name="status.W1"][value=""][checked]`)
	// A guest who did not come is expected elsewhere: nothing is recorded of him.
	_, _, without := secretary.post(address, url.Values{"key": {"k0"}, "kind": {"党课"}, "day": {"2026-05-19"},
		"status.E2": {"请假"}, "status.W1": {""}})
	secretary.opens(without).OK().Shows("1 人，0 分")
	_, _, at := secretary.post(address, url.Values{"key": {"k"}, "kind": {"党课"}, "day": {"2026-05-20"},
		"status.E1": {"到会"}, "status.E2": {"缺席"}, "status.W1": {"到会"}})
	secretary.opens(at).OK().Shows("3 人，-5 分，其中 2 人待确认", "示例西1")
	secretary.opens("/members/E2").OK().Has(".total-number", "75")
	// What was missed is made up, and says on which day; both lines stay readable.
	form := url.Values{"key": {"c"}, "member": {"E2"}, "status": {"补课"}, "day": {"2026-05-25"}, "reason": {"听了录音"}}
	secretary.sends(at+"/correct", form).LeadsTo(at).Must()
	secretary.opens(at).OK().Shows("总分由 75 变为 80", "缺席 → 补课（2026-05-25）", "听了录音")
	secretary.opens("/members/E2/records/activity.2").OK().Shows("缺席", "补课（2026-05-25）", "听了录音")
	// Nobody counts for himself; the guest's branch is the one that agrees.
	secretary.opens("/claims").OK().Lacks(`name="claim"`)
	community.sends("/claims", url.Values{"claim": {community.found("/claims", `value="(\d+\.1)"`)},
		"decision": {"accept"}}).LeadsTo("/claims").Must()
	clerk.sends("/claims", url.Values{"claim": {clerk.found("/claims", `value="(\d+\.1)"`)},
		"decision": {"accept"}}).LeadsTo("/claims").Must()
	clerk.opens("/members/W1").OK().Shows("80.5")
	secretary.opens(at).OK().Shows("3 人")
}

// TestScenarioOfAnEntry: what the form asks for follows the item, the effect is shown
// after limits, and the form of many takes them all at once, whole or not at all.
func TestScenarioOfAnEntry(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	entry := func(item string, more url.Values) url.Values {
		form := url.Values{"branch": {string(w.East.ID)}, "member": {"E2"}, "item": {item}, "day": {"2026-05-20"},
			"key": {item}}
		for name, values := range more {
			form[name] = values
		}
		return form
	}
	for item, asked := range map[string]string{"服务": "field.时长", "表彰": "field.级别", "酌情": "points"} {
		v.opens("/entries/new?member=E2&item=" + url.QueryEscape(item)).OK().Has(`[name="` + asked + `"]`)
	}
	v.sends("/entries", entry("好事", url.Values{"do": {"save"}})).LeadsTo("/entries/new?branch=" + string(w.East.ID)).Must()
	// Of the second two points the month has room for one.
	v.sends("/entries", entry("好事", url.Values{"do": {"preview"}, "key": {"2"}})).
		Shows("82 → 83", "限额每月 3分 只余 +1")
	v.sends("/entries", entry("酌情", url.Values{"do": {"save"}, "points": {"-2.5"}})).LeadsTo("/entries/new?branch=" +
		string(w.East.ID)).Must()
	v.opens("/members/E2").OK().Shows("79.5")
	// Of a guest it becomes a claim to his own branch; his points stay theirs.
	w.Host(t, "W1")
	v.opens("/entries/new?branch=" + string(w.East.ID)).OK().Shows("示例西1（W1），属西支部")
	guest := entry("好事", url.Values{"do": {"preview"}, "member": {"W1"}, "key": {"g"}})
	v.sends("/entries", guest).Shows("分记在那边", "要等支部委员会同意").Lacks("→")
	guest.Set("do", "save")
	v.sends("/entries", guest).LeadsTo("/entries/new?branch=" + string(w.East.ID)).Must()
	v.opens("/entries/new").OK().Shows("示例西1的“好事”记下了，等支部委员会同意后计分")
	w.visit(t, "clerk").opens("/claims").OK().Shows("示例西1", "好事")
	address := "/branches/" + string(w.East.ID) + "/entries"
	rows := url.Values{"item": {"服务"}, "day": {"2026-04-20"}, "cell.0.E1": {"10"}, "cell.0.E2": {"一百"}, "key": {"s"},
		"do": {"save"}}
	v.sends(address, rows).Refused().Shows("整张表没有记", "不是数")
	rows.Set("goon", "1")
	rows.Set("key", "s2")
	v.sends(address, rows).LeadsTo(address).Must()
	v.opens(address).OK().Shows("“服务”记了 0 人，1 人待确认", "示例东2没有记：", "不是数")
}

// TestScenarioOfASuccessor: a claim waits for the office. Who follows in it finds the
// queue, decides many at once, and who held it before decides nothing.
func TestScenarioOfASuccessor(t *testing.T) {
	t.Parallel()
	w := open(t)
	member, before := w.visit(t, "member"), w.visit(t, "secretary")
	for _, day := range []string{"2026-05-20", "2026-04-20"} {
		member.sends("/me/claims", url.Values{"key": {day}, "item": {"好事"}, "day": {day},
			"do": {"save"}}).LeadsTo("/me/claims").Must()
	}
	member.opens("/me").OK().Shows("待确认", "总分加 4 分").Has(".total-number", "80")
	seal(t, w, func(tx *store.Tx) error {
		if err := tx.InsertAssignment(w.Secretary.Account, domain.RoleSecretary, w.East.ID, true, 0); err != nil {
			return err
		}
		if err := tx.InsertAssignment(w.Second.Account, domain.RoleStreet, w.Street.ID, true, 0); err != nil {
			return err
		}
		return tx.InsertAssignment(w.Second.Account, domain.RoleSecretary, w.East.ID, false, 0)
	})
	before.sends("/claims", url.Values{"claim": {"1.1"}, "decision": {"accept"}}).Status(http.StatusForbidden)
	after := w.visit(t, "second")
	after.opens("/claims").OK().Has(`[value="1.1"]`).Has(`[value="2.1"]`)
	after.sends("/claims", url.Values{"claim": {"1.1", "2.1"}, "decision": {"accept"}}).LeadsTo("/claims").Must()
	after.opens("/claims").OK().Shows("2 条已同意，开始算数")
	member.opens("/me").OK().Has(".total-number", "84")
}

// TestScenarioOfAReversal: taken back with a reason, linked both ways, with no points
// of its own; and undone on the spot.
func TestScenarioOfAReversal(t *testing.T) {
	t.Parallel()
	w := open(t)
	v, member := w.visit(t, "secretary"), w.visit(t, "member")
	form := url.Values{"branch": {string(w.East.ID)}, "member": {"E2"}, "item": {"好事"}, "day": {"2026-05-20"},
		"do": {"save"}, "key": {"1"}}
	v.sends("/entries", form).LeadsTo("/entries/new?branch=" + string(w.East.ID)).Must()
	v.opens("/entries/1/reverse").OK().Shows("现在计", "撤销后总分 80")
	v.sends("/entries/1/reverse", url.Values{"reason": {"记错了人"}, "key": {"r"}}).LeadsTo("/members/E2").Must()
	v.opens("/members/E2").OK().Shows("撤销过的", "记错了人").Has(`[href="/members/E2/records/entry.1"]`)
	v.opens("/members/E2/records/entry.1").OK().Shows("记下", "撤销", "记错了人", "已撤销，不计分")
	member.opens("/me").OK().Shows("撤销过的").Has(".total-number", "80").Has(`[href="/me/records/entry.1"]`)
	v.sends("/entries/1/reverse", url.Values{"reason": {"再来"}, "key": {"r2"}}).Status(http.StatusConflict)
	// On the bar, with a word.
	form.Set("key", "2")
	v.sends("/entries", form).LeadsTo("/entries/new?branch=" + string(w.East.ID)).Must()
	undo := "/entries/undo?" + v.found("/entries/new", `action="/entries/undo\?([^"]+)"`)
	v.sends(undo, nil).LeadsTo("/entries/new?branch=" + string(w.East.ID)).Must()
	v.opens("/members/E2").OK().Shows("当场撤销").Has(".total-number", "80")
	v.sends(undo, nil).Status(http.StatusConflict)
	// Not any more the day after.
	form.Set("key", "3")
	v.sends("/entries", form).LeadsTo("/entries/new?branch=" + string(w.East.ID)).Must()
	undo = "/entries/undo?" + v.found("/entries/new", `action="/entries/undo\?([^"]+)"`)
	w.Later(24 * time.Hour)
	v.signsIn("secretary")
	v.sends(undo, nil).Status(http.StatusForbidden).Shows("当场撤销只在当天")
}

// TestScenarioOfOneForm: twenty at once with one key are one entry and nineteen who
// are told; another form under the key is refused.
func TestScenarioOfOneForm(t *testing.T) {
	t.Parallel()
	w := open(t)
	form := url.Values{"branch": {string(w.East.ID)}, "member": {"E2"}, "item": {"好事"}, "day": {"2026-05-20"},
		"do": {"save"}, "key": {"one"}}
	var wait sync.WaitGroup
	var answers [20]string
	for i := range answers {
		v := w.visit(t, "secretary")
		wait.Go(func() {
			if status, _, to := v.post("/entries", form); status == http.StatusSeeOther {
				_, answers[i], _ = v.get(to)
			}
		})
	}
	wait.Wait()
	first, again := 0, 0
	for _, body := range answers {
		switch {
		case strings.Contains(body, "刚才已经记过，没有重复记"):
			again++
		case strings.Contains(body, "总分 82"):
			first++
		}
	}
	if first != 1 || again != 19 {
		t.Errorf("%d recorded it, %d were told that it was", first, again)
	}
	v := w.visit(t, "secretary")
	v.opens("/members/E2").OK().Has(".total-number", "82")
	form.Set("day", "2026-05-21")
	v.sends("/entries", form).Refused().Has(`[role="alert"]`)
}

// TestScenarioOfTwoTimes: late and future days are refused by rule and role, in words
// that name the rule; who is above may, and says why; and the page of before knows
// nothing of it.
func TestScenarioOfTwoTimes(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Later(time.Hour)
	v, community := w.visit(t, "secretary"), w.visit(t, "community")
	late := url.Values{"branch": {string(w.East.ID)}, "member": {"E2"}, "item": {"表彰"}, "field.级别": {"街道"},
		"day": {"2026-03-01"}, "do": {"save"}, "key": {"1"}}
	v.sends("/entries", late).Refused().Shows("“表彰”只许在 30天以内补录")
	community.sends("/entries", late).Refused().Shows("补录要在说明里写为什么晚了")
	late.Set("note", "证书刚补发")
	community.sends("/entries", late).LeadsTo("/entries/new?branch=" + string(w.East.ID)).Must()
	v.opens("/members/E2").OK().Has(".total-number", "81")
	for query, points := range map[string]string{"?known=2026-06-01T12:30": "80", "?asof=2026-02-28": "80",
		"?asof=2026-03-01": "81"} {
		v.opens("/members/E2"+query).OK().Has(".total-number", points)
	}
	late.Set("day", "2026-06-02")
	late.Set("key", "2")
	community.sends("/entries", late).Refused().Shows("2026-06-02 还没有到")
}

// TestScenarioOfWhatIsSealed: the page of links has every step, and says so where one
// does not hold any more.
func TestScenarioOfWhatIsSealed(t *testing.T) {
	t.Parallel()
	w := open(t)
	v, member := w.visit(t, "secretary"), w.visit(t, "member")
	member.sends("/me/claims", url.Values{"key": {"1"}, "item": {"好事"}, "day": {"2026-05-20"},
		"do": {"save"}}).LeadsTo("/me/claims").Must()
	v.sends("/claims", url.Values{"claim": {"1.1"}, "decision": {"return"}, "reason": {"哪一天？"}}).LeadsTo("/claims").Must()
	v.post("/branches/"+string(w.East.ID)+"/activity",
		url.Values{"key": {"m"}, "kind": {"党课"}, "day": {"2026-05-20"}, "status.E2": {"缺席"}})
	v.sends("/members/E2/changes", url.Values{"do": {"exempt"}, "value": {"免会"}, "from": {"2026-06-01"},
		"step": {"支部委员会"}, "key": {"f"}}).LeadsTo("/members/E2/changes").Must()
	v.opens("/members/E2/links").OK().Shows("记录 好事", "退回 好事", "出勤 党课 缺席", "情况 豁免", "都和封存时一样")
	if broken := verified(t, w); len(broken) != 0 {
		t.Errorf("%+v", broken)
	}
}

func verified(t *testing.T, w *town) (broken []domain.ChainBreak) {
	t.Helper()
	if err := w.DB.Read(t.Context(), func(v *store.Snapshot) (err error) {
		broken, err = v.Verify()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return broken
}

// TestWhatIsRefusedInWords are the mistakes that clerks make, each with the words
// that they are told.
func TestWhatIsRefusedInWords(t *testing.T) {
	t.Parallel()
	w := open(t)
	seal(t, w, func(tx *store.Tx) error {
		// left
		return tx.InsertAffiliation(domain.Affiliation{Member: "W2", Kind: "home", From: testkit.Day(t, "2026-05-01")}, 0)
	})
	secretary, community, clerk := w.visit(t, "secretary"), w.visit(t, "community"), w.visit(t, "clerk")
	secretary.sends("/members/E2/changes", url.Values{"do": {"exempt"}, "value": {"不计"}, "from": {"2026-04-01"},
		"step": {"支部委员会"}, "key": {"x"}, "seen": {"1"}}).LeadsTo("/members/E2/changes").Must()
	for name, c := range map[string]struct {
		v            *visitor
		member, item string
		day, want    string
	}{
		"a stranger":      {secretary, "W1", "好事", "2026-05-20", "没有这名党员"},
		"before he came":  {community, "E2", "好事", "2019-05-20", "办法自 2026-01-01 起施行，2019-05-20 的事不记"},
		"after he left":   {clerk, "W2", "好事", "2026-05-20", "自 2026-05-01 起已经转出"},
		"the exempt":      {secretary, "E2", "好事", "2026-05-20", "有豁免“不计”"},
		"an unknown item": {secretary, "E2", "坏事", "2026-03-20", "坏事"},
		"no day":          {secretary, "E2", "好事", "", "日期"},
	} {
		form := url.Values{"branch": {string(w.East.ID)}, "member": {c.member}, "item": {c.item}, "day": {c.day},
			"do": {"save"}, "key": {name}}
		if c.v != secretary {
			form.Del("branch")
		}
		c.v.sends("/entries", form).Refused().Shows(c.want)
	}
	// For himself it is offered as a claim, and says who decides.
	own := url.Values{"branch": {string(w.East.ID)}, "member": {"E1"}, "item": {"好事"}, "day": {"2026-05-20"},
		"do": {"save"}, "key": {"own"}}
	secretary.sends("/entries", own).LeadsTo("/entries/new?branch=" + string(w.East.ID)).Must()
	secretary.opens("/entries/new").OK().Shows("等支部委员会同意后计分")
	// The same activity twice, and anything at all in a locked period.
	form := url.Values{"key": {"m1"}, "kind": {"党课"}, "day": {"2026-03-20"}, "status.E2": {"到会"}}
	address := "/branches/" + string(w.East.ID) + "/activity"
	secretary.sends(address, form).Status(http.StatusSeeOther).Must()
	form.Set("key", "m2")
	secretary.sends(address, form).Refused().Shows("已经记过了，里面有示例东2")
	seal(t, w, func(tx *store.Tx) error { return tx.InsertPeriodStep(w.East.ID, "2026", true, w.Clerk.Account) })
	own.Set("key", "locked")
	secretary.sends("/entries", own).Refused().Shows("已经锁定")
}
