package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
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
	posted, err := w.Entries.Post(t.Context(), w.Clerk,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-01")}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Entries.Reverse(t.Context(), w.Clerk, posted.Entry, "重复录入", ""); err != nil {
		t.Fatal(err)
	}
	seal(t, w, func(tx *store.Tx) error {
		a := domain.Activity{Org: w.East.ID, Kind: "党课", On: testkit.Day(t, "2026-05-20")}
		var err error
		if a.ID, err = tx.InsertActivity(a, w.Clerk.Account); err != nil {
			return err
		}
		m, err := tx.Member(access.System("a test"), "E2")
		if err != nil {
			return err
		}
		line := domain.AttendanceInput{Status: "补课", Route: domain.Route{"支部书记"}, Reason: "补听录音"}
		if _, err := tx.InsertAttendance(&a, &m, line, w.Clerk.Account); err != nil {
			return err
		}
		waiting, err := tx.WaitingOf(access.System("a test"), "E2")
		if err != nil {
			return err
		}
		back := domain.RequestStep{Seq: 1, Kind: domain.StepReturn, Organs: []string{"支部书记"}, Reason: "没有补课"}
		if err := tx.InsertRequestStep(&waiting[0], back, w.Clerk.Account); err != nil {
			return err
		}
		if err := tx.InsertFact("E2", domain.Fact{Attribute: "流动", Value: domain.Value{Text: "是"}}, 0); err != nil {
			return err
		}
		if err := tx.InsertAffiliation(domain.Affiliation{Member: "E2", Kind: "host", Org: w.West.ID,
			From: testkit.Day(t, "2026-05-01"), Ended: true}, w.Clerk.Account); err != nil {
			return err
		}
		return tx.InsertAffiliation(domain.Affiliation{Member: "E2", Kind: "home", From: testkit.Day(t, "2026-06-01")},
			w.Clerk.Account)
	})
	secretary.opens("/members/E2").OK().Has(`[href="/members/E2/links"]`)
	links := secretary.opens("/members/E2/links").OK().Must()
	links.Has("td", "记录 好事，2026-05-01", "撤销 好事，2026-05-01", "出勤 党课 补课，2026-05-20", "申报 党课 补课，2026-05-20",
		"退回 党课 补课，2026-05-20",
		"流入 "+w.West.Name+"，2026-05-01 起不再是", "转出 不在本街道，2026-06-01 起", "组织关系 "+w.East.Name, w.East.Name+" 第 ")
	links.Shows("都和封存时一样").Lacks("不对", "只列出")
	links.In("tr", "情况 流动，一直").Has("td", "程序")
	// The hash is the one in the chain.
	err = w.DB.Read(context.Background(), func(v *store.Snapshot) error {
		chain, err := v.MemberChain(access.System("a test"), "E2", 100)
		for _, l := range chain {
			links.Has("tr", fmt.Sprintf("第 %d 环 %x", l.Seq, l.Hash[:6]))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	clerk.opens("/members/W1/links").OK()
	w.visit(t, "auditor").opens("/trail").OK().Shows("封存记录")
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
