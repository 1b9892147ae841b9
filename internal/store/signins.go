package store

import (
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
)

type brakeRow struct {
	Login      string
	Address    string
	Failures   int
	At         string
	SignedInAt string
}

const brakeSelect = "SELECT login, address, failures, at, signed_in_at FROM sign_in_brakes"

func (r *brakeRow) brake() (b domain.SignInBrake, err error) {
	b = domain.SignInBrake{Login: r.Login, Address: r.Address, Failures: r.Failures}
	if b.At, err = ParseInstant(r.At); err == nil && r.SignedInAt != "" {
		b.SignedIn, err = ParseInstant(r.SignedInAt)
	}
	return b, mapError(err)
}

func (v *Snapshot) brakes(query string, args ...any) ([]domain.SignInBrake, error) {
	var rows []brakeRow
	if err := v.all(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]domain.SignInBrake, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].brake(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SignInBrakes returns what is counted of a login from an address, of the login
// and of the address, as far as anything is. It is asked before anybody is signed
// in and so has no scope.
func (v *Snapshot) SignInBrakes(login, address string) ([]domain.SignInBrake, error) {
	return v.brakes(brakeSelect+" WHERE login IN (?, '') AND address IN (?, '') ORDER BY login, address", login, address)
}

// BrakedLogins returns what is counted of logins that failed so often or more;
// who may ask holds ManageAccounts.
func (v *Snapshot) BrakedLogins(scope access.Scope, failures int) ([]domain.SignInBrake, error) {
	if !scope.All() {
		return nil, nil
	}
	return v.brakes(brakeSelect+" WHERE login <> '' AND failures >= ? ORDER BY login, address", failures)
}

// HoldSignIns makes the transaction the only one that judges a sign-in of a login or from
// an address, whatever is counted of them yet.
func (tx *Tx) HoldSignIns(login, address string) error {
	if !tx.many {
		return nil
	}
	never := Instant(time.Time{})
	_, err := tx.exec(`INSERT INTO sign_in_brakes (login, address, failures, at, signed_in_at) VALUES ('', ?, 0, ?, ''),
		(?, '', 0, ?, ''), (?, ?, 0, ?, '') ON CONFLICT (login, address) DO UPDATE SET failures = sign_in_brakes.failures`,
		address, never, login, never, login, address, never)
	return err
}

// DropIdleBrakes forgets what HoldSignIns has held of a login and of an address where
// nothing is counted of them.
func (tx *Tx) DropIdleBrakes(login, address string) error {
	if !tx.many {
		return nil
	}
	_, err := tx.exec(`DELETE FROM sign_in_brakes WHERE failures = 0 AND signed_in_at = ''
		AND (login = ? AND address = '' OR login = '' AND address = ?)`, login, address)
	return err
}

// PutSignInBrake keeps what is counted.
func (tx *Tx) PutSignInBrake(b domain.SignInBrake) error {
	signedIn := ""
	if !b.SignedIn.IsZero() {
		signedIn = Instant(b.SignedIn)
	}
	_, err := tx.exec(`INSERT INTO sign_in_brakes (login, address, failures, at, signed_in_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (login, address) DO UPDATE SET failures = excluded.failures, at = excluded.at,
		signed_in_at = excluded.signed_in_at`, b.Login, b.Address, b.Failures, Instant(b.At), signedIn)
	return err
}

// ForgiveSignIns forgets the failures of a login, from wherever they came.
func (tx *Tx) ForgiveSignIns(login string) error {
	_, err := tx.exec("UPDATE sign_in_brakes SET failures = 0 WHERE login = ?", login)
	return err
}

// PruneSignInBrakes forgets what last changed before an instant, what last signed
// in before another, and of what never signed in all but the newest so many.
func (tx *Tx) PruneSignInBrakes(failed, signedIn time.Time, keep int) error {
	_, err := tx.exec("DELETE FROM sign_in_brakes WHERE signed_in_at < ? AND at < ?", Instant(signedIn), Instant(failed))
	if err != nil {
		return err
	}
	_, err = tx.exec(`DELETE FROM sign_in_brakes WHERE signed_in_at = '' AND at <
		(SELECT at FROM sign_in_brakes WHERE signed_in_at = '' ORDER BY at DESC LIMIT 1 OFFSET ?)`, keep-1)
	return err
}
