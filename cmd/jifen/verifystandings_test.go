package main

import (
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// lookAround asks for the standings of everybody and of single organisations, under
// every scheme and on several days, so that they come to be cached.
func lookAround(t *testing.T, path string) {
	t.Helper()
	h, err := openHouse(t.Context(), path, false)
	if err != nil {
		t.Fatal(err)
	}
	now := calendar.FromTime(today())
	var below, schemes []string
	if err := h.db.Read(t.Context(), func(v *store.Snapshot) error {
		orgs, err := v.Orgs(access.System("the test looks at all"), "")
		if err != nil {
			return err
		}
		for _, o := range orgs[:min(4, len(orgs))] {
			below = append(below, o.Path)
		}
		books, err := h.standings.Schemes(v, below[0], now)
		for _, b := range books {
			schemes = append(schemes, b.Code)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	answers := 0
	for _, scheme := range schemes {
		for _, at := range below {
			for _, ago := range []calendar.Day{0, 1, 40, 200, 0} {
				_, err := h.standings.Current(t.Context(), standings.Question{
					Scope: access.System("the test looks at all"), Below: at, Scheme: scheme, AsOf: now - ago,
				})
				if err != nil && fault.CodeOf(err) != fault.NotFound {
					t.Fatal(scheme, at, ago, err)
				}
				if err == nil {
					answers++
				}
			}
		}
	}
	if answers < 10 {
		t.Fatalf("only %d questions were answered", answers)
	}
	if err := h.db.Close(); err != nil {
		t.Fatal(err)
	}
}

// cachedStandings: what the demo's year comes to under its own rules holds when it is
// computed anew; a total that was put in the place of another is told with both,
// also where the chain and all that is linked holds.
func cachedStandings(t *testing.T, path string) {
	lookAround(t, path)
	out, errs := jifen(t, exitDone, "verify", "--db", path)
	compared := regexp.MustCompile(`(?m)^重新算了 [1-9][0-9]+ 个存着的得分，都和存的一样，用了 [0-9.]+ 秒`)
	if said := compared.FindString(out); said == "" || errs != "" {
		t.Fatalf("untouched: %s%s", out, errs)
	}
	t.Run("the best becomes everybody's", func(t *testing.T) { // whose end closes the connection
		sqlite(t, path, `UPDATE standings SET body = (SELECT s.body FROM standings s
			JOIN members m ON m.id = s.member_id AND m.version = s.version
			WHERE s.member_id <> standings.member_id AND s.scheme = standings.scheme AND s.period = standings.period
				AND s.body <> standings.body LIMIT 1)
			WHERE (member_id, period) = (SELECT s.member_id, s.period FROM standings s
				JOIN members m ON m.id = s.member_id AND m.version = s.version
				WHERE s.as_of = (SELECT max(as_of) FROM standings) ORDER BY s.member_id DESC LIMIT 1)`)
	})
	told := regexp.MustCompile(`(?m)^党员 \S+ 存着的得分（办法 \S+，\d{4}\S*）：存的是 \S+，按记录重新算是 \S+$`)
	for _, readOnly := range []bool{false, true} {
		args := []string{"verify", "--db", path}
		if readOnly {
			args = append(args, "--read-only")
		}
		out, errs := jifen(t, exitNo, args...)
		if len(told.FindAllString(out, -1)) != 1 || !strings.Contains(out, "，1 处不对") || errs != "" {
			t.Errorf("read-only %v: %s%s", readOnly, out, errs)
		}
	}
	if out, _ := jifen(t, exitDone, "verify", "--db", path, "--no-standings"); !strings.Contains(out, "存着的得分没有重新算\n") {
		t.Errorf("left out: %s", out)
	}
	for _, with := range []string{"--read-only", "--no-standings"} {
		jifen(t, exitUsage, "verify", "--db", path, "--drop-standings", with)
	}
	if out, _ := jifen(t, exitNo, "verify", "--db", path, "--drop-standings"); !strings.Contains(out, "删去了 1 个不对的") {
		t.Errorf("dropped: %s", out)
	}
	if out, _ := jifen(t, exitDone, "verify", "--db", path); !strings.Contains(out, "都和存的一样") {
		t.Errorf("after it was dropped: %s", out)
	}
}

// TestTheServedStandingsAreReviewedEveryDay: how many are wrong is said, and not whose
// to who must not know; what to do is said too.
func TestTheServedStandingsAreReviewedEveryDay(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "d.db")
	jifen(t, exitDone, "demo", "--db", path, "--members", "50", "--seed", "3")
	lookAround(t, path)
	job := func() (string, error) {
		h, err := openHouse(t.Context(), path, false)
		if err != nil {
			t.Fatal(err)
		}
		said, failed := reviewJob(h).Run(t.Context(), 0)
		if err := h.db.Close(); err != nil {
			t.Fatal(err)
		}
		return said, failed
	}
	if said, err := job(); err != nil || !strings.Contains(said, "都和存的一样") {
		t.Errorf("untouched: %s, %v", said, err)
	}
	t.Run("changed by hand", func(t *testing.T) {
		sqlite(t, path, "UPDATE standings SET stable_until = '9999-12-31'")
	})
	_, err := job()
	var told *fault.Error
	if !errors.As(err, &told) || !regexp.MustCompile(`^有 \d+ 个和按记录重新算的不一样$`).MatchString(told.Message) ||
		!strings.Contains(told.Hint, "jifen verify") {
		t.Errorf("changed: %v", err)
	}
}

// columnsBesideRows: what lists read beside the append-only rows is counted anew;
// what cannot be read any more hides nothing else.
func columnsBesideRows(t *testing.T, path string) {
	lookAround(t, path)
	t.Run("changed by hand", func(t *testing.T) {
		sqlite(t, path, "UPDATE members SET left_on = '2026-01-01' "+
			"WHERE id = (SELECT min(id) FROM members WHERE left_on IS NULL)",
			"UPDATE members SET home_id = 1 WHERE id = (SELECT max(id) FROM members WHERE left_on IS NULL)",
			"UPDATE orgs SET closed_on = '2026-01-01' WHERE id = 2",
			"DROP TRIGGER entries_stay", "UPDATE entries SET fields = 'x' WHERE id = 7")
	})
	out, errs := jifen(t, exitNo, "verify", "--db", path)
	for _, want := range []string{
		"：离开的日子存的是“2026-01-01”，按组织关系的记录应当是空的\n", "：所在支部存的是“", "：撤销的日子存的是“2026-01-01”，按变动的记录应当是空的\n",
		"（记录第 7 行）：这一行被改过\n", "，按记录重新算是 算不出来\n",
	} {
		if !strings.Contains(out, want) || errs != "" {
			t.Errorf("it does not say %q: %s%s", want, out, errs)
		}
	}
}

// TestADamagedStandingIsComputedAnewAndTold: what somebody put into the file is not shown,
// not even once; it is counted and told, and gone afterwards.
func TestADamagedStandingIsComputedAnewAndTold(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "d.db")
	jifen(t, exitDone, "demo", "--db", path, "--members", "50", "--seed", "3")
	shown := func() (totals string, told int, counted int64) {
		h, err := openHouse(t.Context(), path, false)
		if err != nil {
			t.Fatal(err)
		}
		h.standings.OnDamage = func(n int) { told += n }
		p, err := h.standings.Current(t.Context(), standings.Question{
			Scope: access.System("the test looks at all"), AsOf: calendar.FromTime(today()),
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Rows {
			totals += p.Rows[i].Standing.Total.String() + " " + p.Rows[i].Standing.Grade + ";"
		}
		counted = h.standings.Counts().Damaged
		if err := h.db.Close(); err != nil {
			t.Fatal(err)
		}
		return totals, told, counted
	}
	honest, told, _ := shown()
	if told != 0 {
		t.Fatalf("told of %d that nobody touched", told)
	}
	t.Run("the best becomes everybody's", func(t *testing.T) {
		sqlite(t, path, "UPDATE standings SET body = (SELECT s.body FROM standings s ORDER BY s.member_id LIMIT 1)")
	})
	if now, told, counted := shown(); now != honest || told < 40 || counted != int64(told) {
		t.Errorf("%d told, %d counted; shown %.200s, want %.200s", told, counted, now, honest)
	}
	if now, told, _ := shown(); now != honest || told != 0 {
		t.Errorf("%d told after they were kept anew; shown %.200s", told, now)
	}
}
