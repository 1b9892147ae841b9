package store

import (
	"bytes"
	"crypto/sha256"

	"github.com/jmoiron/sqlx"

	"jifen/internal/access"
	"jifen/internal/fault"
	"jifen/internal/party"
)

// TrailChain stands for the trail where chains are named: it is one by itself.
const TrailChain party.OrgID = "trail"

// TrailHead returns the last line of the trail as a head; its Seq is the
// line's id. The zero Head of a trail without a line.
func (v *View) TrailHead() (Head, error) {
	var last struct {
		ID   int64
		Hash []byte
	}
	err := v.get(&last, "SELECT id, hash FROM trail ORDER BY id DESC LIMIT 1")
	if fault.CodeOf(err) == fault.NotFound {
		return Head{}, nil
	}
	return Head{Chain: TrailChain, Seq: last.ID, Hash: last.Hash}, err
}

// Reached reports whether a head that was written down before still stands in
// its chain with the same hash. missing says that its place is empty.
func (v *View) Reached(h Head) (ok, missing bool, err error) {
	var hash []byte
	if h.Chain == TrailChain {
		err = v.get(&hash, "SELECT hash FROM trail WHERE id = ?", h.Seq)
	} else {
		err = v.get(&hash, "SELECT hash FROM links WHERE chain_id = ? AND seq = ?", orgKey(h.Chain), h.Seq)
	}
	if fault.CodeOf(err) == fault.NotFound {
		return false, true, nil
	}
	return bytes.Equal(hash, h.Hash), false, err
}

// verifyTexts finds texts that are not the ones committed to. An erased text is
// none of them.
func (v *View) verifyTexts() (out []Break, err error) {
	err = v.each(func(rows *sqlx.Rows) error {
		var id int64
		var salt, commitment []byte
		var body string
		if err := rows.Scan(&id, &salt, &body, &commitment); err != nil {
			return err
		}
		if !committed(salt, body, commitment) {
			out = append(out, Break{Kind: "text", Row: id, Why: "这段文字被改过"})
		}
		return nil
	}, "SELECT id, salt, body, commitment FROM texts ORDER BY id")
	return out, err
}

// committed reports whether a text is the one committed to. An erased text is
// taken for it.
func committed(salt []byte, body string, commitment []byte) bool {
	if len(salt) == 0 && body == "" {
		return true
	}
	sum := sha256.Sum256(append(append([]byte("jifen text\x00"), salt...), body...))
	return bytes.Equal(sum[:], commitment)
}

// verifyTrail walks the trail.
func (v *View) verifyTrail() (out []Break, err error) {
	var before []byte
	err = v.each(func(rows *sqlx.Rows) error {
		var t Trace
		var who, org *int64
		var member *string
		var hash []byte
		if err := rows.Scan(&t.ID, &t.At, &who, &t.Action, &org, &member, &t.Detail, &hash); err != nil {
			return err
		}
		if who != nil {
			t.Account = access.AccountID(*who)
		}
		if org != nil {
			t.Org = orgID(*org)
		}
		if member != nil {
			t.Member = party.MemberID(*member)
		}
		if !bytes.Equal(hash, traceHash(before, &t)) {
			out = append(out, Break{Chain: TrailChain, Seq: t.ID, Kind: "trail", Row: t.ID, Why: "这一行被改过，或者它前面少了一行"})
		}
		before = hash
		return nil
	}, "SELECT id, at, account_id, action, org_id, member_id, detail, hash FROM trail ORDER BY id")
	return out, err
}
