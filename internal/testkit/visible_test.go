package testkit_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/entries"
	"jifen/internal/app/periods"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
)

// TestAnotherProgramShowsAtOnceWhatWasWritten: one program writes, another that has
// read before, and holds what it read in memory, shows it with its next read.
func TestAnotherProgramShowsAtOnceWhatWasWritten(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]func(*testing.T, *testkit.Town, *testkit.Town) seen{
		"a member's page": memberPage, "a ranking": rankingSeen, "a token that is revoked": revokedToken,
		"a role that ends": endedRole, "a password that is reset": resetPassword, "a branch that is renamed": renamedBranch,
		"new rules": newRules, "a period that is locked": lockedPeriod, "a session that ends": endedSession,
		"failures that slow a sign-in down": slowedSignIn,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			writer := testkit.OnServer(t)
			reader := writer.Beside(t)
			see := one(t, writer, reader)
			for range 2 { // so that it is held
				if got := see.read(); got != see.before {
					t.Fatalf("before: %q, want %q", got, see.before)
				}
			}
			if err := see.write(); err != nil {
				t.Fatal("write: ", err)
			}
			if got := see.read(); got != see.after {
				t.Errorf("after: %q, want %q", got, see.after)
			}
		})
	}
}

// seen holds what a program shows before and after another has written.
type seen struct {
	write         func() error
	read          func() string
	before, after string
}

// code returns the code of an error, "" for none.
func code(err error) string {
	if err == nil {
		return ""
	}
	return string(fault.CodeOf(err))
}

func good(t *testing.T, by *testkit.Town) func() error {
	return func() error {
		in := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20")}
		_, err := by.Entries.Post(context.Background(), by.Secretary, in, "")
		return err
	}
}

func memberPage(t *testing.T, writer, reader *testkit.Town) seen {
	return seen{good(t, writer), func() string {
		d, err := reader.Members.Detail(context.Background(), reader.Secretary, "E2", standings.When{})
		if err != nil {
			return err.Error()
		}
		return d.Account.Standing.Total.String()
	}, "80", "82"}
}

func rankingSeen(t *testing.T, writer, reader *testkit.Town) seen {
	return seen{good(t, writer), func() string {
		r, err := reader.Standings.Ranking(context.Background(), reader.Secretary, standings.ListQuery{Org: reader.East.ID})
		if err != nil {
			return err.Error()
		}
		return fmt.Sprint(r.Listed[0].Member.ID, r.Listed[0].Standing.Total)
	}, "E180", "E282"}
}

