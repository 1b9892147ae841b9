package api_test

import (
	"encoding/json"
	"testing"

	"jifen/internal/domain"
)

// TestTheAPIKnowsEveryKindOfRequest: who decides gets it with what it is about, and
// a decision by its id is taken.
func TestTheAPIKnowsEveryKindOfRequest(t *testing.T) {
	t.Parallel()
	for _, k := range open(t).Ledger.Requests.Kinds() {
		t.Run(string(k.Code), func(t *testing.T) {
			t.Parallel()
			h := open(t)
			q := h.HandIn(t, k.Code)
			var queue struct {
				Claims []struct {
					ID, State, Subject, Item, Kind, Exempt, On string
					Worth                                      *string
				}
			}
			community := h.token(t, "community")
			body := h.answer(t, 200, "GET", "/claims", community, "")
			if err := json.Unmarshal([]byte(body), &queue); err != nil || len(queue.Claims) != 1 {
				t.Fatalf("%s, %v", body, err)
			}
			c := queue.Claims[0]
			if c.ID != q.ID.String() || c.State != string(q.State) || c.On != q.On.String() {
				t.Errorf("%s: got %+v", k.Code, c)
			}
			if c.Subject != q.Subject {
				t.Errorf("%s is told to be about %q, want %q", k.Code, c.Subject, q.Subject)
			}
			own := map[domain.RequestKind]string{
				domain.EntryRequest: c.Item, domain.AttendanceRequest: c.Kind, domain.ExemptionRequest: c.Exempt,
			}
			if about, has := own[k.Code]; has && about != q.Subject {
				t.Errorf("%s is told to be about %q in its own field, want %q", k.Code, about, q.Subject)
			}
			if (c.Worth != nil) != (k.Knows != nil) {
				t.Errorf("%s: worth is %v", k.Code, c.Worth)
			}
			said := `{"decision":"退回","reason":"看不清","claims":[{"id":"` + c.ID + `","step":1}]}`
			h.answer(t, 201, "POST", "/claims/decisions", community, said)
			h.answer(t, 409, "POST", "/claims/decisions", community, said)
		})
	}
}
