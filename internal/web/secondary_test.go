package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// westSecretary gives the west a secretary: the second clerk, who is clerk no
// longer. An online branch stands beside, which the east's secretary looks after.
func westSecretary(t *testing.T, w *town) (online domain.Org) {
	t.Helper()
	seal(t, w, func(tx *store.Tx) (err error) {
		if online, err = tx.InsertOrg(domain.Org{Parent: w.East.Parent, Level: domain.Branch, Kind: "网络",
			Name: "网络支部"}); err != nil {
			return err
		}
		id := w.Second.Account
		return errors.Join(tx.InsertAssignment(id, domain.RoleStreet, w.Street.ID, true, 0),
			tx.InsertAssignment(id, domain.RoleSecretary, w.West.ID, false, 0),
			tx.InsertAssignment(w.Secretary.Account, domain.RoleSecretary, online.ID, false, 0),
			tx.InsertFact("W1", domain.Fact{Attribute: "豁免", From: testkit.Day(t, "2026-01-01"),
				Value: domain.Value{Text: "免会"}}, 0))
	})
	return online
}

// TestAFloatingMemberAttendsElsewhere: his branch registers it, the other branch
// has him on its list and sees no more of him, what it logs waits for his branch
// and counts there; then it ends.
func TestAFloatingMemberAttendsElsewhere(t *testing.T) {
	t.Parallel()
	w := open(t)
	online := westSecretary(t, w)
	home, host := w.visit(t, "second"), w.visit(t, "secretary")
	const changes = "/members/W1/changes"
	address := "/branches/" + string(w.East.ID) + "/activity"
	host.opens(address).OK().Lacks("示例西1")
	home.opens(changes).OK().Shows("在别的支部参加活动").Has("option", "东支部").Has("option", "网络支部").HasNo("option", "西支部")
	attend := func(do string, org domain.Org, from string) (int, string, string) {
		return home.post(changes, url.Values{"key": {do + string(org.ID) + from}, "do": {do}, "branch": {string(org.ID)},
			"from": {from}})
	}
	if status, body, _ := attend("secondary", w.East, "2026-06-02"); status != http.StatusUnprocessableEntity ||
		!strings.Contains(body, "到那一天再登记") || !strings.Contains(body, `<option value="`+string(w.East.ID)+`" selected>`) ||
		!strings.Contains(body, `value="2026-06-02"`) {
		t.Errorf("tomorrow: %d %s", status, body)
	}
	for _, org := range []domain.Org{w.East, online} {
		if status, body, to := attend("secondary", org, "2026-05-01"); status != http.StatusSeeOther || to != changes {
			t.Fatalf("%d %s", status, body)
		}
	}
	home.opens(changes).OK().Shows("东支部 流入，2026-05-01 起", "网络支部 参加，").HasNo("#branch option", "东支部")
	if status, body, _ := attend("secondary", w.East, "2026-05-02"); status != http.StatusUnprocessableEntity ||
		!strings.Contains(body, "自 2026-05-01 起已经登记") {
		t.Errorf("twice: %d %s", status, body)
	}

	_, body, _ := host.get(address)
	if !strings.Contains(body, `示例西1</span> <span class="soft">属西支部</span>`) || strings.Contains(body, "免会") ||
		strings.Contains(body, "示例西2") {
		t.Errorf("the host's list: %s", body)
	}
	for _, path := range []string{"/members/W1", changes} {
		host.opens(path).Status(http.StatusNotFound)
	}
	form := url.Values{"key": {"k1"}, "kind": {"党课"}, "day": {"2026-05-20"}, "status.E2": {"到会"}, "status.W1": {"到会"}}
	status, body, activity := host.post(address, form)
	if status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	host.opens(activity).OK().Shows("别的支部的，分记在那边", "到会 2 人", "示例西1").Has("strong", "2 人，+0.5 分，其中 1 人待确认").
		Lacks("/members/W1")
	_, body, _ = home.get("/claims")
	_, claim, ok := strings.Cut(body, `name="claim" value="`)
	if !ok || !strings.Contains(body, "示例西1") || !strings.Contains(body, "党课：到会") {
		t.Fatalf("%s", body)
	}
	claim, _, _ = strings.Cut(claim, `"`)
	host.opens("/claims").OK().Lacks(claim)
	home.opens("/members/W1").OK().Lacks("80.5")
	home.sends("/claims", url.Values{"decision": {"accept"}, "claim": {claim}}).Status(http.StatusSeeOther).Must()
	home.opens("/members/W1").OK().Shows("80.5")
	host.opens(activity).OK().Has("strong", "2 人，+0.5 分")

	if status, body, to := attend("end-secondary", w.East, "2026-06-01"); status != http.StatusSeeOther || to != changes {
		t.Fatalf("%d %s", status, body)
	}
	home.opens(changes).OK().Has("td", "东支部（结束）").Has("option", "东支部").HasNo("strong", "东支部")
	host.opens(address).OK().Lacks("示例西1")
}

// TestAMeetingOfGuestsOnly: an online branch has no members of its own, and what it
// logged is there all the same.
func TestAMeetingOfGuestsOnly(t *testing.T) {
	t.Parallel()
	w := open(t)
	online := westSecretary(t, w)
	w.visit(t, "second").sends("/members/W1/changes",
		url.Values{"do": {"secondary"}, "branch": {string(online.ID)},
			"from": {"2026-05-01"}}).Status(http.StatusSeeOther).Must()
	host := w.visit(t, "secretary")
	host.sends("/account/office", url.Values{"office": {"secretary:" + string(online.ID)}}).LeadsTo("/")
	address := "/branches/" + string(online.ID) + "/activity"
	host.opens(address).OK().Shows("属西支部")
	status, body, activity := host.post(address, url.Values{"kind": {"党课"}, "day": {"2026-05-20"}, "status.W1": {"到会"}})
	if status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	host.opens(activity).OK().Has("strong", "1 人，0 分，其中 1 人待确认").Lacks("已经撤销", "没有记出勤")
	host.sends(activity+"/undo", nil).Status(http.StatusSeeOther)
	host.opens(activity).OK().Shows("这次活动已经撤销")
}
