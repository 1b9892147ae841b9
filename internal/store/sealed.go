package store

import (
	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
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

// SeekSealed returns the members of the scope who have a number with this keyed
// hash, by id. Nobody has the hash of nothing.
func (v *Snapshot) SeekSealed(scope access.Scope, kind string, seek []byte) ([]domain.Member, error) {
	if len(seek) == 0 {
		return nil, nil
	}
	where, args := scopeSQL(scope, true)
	var rows []memberRow
	err := v.all(&rows, memberSelect+" JOIN sealed s ON s.member_id = m.id WHERE s.kind = ? AND s.seek = ? "+
		"AND "+where+" ORDER BY m.id", append([]any{kind, seek}, args...)...)
	out := make([]domain.Member, len(rows))
	for i := range rows {
		out[i] = rows[i].member()
	}
	return out, err
}

// keyMark is the setting that says under which key numbers are sealed.
const keyMark = "key mark"

// SealedUnder returns the mark of the key under which numbers are sealed, ""
// while there is none.
func (v *Snapshot) SealedUnder() (mark string, err error) {
	err = v.get(&mark, "SELECT value FROM settings WHERE name = ?", keyMark)
	if fault.CodeOf(err) == fault.NotFound {
		return "", nil
	}
	return mark, err
}

// SealUnder says once for all under which key numbers are sealed: under another
// one nobody would be found again. fault.Conflict if it was said before.
func (tx *Tx) SealUnder(mark string) error {
	_, err := tx.exec("INSERT INTO settings (name, value) VALUES (?, ?)", keyMark, mark)
	return err
}
