package members_test

import (
	"jifen/internal/access"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/testkit"
	"jifen/internal/testkit/effort"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// standings returns what the program says of the members as of a day, as known by an instant.
func (c *changed) standings(rt *rapid.T, asOf calendar.Day, at time.Time) string {
	p, err := c.town.Standings.Current(ctx, standings.Question{Scope: access.System("the test looks at all"),
		AsOf: asOf, KnownBy: at})
	c.must(rt, "the standings", err)
	var lines []string
	for i := range p.Rows {
		r := &p.Rows[i]
		if c.of[r.Member.ID] == nil {
			continue
		}
		words := []string{map[domain.OrgID]string{c.town.East.ID: "east", c.town.West.ID: "west"}[r.Member.Home.ID],
			r.Standing.Category, r.Standing.Total.String(), r.Standing.Grade}
		if !r.Standing.Scored {
			words = []string{"不计分"}
		}
		for _, a := range r.Standing.Alerts {
			words = append(words, a.On.String())
		}
		lines = append(lines, string(r.Member.ID)+" "+strings.Join(words, " "))
	}
	return strings.Join(lines, "\n")
}

// want returns what the ledgers say of it.
func (c *changed) want(asOf calendar.Day) string {
	var lines []string
	for _, m := range c.members() {
		if k := c.now(m); k.listed(asOf) {
			lines = append(lines, string(m)+" "+k.standing(asOf))
		}
	}
	return strings.Join(lines, "\n")
}

// check compares today and another day with the ledgers.
func (c *changed) check(rt *rapid.T) {
	first := calendar.Of(2026, 1, 1)
	for _, asOf := range []calendar.Day{c.today(), first + calendar.Day(c.step*37)%(c.today()-first+1)} {
		want := c.want(asOf)
		if got := c.standings(rt, asOf, time.Time{}); got != want {
			rt.Fatalf("on %s, as of %s:\n%s\nwant\n%s", c.today(), asOf, got, want)
		}
		c.asked = append(c.asked, askedThen{asOf, c.town.Clock(), want})
	}
	c.town.Later(time.Minute)
}

// again asks once more a part of what was asked, as it was known then.
func (c *changed) again(rt *rapid.T) {
	for i := 0; i < len(c.asked); i += 1 + len(c.asked)/8 {
		a := &c.asked[i]
		if got := c.standings(rt, a.asOf, a.at); got != a.want {
			rt.Fatalf("as of %s, as known at %s, asked on %s:\n%s\nwant\n%s", a.asOf, a.at, c.today(), got, a.want)
		}
	}
}

// TestAnyChangesComeToWhatTheModelSays runs random facts, discipline, exemptions, moves, entries
// of the street's rules and of the branches' own, lessons, and all of it taken back, about days
// past and to come. After every step everybody's standing is what a ledger comes to that looks
// at every day anew; at the end what was asked is asked again as it was known then, and the
// database is sound. rapid prints the seed of a failure.
func TestAnyChangesComeToWhatTheModelSays(t *testing.T) {
	t.Parallel()
	runs := effort.Size(t, 100, 6) // a run takes a second, on a server many
	rapid.Check(t, func(rt *rapid.T) {
		if runs == 0 {
			return
		}
		runs--
		fails := true
		defer func() {
			if fails {
				runs = math.MaxInt // so that what fails can be made smaller
			}
		}()
		c := &changed{T: t, town: testkit.New(t), of: map[domain.MemberID]*ledger{}, locked: map[string]bool{}}
		defer c.town.Close(t)
		c.town.Follow(t, modelRules)
		c.supplement(rt, c.town.East, eastSupplement)
		c.supplement(rt, c.town.West, westSupplement)
		for _, m := range c.members() {
			home := map[byte]string{'E': "east", 'W': "west"}[m[0]]
			c.of[m] = &ledger{homes: []modelRow{{value: home, on: calendar.Of(2020, 1, 1), change: c.latest(m, homes)}}}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"fact": c.fact, "move": c.move, "post": c.post, "reverseChange": c.reverseChange,
			"reverseEntry": c.reverseEntry, "lock": c.lock, "": c.check,
		})
		c.again(rt)
		c.town.WantSound(t)
		fails = false
	})
}

// supplement puts a branch's own text in force.
func (c *changed) supplement(rt *rapid.T, branch domain.Org, text string) {
	id, err := c.town.Enactment.Propose(ctx, c.town.Clerk, rules.Proposal{Org: branch.ID, Source: []byte(text)})
	c.must(rt, "a draft", err)
	c.must(rt, "a supplement", c.town.Enactment.Confirm(ctx, c.town.Second, id, "", false))
}
