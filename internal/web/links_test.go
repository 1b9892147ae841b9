package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/ledger"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestWhatIsSealedOfAMember records something of each kind and reads it on the
// page, newest first.
func TestWhatIsSealedOfAMember(t *testing.T) {
	t.Parallel()
	w := open(t)
	secretary, clerk := w.visit(t, "secretary"), w.visit(t, "clerk")
	posted, err := w.Ledger.Post(t.Context(), w.Clerk, ledger.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-01")}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Ledger.Reverse(t.Context(), w.Clerk, posted.Entry, "重复录入", ""); err != nil {
		t.Fatal(err)
	}
	seal(t, w, func(tx *store.Tx) error {
		meeting, err := tx.InsertActivity(domain.Activity{Org: w.East.ID, Kind: "党课", On: testkit.Day(t, "2026-05-20")}, w.Clerk.Account)
		if err != nil {
			return err
		}
		m, err := tx.Member(access.System("a test"), "E2")
		if err != nil {
			return err
		}
		row, err := tx.InsertAttendance(meeting, &m, domain.AttendanceInput{Status: "补课", Waits: []domain.Organ{"支部书记"}, Reason: "补听录音"}, w.Clerk.Account)
		if err != nil {
			return err
		}
		if err := tx.InsertDecision(domain.Decision{ClaimID: domain.ClaimID{Kind: domain.AttendanceClaim, Row: int64(row)}, Member: "E2", Step: 1, Organs: []string{"支部书记"}, Reason: "没有补课"}, w.Clerk.Account); err != nil {
			return err
		}
		if err := tx.InsertFact("E2", domain.Fact{Attribute: "流动", Value: domain.Value{Text: "是"}}, 0); err != nil {
			return err
		}
		if err := tx.InsertAffiliation(domain.Affiliation{Member: "E2", Kind: "host", Org: w.West.ID, From: testkit.Day(t, "2026-05-01"), Ended: true}, w.Clerk.Account); err != nil {
			return err
		}
		return tx.InsertAffiliation(domain.Affiliation{Member: "E2", Kind: "home", From: testkit.Day(t, "2026-06-01")}, w.Clerk.Account)
	})
	if _, body, _ := secretary.get("/members/E2"); !strings.Contains(body, `href="/members/E2/links"`) {
		t.Error("the member's page does not lead there")
	}
	status, body, _ := secretary.get("/members/E2/links")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	for _, want := range []string{
		"<strong>记录</strong> 好事，2026-05-01", "<strong>撤销</strong> 好事，2026-05-01", "<strong>出勤</strong> 党课 补课，2026-05-20",
		"<strong>退回</strong> 党课 补课，2026-05-20", "<strong>情况</strong> 流动，一直</td><td>程序</td>", "<strong>流入</strong> " + w.West.Name + "，2026-05-01 起不再是",
		"<strong>转出</strong> 不在本街道，2026-06-01 起", "<strong>组织关系</strong> " + w.East.Name, "<td>" + w.East.Name + " 第 ", "都和封存时一样",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	if strings.Contains(body, "不对") || strings.Contains(body, "只列出") {
		t.Errorf("%s", body)
	}
	// The hash is the one in the chain.
	err = w.DB.Read(context.Background(), func(v *store.Snapshot) error {
		links, err := v.MemberChain(access.System("a test"), "E2", 100)
		for _, l := range links {
			if want := fmt.Sprintf("第 %d 环</td><td class=\"day\">%x</td>", l.Seq, l.Hash[:6]); !strings.Contains(body, want) {
				t.Errorf("the page does not show %s", want)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if status, _, _ := clerk.get("/members/W1/links"); status != http.StatusOK {
		t.Errorf("%d", status)
	}
	if _, body, _ := w.visit(t, "auditor").get("/trail"); !strings.Contains(body, "封存记录") {
		t.Error("who looked is not in the trail")
	}
}

// TestManyLinksAreCutAndSaidSo fills a member's chain to the edge and beyond.
func TestManyLinksAreCutAndSaidSo(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	const shown = 200
	rows := func() int {
		_, body, _ := v.get("/members/E2/links")
		if strings.Contains(body, "只列出最近记下的 200 条") != strings.Contains(body, "更早的没有列出") {
			t.Error(body)
		}
		n := strings.Count(body, "<td>相符</td>")
		if strings.Contains(body, "只列出") {
			return -n
		}
		return n
	}
	more := func(n int) {
		seal(t, w, func(tx *store.Tx) error {
			for range n {
				if err := tx.InsertFact("E2", domain.Fact{Attribute: "流动", Value: domain.Value{Text: "否"}}, 0); err != nil {
					return err
				}
			}
			return nil
		})
	}
	more(shown - rows())
	if n := rows(); n != shown {
		t.Errorf("%d rows", n)
	}
	more(1)
	if n := rows(); n != -shown {
		t.Errorf("%d rows", n)
	}
}

// seal writes past the use cases, which would refuse some of it.
func seal(t *testing.T, w *town, work func(tx *store.Tx) error) {
	t.Helper()
	if err := w.DB.Write(context.Background(), work); err != nil {
		t.Fatal(err)
	}
}
