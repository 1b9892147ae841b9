package testkit_test

import (
	"strings"
	"testing"

	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/audit"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/app/periods"
	"jifen/internal/app/requests"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// asked is one request of a street, and its answer.
type asked struct {
	what   string
	of     func(t *testing.T, town *testkit.Town) (any, error)
	beyond string // the reason why it needs rows of other streets; "" = it needs none
}

// recorded are the requests that put something in, in their order.
func recorded() []asked {
	return []asked{
		{"an entry", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Entries.Post(t.Context(), town.Secretary, entries.EntryInput{Member: "E2", Item: "服务",
				On: testkit.Day(t, "2026-05-20"), Fields: map[string]string{"时长": "5"}, Note: "值班"}, "key 1")
		}, ""},
		{"the entry again", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Entries.Post(t.Context(), town.Secretary, entries.EntryInput{Member: "E2", Item: "服务",
				On: testkit.Day(t, "2026-05-20"), Fields: map[string]string{"时长": "5"}, Note: "值班"}, "key 1")
		}, ""},
		{"entries at once, taken back", func(t *testing.T, town *testkit.Town) (any, error) {
			r, err := town.Entries.PostBulk(t.Context(), town.Clerk, entries.BulkEntry{Item: "好事",
				On: testkit.Day(t, "2026-05-21"), Rows: []entries.BulkRow{{Member: "E2"}, {Member: "W1"}}}, "key 2")
			if err != nil {
				return nil, err
			}
			_, n, err := town.Entries.Undo(t.Context(), town.Clerk, r.First, r.Last)
			return []any{r, n}, err
		}, ""},
		{"a paper record", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Entries.Import(t.Context(), town.Clerk, entries.Paper{Name: "台账", Entries: []entries.EntryInput{
				{Member: "W2", Item: "好事", On: testkit.Day(t, "2026-02-03"), Note: "抄录"}}}, false)
		}, ""},
		{"an activity", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Activities.Record(t.Context(), town.Secretary, activities.ActivityInput{Org: town.East.ID, Kind: "党课",
				On: testkit.Day(t, "2026-05-10"), Title: "第一课", Lines: []activities.Line{
					{Member: "E1", Status: "到会"}, {Member: "E2", Status: "缺席"}}}, "key 3")
		}, ""},
		{"its attendance corrected", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Activities.Correct(t.Context(), town.Clerk, activities.Correction{Activity: 2, Member: "E2",
				Status: "补课", MadeUpOn: testkit.Day(t, "2026-05-20"), Reason: "补了课"}, "")
		}, ""},
		{"requests of every kind", func(t *testing.T, town *testkit.Town) (any, error) {
			var all []domain.RequestID
			for _, kind := range []domain.RequestKind{domain.EntryRequest, domain.AttendanceRequest, domain.ExemptionRequest} {
				q := town.HandIn(t, kind)
				all = append(all, q.ID)
				if err := town.Decide(town.Community, &requests.Queued{Request: q}, kind != domain.EntryRequest,
					"已核"); err != nil {
					return nil, err
				}
			}
			return all, nil
		}, ""},
		{"a draft of a request", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Ledger.Requests.SaveDraft(t.Context(), town.Member, 0, map[string]string{"item": "表彰"})
		}, ""},
		{"a claim, withdrawn", func(t *testing.T, town *testkit.Town) (any, error) {
			e, err := town.Entries.Post(t.Context(), town.Member, entries.EntryInput{Member: "E2", Item: "表彰",
				On: testkit.Day(t, "2026-05-22"), Fields: map[string]string{"级别": "街道"}, Note: "证书"}, "")
			if err != nil {
				return nil, err
			}
			return town.Ledger.Requests.Withdraw(t.Context(), town.Member, e.Request, "")
		}, ""},
		{"a reversal", func(t *testing.T, town *testkit.Town) (any, error) {
			e, err := town.Entries.Post(t.Context(), town.Clerk, entries.EntryInput{Member: "W2", Item: "好事",
				On: testkit.Day(t, "2026-05-25")}, "")
			if err != nil {
				return nil, err
			}
			return town.Entries.Reverse(t.Context(), town.Clerk, e.Entry, "重复录入", "key 4")
		}, ""},
		{"what holds of a member", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Ledger.ChangeFact(t.Context(), town.Clerk, members.FactChange{Member: "W1", Attribute: "豁免",
				Value: "不计", From: testkit.Day(t, "2026-05-25"), Approved: []string{"支部委员会"}}, "")
		}, ""},
		{"a guest of another branch", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Ledger.RecordSecondary(t.Context(), town.Secretary, members.SecondaryInput{Member: "E2",
				Org: town.West.ID, From: testkit.Day(t, "2026-05-01")}, "")
		}, ""},
		{"a move between branches", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Ledger.Move(t.Context(), town.Clerk, members.Move{Member: "W2", To: town.East.ID,
				From: testkit.Day(t, "2026-06-01"), Seen: true}, "key 5")
		}, ""},
		{"a new member", func(t *testing.T, town *testkit.Town) (any, error) {
			in := store.InStreets(t.Context(), []string{town.East.Path})
			return nil, town.DB.Write(in, func(tx *store.Tx) error {
				if err := tx.InsertMemberAt(town.East.ID, "E9", "示例新", "slx"); err != nil {
					return err
				}
				if err := tx.InsertAffiliation(domain.Affiliation{Member: "E9", Kind: domain.Home, Org: town.East.ID,
					From: testkit.Day(t, "2026-05-01")}, 0); err != nil {
					return err
				}
				return audit.Record(tx, town.Clerk, audit.Imported, audit.What{Member: "E9"})
			})
		}, ""},
		{"a branch set up, renamed", func(t *testing.T, town *testkit.Town) (any, error) {
			o, err := town.Orgs.Create(t.Context(), town.Clerk, orgs.Creation{Parent: town.East.Parent, Name: "新支部"})
			if err != nil {
				return nil, err
			}
			return town.Orgs.Change(t.Context(), town.Clerk, domain.OrgChange{Org: o.ID, Kind: domain.OrgRenamed,
				Name: "东新支部", From: testkit.Day(t, "2026-06-01")})
		}, "its number is the next of all organisations, which are few and kept whole"},
		{"an account, signed in", func(t *testing.T, town *testkit.Town) (any, error) {
			if _, _, err := town.Accounts.Open(t.Context(), town.Security, accounts.Opening{Login: "west", Name: "示例西",
				Member: "W1", Roles: []accounts.Role{{Role: domain.RoleMember}}}); err != nil {
				return nil, err
			}
			return town.Accounts.SignIn(t.Context(), accounts.Credentials{Login: "clerk", Password: testkit.Password})
		}, ""},
		{"rules, confirmed and withdrawn", func(t *testing.T, town *testkit.Town) (any, error) {
			for i, from := range []string{"2027-01-01", "2028-01-01"} {
				source := strings.Replace(testkit.Rules, "施行: 2026-01-01", "施行: "+from, 1)
				id, err := town.Enactment.Propose(t.Context(), town.Clerk, rules.Proposal{Org: town.Street.ID,
					Name: "t.yaml", Source: []byte(source)})
				if err != nil {
					return nil, err
				}
				if _, err := town.Enactment.Review(t.Context(), town.Second, id); err != nil {
					return nil, err
				}
				if i == 0 {
					err = town.Enactment.Confirm(t.Context(), town.Second, id, "", false)
				} else {
					err = town.Enactment.Withdraw(t.Context(), town.Clerk, id, "", "不要了")
				}
				if err != nil {
					return nil, err
				}
			}
			return nil, nil //nolint:nilnil // it was done
		}, ""},
		{"a text erased", func(t *testing.T, town *testkit.Town) (any, error) {
			texts, err := town.Members.Texts(t.Context(), town.Clerk, "E2")
			if err != nil || len(texts.Texts) == 0 {
				return texts, err
			}
			return town.Ledger.EraseTexts(t.Context(), town.Clerk, members.TextErasure{Member: "E2",
				Texts: []domain.TextID{texts.Texts[0].ID}, Reason: "本人要求"}, "")
		}, ""},
		{"a period locked, opened", func(t *testing.T, town *testkit.Town) (any, error) {
			done, err := town.Locks.Take(t.Context(), town.Clerk, periods.Step{Below: town.Street.ID, Period: "2026",
				Lock: true})
			if err != nil {
				return done, err
			}
			return town.Locks.Take(t.Context(), town.Clerk, periods.Step{Branches: []domain.OrgID{town.East.ID},
				Period: "2026", Reason: "补记"})
		}, ""},
	}
}