func revokedToken(t *testing.T, writer, reader *testkit.Town) seen {
	ctx := context.Background()
	token, err := writer.TokenOf(ctx, "clerk", "程序", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return seen{func() error { return writer.Accounts.RevokeOwnToken(ctx, writer.Clerk, 1) }, func() string {
		_, err := reader.Accounts.Bearer(ctx, token, testkit.Now())
		return code(err)
	}, "", string(fault.Unauthenticated)}
}

func endedRole(t *testing.T, writer, reader *testkit.Town) seen {
	ctx := context.Background()
	token, err := writer.TokenOf(ctx, "secretary", "程序", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return seen{func() error {
		end := accounts.Role{Role: domain.RoleSecretary, Org: writer.East.ID}
		return writer.Accounts.Assign(ctx, writer.Security, writer.Secretary.Account, end, true)
	}, func() string {
		actor, err := reader.Accounts.Bearer(ctx, token, testkit.Now())
		return fmt.Sprint(code(err), actor.Has(domain.RoleSecretary))
	}, "true", "false"}
}

func resetPassword(t *testing.T, writer, reader *testkit.Town) seen {
	ctx := context.Background()
	seal, err := reader.Accounts.Seal(ctx, reader.Member.Account)
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := reader.Accounts.StartSession(ctx, reader.Member)
	if err != nil {
		t.Fatal(err)
	}
	no := string(fault.Unauthenticated)
	return seen{func() error {
		_, _, err := writer.Accounts.Reset(ctx, writer.Security, writer.Member.Account)
		return err
	}, func() string {
		_, page := reader.Accounts.Visitor(ctx, reader.Member.Account, seal)
		_, program := reader.Accounts.Bearer(ctx, token, testkit.Now())
		return code(page) + " " + code(program)
	}, " ", no + " " + no}
}

func renamedBranch(t *testing.T, writer, reader *testkit.Town) seen {
	ctx := context.Background()
	return seen{func() error {
		_, err := writer.Orgs.Change(ctx, writer.Clerk, domain.OrgChange{Org: writer.East.ID, Kind: domain.OrgRenamed,
			Name: "新东支部", From: testkit.Day(t, "2026-05-01")})
		return err
	}, func() string {
		r, err := reader.Standings.Ranking(ctx, reader.Secretary, standings.ListQuery{Org: reader.East.ID})
		if err != nil {
			return err.Error()
		}
		return r.Org.Name + r.Listed[0].Member.Home.Name
	}, "东支部东支部", "新东支部新东支部"}
}

func newRules(t *testing.T, writer, reader *testkit.Town) seen {
	ctx := context.Background()
	if err := good(t, writer)(); err != nil {
		t.Fatal(err)
	}
	return seen{func() error {
		id, err := writer.Enactment.Propose(ctx, writer.Clerk, rules.Proposal{
			Org: writer.Street.ID, Name: "t.yaml", From: testkit.Day(t, "2026-06-01"),
			Source: []byte(strings.Replace(testkit.Rules, "起点: 80", "起点: 75", 1)), Retroactive: true,
		})
		if err != nil {
			return err
		}
		return writer.Enactment.Confirm(ctx, writer.Second, id, "", true)
	}, func() string {
		d, err := reader.Members.Detail(ctx, reader.Secretary, "E2", standings.When{})
		if err != nil {
			return err.Error()
		}
		return d.Account.Standing.Total.String()
	}, "82", "77"}
}

func lockedPeriod(t *testing.T, writer, reader *testkit.Town) seen {
	ctx := context.Background()
	key := 0
	return seen{func() error {
		_, err := writer.Locks.Take(ctx, writer.Clerk,
			periods.Step{Branches: []domain.OrgID{writer.East.ID}, Period: "2026", Lock: true})
		return err
	}, func() string {
		key++
		in := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20")}
		_, err := reader.Entries.Post(ctx, reader.Secretary, in, fmt.Sprint(key))
		return code(err)
	}, "", string(fault.Forbidden)}
}

func endedSession(t *testing.T, writer, reader *testkit.Town) seen {
	ctx := context.Background()
	now := func() time.Time { return testkit.Now() }
	there, here := accounts.NewSessions(writer.DB, now), accounts.NewSessions(reader.DB, now)
	if err := there.CommitCtx(ctx, "t", []byte("data"), testkit.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	return seen{func() error { return there.DeleteCtx(ctx, "t") }, func() string {
		data, found, err := here.FindCtx(ctx, "t")
		return fmt.Sprint(string(data), found, err)
	}, "datatrue <nil>", "false <nil>"}
}

func slowedSignIn(_ *testing.T, writer, reader *testkit.Town) seen {
	ctx := context.Background()
	try := func(by *testkit.Town, password string) (*access.Actor, error) {
		return by.Accounts.SignIn(ctx, accounts.Credentials{Login: "clerk", Password: password, Address: "192.0.2.1"})
	}
	return seen{func() error {
		for range accounts.FreeTries {
			if _, err := try(writer, "wrong"); err == nil {
				return fault.New(fault.Internal, "a wrong password is right")
			}
		}
		return nil
	}, func() string {
		_, err := try(reader, testkit.Password)
		return code(err)
	}, "", string(fault.TooMany)}
}
