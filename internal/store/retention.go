package store

import "time"

// How long is kept what is no history: answers under idempotency keys, by which a form
// that is sent again is known, and drafts of requests that nobody has gone on with.
const (
	keepReplies = 30 * 24 * time.Hour
	keepDrafts  = 180 * 24 * time.Hour
)

// Expired counts what was forgotten because its time was over.
type Expired struct{ Sessions, Replies, Drafts int64 }

// Expire forgets sessions that are over, and answers and drafts that are old. Answers
// from before they said when they were made grow old from now on.
func (tx *Tx) Expire() (out Expired, err error) {
	if _, err := tx.exec("UPDATE replies SET made_at = ? WHERE made_at IS NULL", tx.stamp()); err != nil {
		return out, err
	}
	for _, x := range [...]struct {
		query string
		keep  time.Duration
		n     *int64
	}{
		{"DELETE FROM sessions WHERE expires_at <= ?", 0, &out.Sessions},
		{"DELETE FROM replies WHERE made_at <= ?", keepReplies, &out.Replies},
		{"DELETE FROM request_drafts WHERE saved_at <= ?", keepDrafts, &out.Drafts},
	} {
		res, err := tx.exec(x.query, Instant(tx.now.Add(-x.keep)))
		if err != nil {
			return out, err
		}
		if *x.n, err = res.RowsAffected(); err != nil {
			return out, err
		}
	}
	return out, nil
}
