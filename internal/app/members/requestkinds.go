package members

import (
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// requestKinds returns the rows of what waits of members: exemptions (豁免) and
// corrections (更正申请).
func (s *Recorder) requestKinds() []requests.Kind {
	return []requests.Kind{{
		Code: domain.ExemptionRequest, Title: "豁免", Details: s.exemptionDetails,
		Accept: func(tx *store.Tx, _ *access.Actor, q *domain.Request, _ bool) error {
			return s.unlockedOf(&tx.Snapshot, &q.Member, q.On)
		},
	}, {
		Code: domain.CorrectionRequest, Title: "更正申请", Answers: true, Details: correctionDetails,
		Accept: func(*store.Tx, *access.Actor, *domain.Request, bool) error { return nil },
	}, {
		Code: domain.TransferRequest, Title: "转接组织关系", Details: s.transferDetails, Accept: s.acceptTransfer,
	}}
}

func (s *Recorder) exemptionDetails(v *store.Snapshot, q *domain.Request) (requests.Details, error) {
	out := requests.Details{Label: "豁免：“" + q.Subject + "”，从这天起", Exempt: q.Subject}
	book, err := s.standings.Book(v, q.Member.Home.Path, q.On)
	if fault.CodeOf(err) == fault.NotFound { // nothing is scored on that day
		return out, nil
	}
	if err == nil {
		out.Remarks = []requests.Word{{Name: "效果", Text: Exempts(book, q.Subject)}}
	}
	return out, err
}

// Exempts returns the effect of an exemption in words.
func Exempts(book *ruleset.RuleSet, code string) string {
	for i := range book.Exemptions {
		e := &book.Exemptions[i]
		if e.Code != code {
			continue
		}
		var words []string
		switch {
		case e.NotScored:
			words = append(words, "不计分")
		case e.NotRanked:
			words = append(words, "不排名")
		}
		for _, item := range e.Items {
			words = append(words, "免"+book.Items[item].Name)
		}
		return strings.Join(words, "、")
	}
	return ""
}
