package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestAChangeByTheAPI is foreseen, recorded, listed and taken back as on the pages.
func TestAChangeByTheAPI(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Follow(t, strings.NewReplacer("类别:", "默认: {补录: 30天}\n属性: {照顾: 是否}\n类别:",
		"基础: {起点: 80", "基础: {起点: {照顾: 85, 其余: 80}").Replace(testkit.Rules))
	const at = "/members/E2/changes"
	body := `{"do":"fact","attribute":"照顾","value":"是","from":"2026-01-01"`
	for _, c := range []struct {
		by, path, body string
		status         int
		want           []string
	}{
		{"clerk", at, body + `,"preview":true}`, http.StatusOK,
			[]string{`"kept":false`, `"total":"80"`, `"total":"85"`, "补录"}},
		{"secretary", at, body + `}`, http.StatusForbidden, []string{"30天以内补录"}},
		{"clerk", at, body + `}`, http.StatusUnprocessableEntity, []string{"为什么晚了"}},
		{"clerk", at, body + `,"reason":"五月才通知"}`, http.StatusCreated, []string{`"kept":true`, `"total":"85"`}},
		{"clerk", at, `{"do":"move","from":"2026-05-01"}`, http.StatusUnprocessableEntity, []string{"要写 org"}},
		{"clerk", at, `{"do":"fly","from":"2026-05-01"}`, http.StatusUnprocessableEntity, []string{"fact"}},
		{"secretary", "/members/W1/changes", body + `}`, http.StatusNotFound, nil},
		{"clerk", at + "/fact.99/reversal", `{"reason":"记错了"}`, http.StatusNotFound, nil},
	} {
		got := w.ask(http.MethodPost, c.path, w.token(t, c.by), c.body)
		if got.Code != c.status {
			t.Errorf("%s %s %s: status %d, want %d: %s", c.by, c.path, c.body, got.Code, c.status, got.Body)
		}
		for _, want := range c.want {
			if !strings.Contains(got.Body.String(), want) {
				t.Errorf("%s %s %s: no %s in %s", c.by, c.path, c.body, want, got.Body)
			}
		}
	}
	clerk := w.token(t, "clerk")
	var list struct {
		Changes []struct{ ID, What, Reason string }
	}
	if err := json.Unmarshal([]byte(w.answer(t, 200, "GET", at, clerk, "")), &list); err != nil {
		t.Fatal(err)
	}
	id := ""
	for _, item := range list.Changes {
		if item.What == "照顾" && item.Reason == "五月才通知" {
			id = item.ID
		}
	}
	back := at + "/" + id + "/reversal"
	expect.Contains(t, w.answer(t, 200, "POST", back, clerk, `{"preview":true}`), `"total":"80"`)
	expect.Contains(t, w.answer(t, 201, "POST", back, clerk, `{"reason":"记错了"}`), `"kept":true`)
	expect.Contains(t, w.answer(t, 200, "GET", at, clerk, ""), `"reversed":{`)
	w.answer(t, 409, "POST", back, clerk, `{"reason":"再撤"}`)
}

// TestATransferIsAskedForByTheAPI from where the member goes, stands in the queue with where
// to, and is taken back by who asked.
func TestATransferIsAskedForByTheAPI(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Hire(t, "west", domain.RoleSecretary, w.West.ID)
	west, community := w.token(t, "west"), w.token(t, "community")
	ask := func(name string) string {
		return `{"do":"move","org":"` + string(w.West.ID) + `","from":"2026-05-20","name":"` + name + `"}`
	}
	hidden := w.answer(t, 404, "POST", "/members/E2/changes", west, ask("示例东1"))
	expect.Equal(t, "what is said of who is absent", w.answer(t, 404, "POST", "/members/E9/changes", west, ask("示例东1")),
		strings.ReplaceAll(hidden, "E2", "E9"))
	w.answer(t, 404, "POST", "/members/E2/changes", west, ask(""))
	got := w.answer(t, 201, "POST", "/members/E2/changes", west, ask("示例东2"))
	expect.Contains(t, got, `"asked":["转出方社区党委"]`)
	expect.True(t, !strings.Contains(got, "80"), "no points of who is asked for", got)
	var queue struct {
		Claims []struct {
			ID       string
			Transfer struct{ Org, Name string }
		}
	}
	if err := json.Unmarshal([]byte(w.answer(t, 200, "GET", "/claims", community, "")), &queue); err != nil {
		t.Fatal(err)
	}
	expect.Len(t, "what the community decides", queue.Claims, 1)
	expect.Equal(t, "where to", queue.Claims[0].Transfer.Org, string(w.West.ID))
	expect.Equal(t, "its name", queue.Claims[0].Transfer.Name, "西支部")
	back := "/claims/" + queue.Claims[0].ID + "/withdrawal"
	w.answer(t, 404, "POST", back, community, "")
	w.answer(t, 201, "POST", back, west, "")
}

// TestOrganisationsByTheAPI are set up, renamed, closed and opened, and a like name is asked
// back.
func TestOrganisationsByTheAPI(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk, secretary := w.token(t, "clerk"), w.token(t, "secretary")
	at := "/orgs/" + string(w.East.ID) + "/changes"
	expect.Contains(t, w.answer(t, 201, "POST", at, clerk, `{"do":"rename","name":"前进支部","from":"2026-05-01"}`),
		`"name":"前进支部"`)
	expect.Contains(t, w.answer(t, 200, "GET", "/orgs", clerk, ""), `"former":["东支部"]`)
	made := `{"parent":"` + string(w.East.Parent) + `","name":"东支部"`
	expect.Contains(t, w.answer(t, 422, "POST", "/orgs", clerk, made+`}`), "以前的名称")
	w.answer(t, 403, "POST", "/orgs", secretary, made+`}`)
	w.answer(t, 201, "POST", "/orgs", clerk, made+`,"sure":true}`)
	w.answer(t, 404, "POST", "/orgs", clerk, `{"parent":"999","name":"南支部"}`)
	expect.Contains(t, w.answer(t, 409, "POST", at, clerk, `{"do":"close","from":"2026-05-02"}`), "还有 2 名党员")
	w.answer(t, 422, "POST", at, clerk, `{"do":"rename","from":"2026-05-02"}`)
	w.answer(t, 404, "POST", "/orgs/999/changes", clerk, `{"do":"close","from":"2026-05-02"}`)
}
