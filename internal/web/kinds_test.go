package web_test

import (
	"net/url"
	"testing"

	"jifen/internal/app/requests"
	"jifen/internal/store"
)

// TestPagesKnowEveryKindOfRequest: in the queue of who decides, on the page of the
// member it is about, among what its author handed in, and decided there.
func TestPagesKnowEveryKindOfRequest(t *testing.T) {
	t.Parallel()
	for _, k := range open(t).Ledger.Requests.Kinds() {
		t.Run(string(k.Code), func(t *testing.T) {
			t.Parallel()
			w := open(t)
			q := w.HandIn(t, k.Code)
			var d requests.Details
			if err := w.DB.Read(t.Context(), func(v *store.Snapshot) (err error) {
				d, err = k.Details(v, &q)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			secretary, community := w.visit(t, "secretary"), w.visit(t, "community")
			value := q.ID.String() + ".1"
			community.opens("/claims").OK().Shows(d.Label, "等").Has(`[name="claim"][value="` + value + `"]`)
			community.opens("/members/E1").OK().Shows(d.Label, "待确认")
			own, withdraw := secretary.opens("/claims").OK().Shows("您报的", d.Label),
				`[action="/claims/`+q.ID.String()+`/withdraw"]`
			if k.Keeps == "" {
				own.Has(withdraw)
			} else {
				own.HasNo(withdraw)
			}
			back := url.Values{"claim": {value}, "decision": {"return"}, "reason": {"看不清"}}
			community.sends("/claims", back).LeadsTo("/claims").Must()
			secretary.opens("/claims").OK().Shows("退回", "看不清", d.Label)
			community.opens("/members/E1/links").OK().Shows("申报 "+q.Subject, "退回 "+q.Subject)
		})
	}
}

// Activity is the part of the matrix of activity.go.
func (matrix) Activity() string {
	return `
GET /activities/:id: secretary recorder leader community clerk auditor
GET /branches/:id/activity: secretary recorder community clerk
POST /branches/:id/activity: secretary recorder community clerk
POST /activities/:id/correct: secretary recorder community clerk
POST /activities/:id/undo: secretary recorder community clerk
`
}
