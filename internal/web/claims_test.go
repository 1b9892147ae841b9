package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"
)

// TestAMembersClaimGoesThroughThePages: written, put aside, handed in, returned
// with a reason, put right, agreed to step by step; pending points stand apart.
func TestAMembersClaimGoesThroughThePages(t *testing.T) {
	t.Parallel()
	w := open(t)
	member, secretary, community, clerk := w.visit(t, "member"), w.visit(t, "secretary"), w.visit(t, "community"),
		w.visit(t, "clerk")
	form := url.Values{"key": {"k1"}, "item": {"表彰"}, "day": {"2026-05-20"}, "field.级别": {"国家"}, "note": {"证书在家"},
		"do": {"draft"}}
	member.opens("/me/claims/new").OK().Shows("好事").Lacks("上级记")
	member.opens("/me/claims/new?item=表彰").OK().Shows("级别", "存草稿").Has(`[action="/me/claims"]`)
	member.sends("/me/claims", form).LeadsTo("/me/claims").Must()
	member.opens("/me/claims").OK().Shows("草稿", "表彰，2026-05-20").Has(`[href="/me/claims/new?draft=1"]`)
	member.opens("/me/claims/new?draft=1").OK().Shows("证书在家").Has(`[value="1"]`)
	form.Set("do", "preview")
	form.Set("draft", "1")
	member.sends("/me/claims", form).OK().Shows("80 → 83", "支部委员会、社区党委、街道党工委")
	form.Set("do", "save")
	member.sends("/me/claims", form).LeadsTo("/me/claims").Must()
	member.opens("/me/claims").OK().Shows("待确认", "等支部委员会同意，然后还有 2 步").
		Has(`[action="/me/claims/1/withdraw"]`).Lacks("draft=1")
	member.opens("/me").OK().Shows("都同意的话，总分加 3 分", "等支部委员会同意")
	// The branch returns it; nothing is decided without a reason or a choice.
	secretary.opens("/claims").OK().Has(`[name="claim"][value="1.1"]`).Shows("证书在家", "级别：国家")
	for _, bad := range []url.Values{{"decision": {"return"}, "claim": {"1.1"}}, {"decision": {"accept"}}} {
		secretary.sends("/claims", bad).Refused().Has(`[role="alert"]`)
	}
	secretary.sends("/claims", url.Values{"decision": {"return"}, "claim": {"1.1"},
		"reason": {"证书没有交来看"}}).LeadsTo("/claims").Must()
	member.opens("/me/claims").OK().Shows("退回", "证书没有交来看").Has(`[href="/me/claims/new?follows=1"]`)
	member.opens("/me/claims/new?follows=1").OK().Shows("上次退回的理由", "证书在家").Has(`[name="follows"][value="1"]`)
	form.Set("key", "k2")
	form.Del("draft")
	form.Set("follows", "1")
	member.sends("/me/claims", form).LeadsTo("/me/claims").Must()
	member.opens("/me/claims").OK().Lacks("follows=1")
	for i, v := range []*visitor{secretary, community, clerk} {
		value := "2." + string(rune('1'+i))
		v.opens("/claims").OK().Has(`[name="claim"][value="` + value + `"]`)
		v.sends("/claims", url.Values{"decision": {"accept"}, "claim": {value}}).LeadsTo("/claims").Must()
		v.sends("/claims", url.Values{"decision": {"accept"}, "claim": {value}}).Refused().Shows("刚才已由")
	}
	member.opens("/me/claims").OK().Shows("已同意", "支部委员会已同意（secretary", "街道党工委已同意（clerk")
	member.opens("/me").OK().Has(".total-number", "83")
	// Nobody else's draft or claim is there.
	for _, path := range []string{"/me/claims/new?draft=9", "/me/claims/new?follows=9"} {
		member.opens(path).Status(http.StatusNotFound)
	}
}

