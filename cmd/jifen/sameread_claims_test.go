package main

import (
	"encoding/json"
	"net/http"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// claimedTown is someTown in which the member E2 claimed two entries, of which one was
// returned, and the secretary E1 one.
func claimedTown(t *testing.T) *doors {
	t.Helper()
	d, _ := someTown(t)
	ctx, day := t.Context(), testkit.Day(t, "2026-05-10")
	claim := func(by *access.Actor, item string, fields map[string]string) domain.RequestID {
		t.Helper()
		e := entries.EntryInput{Member: by.Member, Item: item, On: day, Fields: fields}
		done, err := d.Entries.Post(ctx, by, e, "")
		if err != nil {
			t.Fatal(err)
		}
		return done.Request
	}
	claim(d.Member, "好事", nil)
	returned := claim(d.Member, "服务", map[string]string{"时长": "3"})
	claim(d.Secretary, "服务", map[string]string{"时长": "2"})
	_, err := d.Ledger.Requests.Decide(ctx, d.Secretary, []requests.Ruling{{Request: returned}},
		requests.Answer{Reason: "写清楚"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// claimed is a claim as the API tells it.
type claimed struct {
	State, Item, On string
	Member          struct{ Name string }
	Fields          map[string]string
	Steps           []struct{ Reason string }
}

// shows finds a claim in the rows of a page.
func (k *claimed) shows(page *expect.Page, rows string) {
	row := page.In(rows, k.Item).Shows(k.On)
	for name, value := range k.Fields {
		row.Shows(name, value)
	}
	for _, step := range k.Steps {
		row.Shows(step.Reason)
	}
}

// TestTheQueueIsReadAlike: by page and over the API everybody is told the same to
// decide, and the same that others decide; neither leaves a line in the trail.
func TestTheQueueIsReadAlike(t *testing.T) {
	t.Parallel()
	d := claimedTown(t)
	for login, want := range map[string]struct{ status, mine, others int }{
		"member": {status: http.StatusForbidden}, "auditor": {status: http.StatusForbidden},
		"admin":     {status: http.StatusForbidden},
		"secretary": {http.StatusOK, 1, 1}, // his own is for others
		"community": {http.StatusOK, 1, 1},
		"clerk":     {http.StatusOK, 0, 2},
	} {
		p := d.person(t, login)
		what := login + " reads the queue"
		page, answer := p.page("/claims"), p.api("/claims")
		expect.Equal(t, what+" on the page", page.status, want.status)
		expect.Equal(t, what+" over the API", answer.status, want.status)
		expect.Empty(t, what+" on the page, in the trail", page.trail)
		expect.Empty(t, what+" over the API, in the trail", answer.trail)
		if want.status != http.StatusOK {
			expect.Lacks(t, page.body, "示例")
			expect.Lacks(t, answer.body, "示例")
			continue
		}
		var queue struct{ Claims, Others []claimed }
		if err := json.Unmarshal([]byte(answer.body), &queue); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		expect.Len(t, what+": to decide", queue.Claims, want.mine)
		expect.Len(t, what+": for others", queue.Others, want.others)
		shown := expect.NewPage(t, what, page.body).Count("table.claims tbody tr", want.mine)
		for i := range queue.Claims {
			queue.Claims[i].shows(shown, "table.claims tbody tr")
		}
		handed := 0 // what he has handed in himself has a list of its own
		for i := range queue.Others {
			k := &queue.Others[i]
			rows := `section[aria-labelledby="others"] li`
			if login == "secretary" {
				rows, handed = `section[aria-labelledby="handed"] li`, handed+1
			}
			shown.In(rows, k.Item).Shows(k.Member.Name, k.On)
		}
		shown.Count(`section[aria-labelledby="others"] li`, want.others-handed)
	}
}

// TestOnesOwnClaimsAreReadAlike: a member is told the same of his claims by page and
// over the API, with the reason of what was returned; nobody else has such a list, and
// what is one's own leaves no line.
func TestOnesOwnClaimsAreReadAlike(t *testing.T) {
	t.Parallel()
	d := claimedTown(t)
	for _, login := range []string{"member", "secretary", "community", "clerk", "auditor", "admin"} {
		p := d.person(t, login)
		want := http.StatusForbidden
		if login == "member" {
			want = http.StatusOK
		}
		what := login + " reads his own claims"
		page, answer := p.page("/me/claims"), p.api("/me/claims")
		expect.Equal(t, what+" on the page", page.status, want)
		expect.Equal(t, what+" over the API", answer.status, want)
		expect.Empty(t, what+" on the page, in the trail", page.trail)
		expect.Empty(t, what+" over the API, in the trail", answer.trail)
		if want != http.StatusOK {
			expect.Lacks(t, answer.body, "服务")
			continue
		}
		var own struct{ Claims []claimed }
		if err := json.Unmarshal([]byte(answer.body), &own); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		expect.Len(t, what, own.Claims, 2)
		shown := expect.NewPage(t, what, page.body).Count("article.claim", len(own.Claims))
		for i := range own.Claims {
			k := &own.Claims[i]
			k.shows(shown, "article.claim")
			shown.In("article.claim", k.Item).Has(".tag", k.State)
		}
		expect.Contains(t, answer.body, "写清楚")
	}
}
