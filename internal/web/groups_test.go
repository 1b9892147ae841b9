package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// divide records groups of members of the town.
func (w *town) divide(t *testing.T, names ...string) *town {
	t.Helper()
	expect.NoError(t, "groups", w.DB.Write(t.Context(), func(tx *store.Tx) error {
		for i := 0; i < len(names); i += 2 {
			if err := tx.InsertFact(domain.MemberID(names[i]), domain.Fact{Attribute: domain.Group,
				From: testkit.Day(t, "2026-02-01"), Value: domain.Value{Text: names[i+1]}}, 0); err != nil {
				return err
			}
		}
		return nil
	}))
	return w
}

// nameGroup fills the group into the form of a role that asks for one, and finds that no other
// does.
func nameGroup(t *testing.T, role string, inputs map[string][]string, form url.Values) {
	t.Helper()
	if _, asked := inputs["group"]; asked != (role == "党小组长") {
		t.Errorf("for %s the form asks for a group: %v", role, asked)
	} else if asked {
		form.Set("group", "第二小组")
	}
}

// TestALeaderReadsHisGroupAndNothingElse: its members as they are in it today, nobody of another
// group or branch, no list of an organisation; he writes nothing and exports nothing.
func TestALeaderReadsHisGroupAndNothingElse(t *testing.T) {
	t.Parallel()
	w := open(t)
	leader := w.visit(t, "leader")
	_, _, to := leader.get("/")
	expect.Equal(t, "his first page", to, "/group")
	_, page, _ := leader.get("/group")
	expect.Contains(t, page, "现在没有人登记在这个党小组")

	w.divide(t, "E2", testkit.LedGroup, "E1", "第二小组", "W1", testkit.LedGroup)
	_, page, _ = leader.get("/group")
	expect.Contains(t, page, "/members/E2")
	for _, other := range []string{"/members/E1", "/members/W1", "/ranking"} {
		expect.Lacks(t, page, other)
	}
	for path, want := range map[string]int{
		"/members/E2": http.StatusOK, "/members/E2/links": http.StatusOK, "/members/E1": http.StatusNotFound,
		"/members/W1": http.StatusNotFound, "/branches/" + string(w.East.ID): http.StatusNotFound,
		"/branches/" + string(w.East.ID) + "/groups": http.StatusNotFound, "/ranking": http.StatusNotFound,
		"/ranking/export": http.StatusForbidden, "/members/E2/changes": http.StatusForbidden,
		"/entries/new": http.StatusForbidden, "/claims": http.StatusForbidden,
	} {
		status, _, _ := leader.get(path)
		expect.Equal(t, "the leader reads "+path, status, want)
	}
	status, _, _ := leader.post("/entries", url.Values{"do": {"save"}, "member": {"E2"}, "item": {"好事"},
		"day": {"2026-05-21"}})
	expect.Equal(t, "the leader records", status, http.StatusForbidden)

	w.divide(t, "E2", "第二小组")
	status, _, _ = leader.get("/members/E2")
	expect.Equal(t, "who is in another group since", status, http.StatusNotFound)
	status, _, _ = w.visit(t, "secretary").get("/group")
	expect.Equal(t, "who leads none", status, http.StatusNotFound)
}

// TestTheGroupsOfABranch: who is in which and who leads it; the list of the branch by group; the
// question of a near name on the way to recording.
func TestTheGroupsOfABranch(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.divide(t, "E2", testkit.LedGroup)
	secretary := w.visit(t, "secretary")
	branch := "/branches/" + string(w.East.ID)
	_, page, _ := secretary.get(branch + "/groups")
	for _, want := range []string{testkit.LedGroup + "（1 人）", "组长 leader", "没有登记的（1 人）", "签到"} {
		expect.Contains(t, page, want)
	}
	_, page, _ = secretary.get(branch + "/groups?by=" + url.QueryEscape(domain.Hub))
	expect.Contains(t, page, "还没有登记党员中心户")
	_, page, _ = secretary.get(branch + "?group=" + url.QueryEscape(testkit.LedGroup))
	expect.Contains(t, page, "党员积分（1 人）")
	expect.Contains(t, page, `href="/members/E2"`)
	expect.Lacks(t, page, `<a href="/members/E1">`)

	community := w.visit(t, "community")
	form := url.Values{"do": {"fact"}, "attribute": {domain.Group}, "value": {"第1小组"}, "from": {"2026-05-22"}}
	_, page, _ = community.post("/members/E1/changes", form)
	expect.Contains(t, page, "支部里已经有“"+testkit.LedGroup+"”，名称差不多")
	form.Set("seen", "1")
	status, _, _ := community.post("/members/E1/changes", form)
	expect.Equal(t, "recording it all the same", status, http.StatusSeeOther)
	_, page, _ = secretary.get(branch + "/groups")
	expect.True(t, strings.Contains(page, "第1小组（1 人）"), "the page has the group", "第1小组")

	facts := url.Values{"attribute": {domain.Group}, "day": {"2026-05-23"}, "cell.E2": {"一组"}, "do": {"preview"}}
	_, page, _ = community.post(branch+"/facts", facts)
	expect.Contains(t, page, "名称差不多：是同一个，返回照它写")
	facts.Set("do", "save")
	status, _, _ = community.post(branch+"/facts", facts)
	expect.Equal(t, "recording many", status, http.StatusSeeOther)
}