// looked are the requests that read.
func looked() []asked {
	all := []asked{
		{"the branches", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Standings.Overview(t.Context(), town.Clerk, standings.OverviewQuery{})
		}, ""},
		{"a branch", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Orgs.Branch(t.Context(), town.Secretary, town.East.ID, standings.When{})
		}, ""},
		{"the members of a branch", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Orgs.Members(t.Context(), town.Secretary, town.East.ID, "", 50)
		}, ""},
		{"the tree", func(t *testing.T, town *testkit.Town) (any, error) { return town.Orgs.Tree(t.Context(), town.Clerk) },
			""},
		{"an organisation", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Orgs.Detail(t.Context(), town.Clerk, town.East.ID)
		}, ""},
		{"the ranking", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Standings.Ranking(t.Context(), town.Clerk, standings.ListQuery{Org: town.Street.ID})
		}, ""},
		{"the ranking of last month", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Standings.Ranking(t.Context(), town.Clerk, standings.ListQuery{Org: town.Street.ID,
				When: standings.When{AsOf: testkit.Day(t, "2026-05-01"), AsKnownAt: testkit.Now()}})
		}, ""},
		{"the export", func(t *testing.T, town *testkit.Town) (any, error) {
			r, table, err := town.Standings.Export(t.Context(), town.Clerk, standings.ListQuery{Org: town.Street.ID})
			return []any{r, table}, err
		}, ""},
		{"the alerts", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Standings.AlertsIn(t.Context(), town.Clerk, town.Street.ID)
		}, ""},
		{"the queue", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Members.Queue(t.Context(), town.Community, members.QueueQuery{Limit: 20, Handed: true})
		}, ""},
		{"own claims", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Members.OwnClaims(t.Context(), town.Member, 20)
		}, ""},
		{"the regulation", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Enactment.Regulation(t.Context(), town.Member, rules.RegulationQuery{})
		}, ""},
		{"the workbench of rules", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Enactment.Workbench(t.Context(), town.Clerk)
		}, ""},
		{"the form of an entry", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Entries.Form(t.Context(), town.Secretary,
				entries.FormQuery{Branch: town.East.ID, Member: "E2", Item: "服务"})
		}, ""},
		{"the preview of an entry", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Entries.Preview(t.Context(), town.Secretary, entries.EntryInput{Member: "E2", Item: "好事",
				On: testkit.Day(t, "2026-05-20")})
		}, ""},
		{"the form of an activity", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Activities.Form(t.Context(), town.Secretary, town.East.ID)
		}, ""},
		{"an activity", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Activities.Detail(t.Context(), town.Secretary, 2)
		}, ""},
		{"the transfer slip", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Members.Handover(t.Context(), town.Clerk, "W2", testkit.Day(t, "2026-06-01"))
		}, ""},
		{"the directory of accounts", func(t *testing.T, town *testkit.Town) (any, error) {
			return town.Accounts.Directory(t.Context(), town.Security)
		}, "accounts and their roles are the machine's, and the administrator is of no street"},
	}
	for _, id := range []domain.MemberID{"E1", "E2", "W1", "W2", "E9"} {
		all = append(all,
			asked{"the points of " + string(id), func(t *testing.T, town *testkit.Town) (any, error) {
				return town.Members.Detail(t.Context(), town.Clerk, id, standings.When{})
			}, ""},
			asked{"the history of " + string(id), func(t *testing.T, town *testkit.Town) (any, error) {
				return town.Members.History(t.Context(), town.Clerk, id)
			}, ""},
			asked{"the changes of " + string(id), func(t *testing.T, town *testkit.Town) (any, error) {
				return town.Members.Changes(t.Context(), town.Clerk, id)
			}, ""},
			asked{"the chain of " + string(id), func(t *testing.T, town *testkit.Town) (any, error) {
				return town.Members.Chain(t.Context(), town.Clerk, id)
			}, ""},
			asked{"the texts of " + string(id), func(t *testing.T, town *testkit.Town) (any, error) {
				return town.Members.Texts(t.Context(), town.Clerk, id)
			}, ""})
	}
	return all
}
