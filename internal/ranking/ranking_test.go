package ranking_test

import (
	"slices"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/ranking"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// population is in no order: two equals, one exempt from ranking, one not scored.
func population() []ranking.Member {
	home := [domain.Levels]domain.OrgID{domain.Branch: "东", domain.Community: "东社区", domain.Street: "街道"}
	list := []ranking.Member{
		{ID: "4", Standing: &domain.Standing{Why: "不计分"}},
		{ID: "3", Standing: &domain.Standing{Scored: true, Total: 99_00}},
		{ID: "2", Standing: &domain.Standing{Scored: true, Ranked: true, Total: 80_00}},
		{ID: "1", Standing: &domain.Standing{Scored: true, Ranked: true, Total: 80_00}},
		{ID: "0", Standing: &domain.Standing{Scored: true, Ranked: true, Total: 70_50}},
	}
	for i := range list {
		list[i].Home, list[i].Result = home, &scoring.RankResult{}
		list[i].In[domain.Branch] = "东支部"
	}
	return list
}

func TestTheListOfPlacesHasThoseWithoutOneLast(t *testing.T) {
	t.Parallel()
	book := &ruleset.RuleSet{Ranking: ruleset.Ranking{Levels: []domain.Level{domain.Branch}}}
	list := population()
	ranking.Place(book, list)
	var ids []string
	sorted := make([]ranking.Member, 0, len(list))
	for _, i := range ranking.Order(list, domain.Branch) {
		ids, sorted = append(ids, string(list[i].ID)), append(sorted, list[i])
	}
	if want := []string{"1", "2", "0", "3", "4"}; !slices.Equal(ids, want) {
		t.Errorf("the order is %v, want %v", ids, want)
	}
	_, rows := ranking.Table(ranking.Handed(book, domain.Branch), sorted)
	for i, want := range [][]string{
		{"1", "1", "", "东支部", "", "80", "", "并列"}, {"1", "2", "", "东支部", "", "80", "", "并列"},
		{"3", "0", "", "东支部", "", "70.5", "", ""}, {"", "3", "", "东支部", "", "99", "", "不参加排名"},
		{"", "4", "", "东支部", "", "", "", "不计分"},
	} {
		if !slices.Equal(rows[i], want) {
			t.Errorf("row %d is %q, want %q", i, rows[i], want)
		}
	}
}
