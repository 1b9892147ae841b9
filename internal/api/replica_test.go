package api_test

import (
	"net/http"
	"strings"
	"testing"

	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/testkit"
	"jifen/internal/testkit/pgtest"
)

// TestAProgramReadsWhatItWroteFromAReplica stops a replica from replaying: a program that
// sends its position back, and one that does not know the header, read what they wrote,
// by another process too; who has read only is shown an older instant.
func TestAProgramReadsWhatItWroteFromAReplica(t *testing.T) {
	t.Parallel()
	const header = "Jifen-Position"
	primary := pgtest.NewCluster(t, "")
	town := testkit.At(t, primary.Database("town"))
	replica := pgtest.NewReplica(t, primary)
	one := openWith(t, town.Reading(t, replica.Address("owner", "town")))
	another := openWith(t, town.Reading(t, replica.Address("owner", "town")))
	token := one.token(t, "clerk")
	testkit.Follow(t, one.Town, replica, primary)
	testkit.Follow(t, another.Town, replica, primary)

	total := func(h *house, want string, byReplica bool, headers ...string) (position string) {
		t.Helper()
		before := h.DB.Stats().Replica.Answered
		w := h.ask("GET", "/members/E2/standing", token, "", headers...)
		answered := h.DB.Stats().Replica.Answered > before
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"total":"`+want+`"`) || answered != byReplica {
			t.Errorf("%v: %d, by the replica: %t, %s; want %s, by the replica: %t", headers, w.Code, answered, w.Body, want,
				byReplica)
		}
		return w.Header().Get(header)
	}
	first := total(one, "80", false) // it shows no position, and is told one
	testkit.Follow(t, one.Town, replica, primary)
	if again := total(one, "80", true, header, first); again != "" {
		t.Errorf("whoever shows a position that is good is told %q", again)
	}
	replica.Run("town", "SELECT pg_wal_replay_pause()")
	w := one.ask("POST", "/entries", token, `{"member":"E2","item":"酌情","points":"-1","on":"2026-05-20"}`)
	wrote := w.Header().Get(header)
	if w.Code != http.StatusCreated || wrote == "" || wrote == first {
		t.Fatalf("an entry: %d, position %q after %q, %s", w.Code, wrote, first, w.Body)
	}
	total(one, "79", false, header, wrote)
	total(another, "79", false, header, wrote)
	total(another, "79", false)
	total(another, "80", true, header, first)

	replica.Run("town", "SELECT pg_wal_replay_resume()")
	testkit.Follow(t, one.Town, replica, primary)
	total(one, "79", true, header, wrote)
	replica.Stop() // and nobody has looked since
	total(one, "79", false, header, wrote)
}

// TestWhoIsLockedOutIsRefusedHoweverLateTheReplicaIs closes an account, ends a role and a
// token while the replica replays nothing.
func TestWhoIsLockedOutIsRefusedHoweverLateTheReplicaIs(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	primary := pgtest.NewCluster(t, "")
	town := testkit.At(t, primary.Database("town"))
	replica := pgtest.NewReplica(t, primary)
	h := openWith(t, town.Reading(t, replica.Address("owner", "town")))
	tokens := map[string]string{}
	for _, login := range []string{"clerk", "secretary", "second"} {
		tokens[login] = h.token(t, login)
	}
	testkit.Follow(t, h.Town, replica, primary)
	sees := func(login string, want int) {
		t.Helper()
		w := h.ask("GET", "/members", tokens[login], "", "Jifen-Position", "1-1")
		if w.Code != want {
			t.Errorf("%s: %d, want %d: %s", login, w.Code, want, w.Body)
		}
	}
	before := h.DB.Stats().Replica.Answered
	for login := range tokens {
		sees(login, http.StatusOK)
	}
	if h.DB.Stats().Replica.Answered < before+3 {
		t.Error("the replica has not answered")
	}
	replica.Run("town", "SELECT pg_wal_replay_pause()")
	end := func(login string, by func(domain.Account) error) { // by another program: nothing of it is in memory here
		t.Helper()
		a, err := town.Accounts.Find(ctx, town.Security, login)
		if err == nil {
			err = by(a)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	end("clerk", func(a domain.Account) error { return town.Accounts.Close(ctx, town.Security, a.ID, true) })
	end("secretary", func(a domain.Account) error {
		return town.Accounts.Assign(ctx, town.Security, a.ID, accounts.Role{Role: domain.RoleSecretary, Org: town.East.ID},
			true)
	})
	end("second", func(a domain.Account) error {
		_, _, err := town.Accounts.Reset(ctx, town.Security, a.ID) // which ends tokens
		return err
	})
	sees("clerk", http.StatusUnauthorized)
	sees("secretary", http.StatusForbidden)
	sees("second", http.StatusUnauthorized)
}
