package store

import (
	"path/filepath"
	"testing"
	"time"

	"jifen/internal/domain"
	"jifen/internal/testkit/expect"
)

// TestWhatIsNoHistoryGrowsOld: a session ends with its instant, an answer is kept for 30
// days and a draft for 180; one from before answers said when they were made grows old
// from the day on which it is found.
func TestWhatIsNoHistoryGrowsOld(t *testing.T) {
	t.Parallel()
	now := noon()
	db, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "t.db"), Create: true,
		Now: func() time.Time { return now }, Random: zeros{}, Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	var by domain.AccountID
	write(t, db, func(tx *Tx) (err error) {
		if _, err = tx.InsertOrg(domain.Org{Level: domain.Street, Name: "示例街道"}); err != nil {
			return err
		}
		if by, err = tx.InsertAccount(domain.Account{Login: "a", Name: "示例甲"}, 0); err != nil {
			return err
		}
		if err = tx.InsertReply(by, "k", []byte("r"), "1"); err != nil {
			return err
		}
		if _, err = tx.SaveRequestDraft(by, 0, "{}"); err != nil {
			return err
		}
		if _, err = tx.exec("INSERT INTO replies (account_id, street_id, key, request, answer) VALUES (?, 0, 'old', ?, '1')",
			int64(by), []byte("r")); err != nil {
			return err
		}
		return tx.PutSession(&domain.Session{Key: []byte("s"), Data: []byte("d")}, tx.Now().Add(time.Hour))
	})
	for _, c := range []struct {
		after time.Duration
		want  Expired
	}{
		{time.Hour - time.Second, Expired{}},
		{2 * time.Second, Expired{Sessions: 1}},
		{30*24*time.Hour - time.Hour, Expired{Replies: 1}},
		{time.Hour, Expired{Replies: 1}},
		{150 * 24 * time.Hour, Expired{Drafts: 1}},
	} {
		now = now.Add(c.after)
		var got Expired
		write(t, db, func(tx *Tx) (err error) { got, err = tx.Expire(); return err })
		expect.Equal(t, "forgotten after "+c.after.String()+" more", got, c.want)
	}
}
