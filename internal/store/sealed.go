package store

import (
	"jifen/internal/access"
	"jifen/internal/domain"
)

// PutSealed keeps a number of a member as the box it was sealed into, with the
// keyed hash by which it is sought. kind is 身份证号 or 手机号. A number of the
// kind that is there is replaced and gone for good.
func (tx *Tx) PutSealed(member domain.MemberID, kind string, box, seek []byte) error {
	_, err := tx.exec(`INSERT INTO sealed (member_id, street_id, kind, box, seek)
		VALUES (?, coalesce((SELECT m.street_id FROM members m WHERE m.id = ?), 0), ?, ?, ?)
		ON CONFLICT (member_id, kind) DO UPDATE SET box = excluded.box, seek = excluded.seek`, string(member),
		string(member), kind, box, seek)
	return err
}

// Sealed returns the box of a member's number, fault.NotFound outside the scope
// and where there is none.
func (v *Snapshot) Sealed(scope access.Scope, member domain.MemberID, kind string) (box []byte, err error) {
	if _, err := v.Member(scope, member); err != nil {
		return nil, err
	}
	err = v.get(&box, "SELECT box FROM sealed WHERE member_id = ? AND kind = ?", string(member), kind)
	return box, err
}

// SeekSealed returns the members of the scope who have a number with one of these keyed
// hashes, by id. Nobody has the hash of nothing.
func (v *Snapshot) SeekSealed(scope access.Scope, kind string, seeks [][]byte) ([]domain.Member, error) {
	if len(seeks) == 0 {
		return nil, nil
	}
	where, args := scopeSQL(scope, true)
	of := []any{kind}
	for _, seek := range seeks {
		of = append(of, seek)
	}
	var rows []memberRow
	err := v.all(&rows, memberSelect+" JOIN sealed s ON s.member_id = m.id WHERE s.kind = ? AND "+
		"s.seek IN ("+questions(len(seeks))+") AND "+where+" ORDER BY m.id", append(of, args...)...)
	out := make([]domain.Member, len(rows))
	for i := range rows {
		out[i] = rows[i].member()
	}
	return out, err
}
