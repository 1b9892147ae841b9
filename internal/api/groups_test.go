package api_test

import (
	"testing"

	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestGroupsByTheAPI: the branch's by who sees it, the leader's own by him, as they are when it is
// asked: his token is not held with who was in the group before.
func TestGroupsByTheAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	divide := func(name string) {
		expect.NoError(t, "a group", h.DB.Write(t.Context(), func(tx *store.Tx) error {
			return tx.InsertFact("E2", domain.Fact{Attribute: domain.Group, From: testkit.Day(t, "2026-02-01"),
				Value: domain.Value{Text: name}}, 0)
		}))
	}
	divide(testkit.LedGroup)
	leader, secretary := h.token(t, "leader"), h.token(t, "secretary")
	w := h.ask("GET", "/branches/"+string(h.East.ID)+"/groups", secretary, "")
	expect.Contains(t, w.Body.String(), `"name":"第一小组","leaders":["leader"],"members":[{"id":"E2"`)
	w = h.ask("GET", "/branches/"+string(h.East.ID)+"/groups", leader, "")
	expect.Equal(t, "the branch by the leader", w.Code, 404)
	w = h.ask("GET", "/group", leader, "")
	expect.Contains(t, w.Body.String(), `"name":"第一小组","branch":"东支部","period":"2026"`, `"id":"E2"`, `"total":"80"`)
	expect.Equal(t, "the group of who leads none", h.ask("GET", "/group", secretary, "").Code, 404)
	for range 2 {
		expect.Equal(t, "one of the group", h.ask("GET", "/members/E2/standing", leader, "").Code, 200)
	}
	expect.Equal(t, "one of no group", h.ask("GET", "/members/E1/standing", leader, "").Code, 404)
	expect.Equal(t, "a list", h.ask("GET", "/members", leader, "").Code, 404)

	divide("第二小组")
	expect.Equal(t, "who is in another group since", h.ask("GET", "/members/E2/standing", leader, "").Code, 404)
	w = h.ask("GET", "/group", leader, "")
	expect.Contains(t, w.Body.String(), `"members":[]`)
}