// TestGuestsOfAMeetingWait for their own branches.
func TestGuestsOfAMeetingWait(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	form := url.Values{"key": {"k1"}, "kind": {"党课"}, "day": {"2026-05-20"}, "status.E2": {"到会"}, "guests": {"W1、W7"}}
	path := "/branches/" + string(w.East.ID) + "/activity"
	v.sends(path, form).Refused().Shows("W7").Has(`[value="W1、W7"]`)
	form.Set("guests", "W1")
	status, body, at := v.post(path, form)
	if status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	// He stands on the list of those who wrote him there, by his number and without
	// his points; a guest who is known here, by name.
	v.opens(at).OK().Shows("0.5 分，其中 1 人待确认", "编号 W1").Lacks("示例西1", "/members/W1")
	w.Host(t, "W1")
	v.opens(at).OK().Shows("示例西1").Lacks("/members/W1")
	w.visit(t, "clerk").opens("/claims").OK().Shows("党课：到会", "示例西1")
}

// TestAnActivityIsTakenBackOnItsPage: with a word while it is fresh, with a reason
// later, and what others agreed to is refused in words.
func TestAnActivityIsTakenBackOnItsPage(t *testing.T) {
	t.Parallel()
	w := open(t)
	v, community := w.visit(t, "secretary"), w.visit(t, "community")
	log := func(key string) string {
		status, body, at := v.post("/branches/"+string(w.East.ID)+"/activity",
			url.Values{"key": {key}, "kind": {"党课"}, "day": {"2026-05-20"}, "title": {key}, "status.E1": {"到会"},
				"status.E2": {"缺席"}})
		if status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, body)
		}
		return at
	}
	fresh := log("k1")
	v.opens(fresh).OK().Has(`[action="` + fresh + `/undo"]`).Lacks("撤销整场")
	community.opens(fresh).OK().Shows("撤销整场")
	v.sends(fresh+"/undo", nil).Status(http.StatusSeeOther).Must()
	v.opens(fresh).OK().Shows("这次活动已经撤销").Lacks("更正一个人的出勤")
	agreed := log("k2")
	community.sends("/claims", url.Values{"claim": {"2.1"}, "decision": {"accept"}}).Status(http.StatusSeeOther).Must()
	v.sends(agreed+"/undo", url.Values{"reason": {"记错了"}}).Refused().Shows("您本人的出勤已经由别人确认")
	community.sends(agreed+"/undo", url.Values{"reason": {"那天没有开会"}}).Status(http.StatusSeeOther).Must()
	v.opens(agreed).OK().Shows("community撤销于", "理由：那天没有开会")
}

// TestAnExemptionGoesThroughThePages: the branch registers it and the community
// agrees; a member asks for his own and takes it back.
func TestAnExemptionGoesThroughThePages(t *testing.T) {
	t.Parallel()
	w := open(t)
	member, secretary, community := w.visit(t, "member"), w.visit(t, "secretary"), w.visit(t, "community")
	at := "/members/E2/changes"
	secretary.opens(at).OK().Shows("长假", "本人申请已办", "支部委员会已办", "登记以后，由社区党委在待确认里办", "不计分")
	community.opens(at).OK().Shows("社区党委已办").Lacks("在待确认里办")
	form := url.Values{"do": {"exempt"}, "value": {"长假"}, "from": {"2026-05-01"}, "step": {"本人申请", "支部委员会"}, "key": {"k1"},
		"seen": {"1"}} // a server numbers what was only looked at, too
	secretary.sends(at, form).LeadsTo(at).Must()
	secretary.opens(at).OK().Shows("登记了，等社区党委同意", "长假，2026-05-01 起", "等社区党委同意", "撤回").Lacks("支部委员会已办")
	member.opens("/me").OK().Shows("待确认", "豁免：“长假”，从这天起")
	community.opens("/claims").OK().Has(`[name="claim"][value="1.1"]`).Shows("豁免：“长假”，从这天起", "效果：不计分")
	secretary.sends(at, url.Values{"do": {"withdraw"}, "claim": {"1"}, "key": {"k2"}}).LeadsTo(at).Must()
	community.opens("/claims").OK().Lacks("长假")
	member.opens("/me/claims").OK().Shows("申请豁免", "长假（不计分）")
	member.sends("/me/exemption", url.Values{"value": {"长假"}, "from": {"2019-05-01"}, "key": {"k3"}}).Refused().
		Shows("起才在这里").Has(`[value="2019-05-01"]`)
	member.sends("/me/exemption", url.Values{"value": {"长假"}, "from": {"2026-05-01"},
		"key": {"k4"}}).LeadsTo("/me/claims").Must()
	member.opens("/me/claims").OK().Shows("“长假”交上去了，等支部委员会、社区党委同意").Has(`[action="/me/claims/2/withdraw"]`)
	secretary.sends("/claims", url.Values{"claim": {"2.1"}, "decision": {"accept"}}).LeadsTo("/claims").Must()
	community.sends("/claims", url.Values{"claim": {"2.2"}, "decision": {"accept"}}).LeadsTo("/claims").Must()
	member.opens("/me").OK().Shows("没有总分")
	secretary.opens(at).OK().Shows("现在：长假", "已同意").Has("span", "撤回")
	secretary.opens("/members/E2/links").OK().Shows("同意", "豁免")
}

