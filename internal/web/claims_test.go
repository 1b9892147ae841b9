package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// shows gets a page that has to say something, and returns it.
func (v *visitor) shows(path string, words ...string) string {
	v.t.Helper()
	status, body, _ := v.get(path)
	for _, word := range words {
		if status != http.StatusOK || !strings.Contains(body, word) {
			v.t.Errorf("%s: %d, without %q\n%s", path, status, word, body)
		}
	}
	return body
}

// sends posts a form that has to be taken in, and lead somewhere.
func (v *visitor) sends(path string, form url.Values, want string) {
	v.t.Helper()
	if status, body, to := v.post(path, form); status != http.StatusSeeOther || to != want {
		v.t.Fatalf("%s: %d to %s\n%s", path, status, to, body)
	}
}

// TestAMembersClaimGoesThroughThePages: written, put aside, handed in, returned
// with a reason, put right, agreed to step by step; pending points stand apart.
func TestAMembersClaimGoesThroughThePages(t *testing.T) {
	t.Parallel()
	w := open(t)
	member, secretary, community, clerk := w.visit(t, "member"), w.visit(t, "secretary"), w.visit(t, "community"), w.visit(t, "clerk")
	form := url.Values{"key": {"k1"}, "item": {"表彰"}, "day": {"2026-05-20"}, "field.级别": {"国家"}, "note": {"证书在家"}, "do": {"sketch"}}
	if _, body, _ := member.get("/me/claims/new"); !strings.Contains(body, "好事") || strings.Contains(body, "上级记") {
		t.Errorf("what he may claim is not what may give points: %s", body)
	}
	member.shows("/me/claims/new?item=表彰", "级别", `action="/me/claims"`, "存草稿")
	member.sends("/me/claims", form, "/me/claims")
	member.shows("/me/claims", "草稿", "表彰，2026-05-20", `href="/me/claims/new?sketch=1"`)
	member.shows("/me/claims/new?sketch=1", "证书在家", `value="1"`)
	form.Set("do", "preview")
	form.Set("sketch", "1")
	if status, body, _ := member.post("/me/claims", form); status != http.StatusOK || !strings.Contains(body, "80 → 83") || !strings.Contains(body, "支部委员会、社区党委、街道党工委") {
		t.Errorf("%d %s", status, body)
	}
	form.Set("do", "save")
	member.sends("/me/claims", form, "/me/claims")
	if body := member.shows("/me/claims", "待确认", "等支部委员会同意，然后还有 2 步", `action="/me/claims/entry.1/withdraw"`); strings.Contains(body, "sketch=1") {
		t.Error("the draft is still there")
	}
	member.shows("/me", "都同意的话，总分加 3 分", "等支部委员会同意")
	// The branch returns it; nothing is decided without a reason or a choice.
	secretary.shows("/claims", "entry.1.1", "证书在家", "级别：国家")
	for _, bad := range []url.Values{{"decision": {"return"}, "claim": {"entry.1.1"}}, {"decision": {"accept"}}} {
		if status, body, _ := secretary.post("/claims", bad); status != http.StatusUnprocessableEntity || !strings.Contains(body, "role=\"alert\"") {
			t.Errorf("%v: %d", bad, status)
		}
	}
	secretary.sends("/claims", url.Values{"decision": {"return"}, "claim": {"entry.1.1"}, "reason": {"证书没有交来看"}}, "/claims")
	member.shows("/me/claims", "退回", "证书没有交来看", `href="/me/claims/new?follows=1"`)
	member.shows("/me/claims/new?follows=1", "上次退回的理由", "证书在家", `name="follows" value="1"`)
	form.Set("key", "k2")
	form.Del("sketch")
	form.Set("follows", "1")
	member.sends("/me/claims", form, "/me/claims")
	if _, body, _ := member.get("/me/claims"); strings.Contains(body, "follows=1") {
		t.Errorf("what was handed in again can be once more: %s", body)
	}
	for i, v := range []*visitor{secretary, community, clerk} {
		value := "entry.2." + string(rune('1'+i))
		v.shows("/claims", value)
		v.sends("/claims", url.Values{"decision": {"accept"}, "claim": {value}}, "/claims")
		if status, body, _ := v.post("/claims", url.Values{"decision": {"accept"}, "claim": {value}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "刚才已由") {
			t.Errorf("decided twice: %d %s", status, body)
		}
	}
	member.shows("/me/claims", "已同意", "支部委员会已同意（secretary", "街道党工委已同意（clerk")
	member.shows("/me", total("83"))
	// Nobody else's draft or claim is there.
	for _, path := range []string{"/me/claims/new?sketch=9", "/me/claims/new?follows=9"} {
		if status, _, _ := member.get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// TestGuestsOfAMeetingWait for their own branches.
func TestGuestsOfAMeetingWait(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	sheet := url.Values{"key": {"k1"}, "kind": {"党课"}, "day": {"2026-05-20"}, "status.E2": {"到会"}, "guests": {"W1、W7"}}
	path := "/branches/" + string(w.East.ID) + "/meeting"
	if status, body, _ := v.post(path, sheet); status != http.StatusUnprocessableEntity || !strings.Contains(body, "W7") || !strings.Contains(body, `value="W1、W7"`) {
		t.Errorf("%d %s", status, body)
	}
	sheet.Set("guests", "W1")
	status, body, at := v.post(path, sheet)
	if status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	// He stands on the list of those who wrote him there, by his number and without
	// his points; a guest who is known here, by name.
	if _, body, _ := v.get(at); !strings.Contains(body, "0.5 分，其中 1 人待确认") || !strings.Contains(body, "编号 W1") || strings.Contains(body, "示例西1") || strings.Contains(body, "/members/W1") {
		t.Errorf("%s", body)
	}
	w.Host(t, "W1")
	if _, body, _ := v.get(at); !strings.Contains(body, "示例西1") || strings.Contains(body, "/members/W1") {
		t.Errorf("%s", body)
	}
	if status, body, _ := w.visit(t, "clerk").get("/claims"); status != http.StatusOK || !strings.Contains(body, "党课：到会") || !strings.Contains(body, "示例西1") {
		t.Errorf("%d %s", status, body)
	}
}

// TestAnActivityIsTakenBackOnItsPage: with a word while it is fresh, with a reason
// later, and what others agreed to is refused in words.
func TestAnActivityIsTakenBackOnItsPage(t *testing.T) {
	t.Parallel()
	w := open(t)
	v, community := w.visit(t, "secretary"), w.visit(t, "community")
	log := func(key string) string {
		status, body, at := v.post("/branches/"+string(w.East.ID)+"/meeting", url.Values{"key": {key}, "kind": {"党课"}, "day": {"2026-05-20"}, "title": {key}, "status.E1": {"到会"}, "status.E2": {"缺席"}})
		if status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, body)
		}
		return at
	}
	fresh := log("k1")
	if _, body, _ := v.get(fresh); !strings.Contains(body, `action="`+fresh+`/undo"`) || strings.Contains(body, "撤销整场") {
		t.Errorf("no undo for who has just logged it: %s", body)
	}
	if _, body, _ := community.get(fresh); !strings.Contains(body, "撤销整场") {
		t.Errorf("no way to take it back for who is above: %s", body)
	}
	if status, body, _ := v.post(fresh+"/undo", nil); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	if _, body, _ := v.get(fresh); !strings.Contains(body, "这次活动已经撤销") || strings.Contains(body, "更正一个人的出勤") {
		t.Errorf("%s", body)
	}
	agreed := log("k2")
	if status, _, _ := community.post("/claims", url.Values{"claim": {"attendance.5.1"}, "decision": {"accept"}}); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	if status, body, _ := v.post(agreed+"/undo", url.Values{"reason": {"记错了"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "您本人的出勤已经由别人确认") {
		t.Errorf("%d %s", status, body)
	}
	if status, body, _ := community.post(agreed+"/undo", url.Values{"reason": {"那天没有开会"}}); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	if _, body, _ := v.get(agreed); !strings.Contains(body, "community撤销于") || !strings.Contains(body, "理由：那天没有开会") {
		t.Errorf("%s", body)
	}
}

// TestAnExemptionGoesThroughThePages: the branch registers it and the community
// agrees; a member asks for his own and takes it back.
func TestAnExemptionGoesThroughThePages(t *testing.T) {
	t.Parallel()
	w := open(t)
	member, secretary, community := w.visit(t, "member"), w.visit(t, "secretary"), w.visit(t, "community")
	at := "/members/E2/changes"
	secretary.shows(at, "长假", "本人申请已办", "支部委员会已办", "登记以后，由社区党委在待确认里办", "不计分")
	if body := community.shows(at, "社区党委已办"); strings.Contains(body, "在待确认里办") {
		t.Error("the community is asked for what it decides itself")
	}
	form := url.Values{"do": {"exempt"}, "value": {"长假"}, "from": {"2026-05-01"}, "step": {"本人申请", "支部委员会"}, "key": {"k1"}}
	secretary.sends(at, form, at)
	if body := secretary.shows(at, "登记了，等社区党委同意", "长假，2026-05-01 起", "等社区党委同意", "撤回"); strings.Contains(body, "支部委员会已办") {
		t.Error("a second one is offered while the first waits")
	}
	member.shows("/me", "待确认", "豁免：“长假”，从这天起")
	community.shows("/claims", "fact.1.1", "豁免：“长假”，从这天起", "效果：不计分")
	secretary.sends(at, url.Values{"do": {"withdraw"}, "claim": {"fact.1"}, "key": {"k2"}}, at)
	if body := community.shows("/claims"); strings.Contains(body, "长假") {
		t.Error("what was withdrawn still waits")
	}
	member.shows("/me/claims", "申请豁免", "长假（不计分）")
	if status, body, _ := member.post("/me/exemption", url.Values{"value": {"长假"}, "from": {"2019-05-01"}, "key": {"k3"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "起才在这里") || !strings.Contains(body, `value="2019-05-01"`) {
		t.Errorf("%d %s", status, body)
	}
	member.sends("/me/exemption", url.Values{"value": {"长假"}, "from": {"2026-05-01"}, "key": {"k4"}}, "/me/claims")
	member.shows("/me/claims", "“长假”交上去了，等支部委员会、社区党委同意", `action="/me/claims/fact.3/withdraw"`)
	secretary.sends("/claims", url.Values{"claim": {"fact.3.1"}, "decision": {"accept"}}, "/claims")
	community.sends("/claims", url.Values{"claim": {"fact.3.2"}, "decision": {"accept"}}, "/claims")
	member.shows("/me", "没有总分")
	secretary.shows(at, "现在：长假", "已同意", "撤回</span>")
	secretary.shows("/members/E2/links", "同意", "豁免")
}

// TestAnActivityOfWhichNothingWasAgreedTo stays to be read.
func TestAnActivityOfWhichNothingWasAgreedTo(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	_, _, at := v.post("/branches/"+string(w.East.ID)+"/meeting", url.Values{"key": {"k"}, "kind": {"党课"}, "day": {"2026-05-20"}, "status.E1": {"到会"}})
	w.visit(t, "community").sends("/claims", url.Values{"claim": {"attendance.1.1"}, "decision": {"return"}, "reason": {"没有看到他"}}, "/claims")
	if body := v.shows(at, "党课", "这次活动没有记出勤"); strings.Contains(body, "已经撤销") {
		t.Error("nobody took it back")
	}
}

// TestWhoHandsInLearnsWhatBecameOfIt: a secretary sees what waits of his and takes it
// back, and what came back with the reason; of strangers only the number he wrote.
func TestWhoHandsInLearnsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	w := open(t)
	v, community, clerk := w.visit(t, "secretary"), w.visit(t, "community"), w.visit(t, "clerk")
	deed := url.Values{"branch": {string(w.East.ID)}, "member": {"E2"}, "item": {"表彰"}, "field.级别": {"国家"}, "do": {"save"}}
	for _, day := range []string{"2026-05-20", "2026-05-21"} {
		deed.Set("day", day)
		deed.Set("key", day)
		v.sends("/entries", deed, "/entries/new?branch="+string(w.East.ID))
	}
	v.post("/branches/"+string(w.East.ID)+"/meeting", url.Values{"key": {"m"}, "kind": {"党课"}, "day": {"2026-05-20"}, "status.E2": {"到会"}, "guests": {"W1"}})
	body := v.shows("/claims", "您报的", "等社区党委同意", `action="/claims/entry.1/withdraw"`, "/members/E2/records/entry.2", "编号 W1", "/activities/1")
	if strings.Contains(body, "示例西1") || strings.Contains(body, "/members/W1") || strings.Contains(body, "等别人定的") {
		t.Errorf("%s", body)
	}
	community.sends("/claims", url.Values{"claim": {"entry.1.1"}, "decision": {"return"}, "reason": {"证书看不清"}}, "/claims")
	clerk.sends("/claims", url.Values{"claim": {"attendance.2.1"}, "decision": {"return"}, "reason": {"那天在外地"}}, "/claims")
	if status, _, _ := community.post("/claims/entry.2/withdraw", nil); status != http.StatusNotFound {
		t.Errorf("withdrawn by somebody else: %d", status)
	}
	v.sends("/claims/entry.2/withdraw", nil, "/claims")
	body = v.shows("/claims", "撤回了", "社区党委退回", "证书看不清", "那天在外地", "编号 W1")
	if strings.Contains(body, "/withdraw") {
		t.Error("what has come back or was taken back can be taken back")
	}
	if body := community.shows("/claims"); strings.Contains(body, "entry.2.1") || strings.Contains(body, "您报的") {
		t.Errorf("%s", body)
	}
	w.Later(61 * 24 * time.Hour)
	if body := w.visit(t, "secretary").shows("/claims"); strings.Contains(body, "证书看不清") {
		t.Error("reminded for ever")
	}
}