// TestAnActivityOfWhichNothingWasAgreedTo stays to be read.
func TestAnActivityOfWhichNothingWasAgreedTo(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	_, _, at := v.post("/branches/"+string(w.East.ID)+"/activity",
		url.Values{"key": {"k"}, "kind": {"党课"}, "day": {"2026-05-20"}, "status.E1": {"到会"}})
	w.visit(t, "community").sends("/claims", url.Values{"claim": {"1.1"}, "decision": {"return"},
		"reason": {"没有看到他"}}).LeadsTo("/claims").Must()
	v.opens(at).OK().Shows("党课", "这次活动没有记出勤").Lacks("已经撤销")
}

// TestWhoHandsInLearnsWhatBecameOfIt: a secretary sees what waits of his and takes it
// back, and what came back with the reason; of strangers only the number he wrote.
func TestWhoHandsInLearnsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	w := open(t)
	v, community, clerk := w.visit(t, "secretary"), w.visit(t, "community"), w.visit(t, "clerk")
	form := url.Values{"branch": {string(w.East.ID)}, "member": {"E2"}, "item": {"表彰"}, "field.级别": {"国家"}, "do": {"save"}}
	for _, day := range []string{"2026-05-20", "2026-05-21"} {
		form.Set("day", day)
		form.Set("key", day)
		v.sends("/entries", form).LeadsTo("/entries/new?branch=" + string(w.East.ID)).Must()
	}
	v.post("/branches/"+string(w.East.ID)+"/activity",
		url.Values{"key": {"m"}, "kind": {"党课"}, "day": {"2026-05-20"}, "status.E2": {"到会"}, "guests": {"W1"}})
	v.opens("/claims").OK().Shows("您报的", "等社区党委同意", "编号 W1").Has(`[action="/claims/1/withdraw"]`).
		Has(`[href="/members/E2/records/entry.2"]`).Has(`[href="/activities/1"]`).Lacks("示例西1", "/members/W1", "等别人定的")
	community.sends("/claims", url.Values{"claim": {"1.1"}, "decision": {"return"},
		"reason": {"证书看不清"}}).LeadsTo("/claims").Must()
	clerk.sends("/claims", url.Values{"claim": {"3.1"}, "decision": {"return"},
		"reason": {"那天在外地"}}).LeadsTo("/claims").Must()
	community.sends("/claims/2/withdraw", nil).Status(http.StatusNotFound)
	v.sends("/claims/2/withdraw", nil).LeadsTo("/claims").Must()
	v.opens("/claims").OK().Shows("撤回了", "社区党委退回", "证书看不清", "那天在外地", "编号 W1").
		HasNo(`[action$="/withdraw"]`) // what has come back or was withdrawn is not withdrawn again
	community.opens("/claims").OK().Lacks("您报的").HasNo(`[value="2.1"]`)
	w.Later(61 * 24 * time.Hour)
	w.visit(t, "secretary").opens("/claims").OK().Lacks("证书看不清")
}

// Own is the part of the matrix of own.go.
func (matrix) Own() string {
	return `
GET /me/looks: member
GET /me: member
GET /me/records/:record: member
GET /me/claims: member
POST /me/claims: member
GET /me/claims/new: member
POST /me/claims/:id/withdraw: member
POST /me/drafts/:id/drop: member
POST /me/exemption: member
`
}

// Claims is the part of the matrix of claims.go.
func (matrix) Claims() string {
	return `
GET /claims: secretary community clerk
POST /claims: secretary community clerk
POST /claims/:id/withdraw: secretary recorder community clerk
`
}
