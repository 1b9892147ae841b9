package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"github.com/jmoiron/sqlx"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// Held holds the record of a member and all that it is judged by, as it was read
// under a stamp: the version of the member and the common one of his streets. It never
// changes, and is good for a transaction that finds the same stamp (see Tx.Unchanged).
type Held struct {
	common  Stamp
	rules   Stamp
	member  domain.Member // with its version
	history domain.MemberHistory
	homes   []domain.Residence
	locked  map[domain.OrgID][]string // periods of the homes
	inForce string                    // see Snapshot.InForceMark
}

// errNotHeld says that a view that only remembers was asked for something else.
func errNotHeld() error { return fault.New(fault.Internal, "what is asked for is not held") }

// Held returns what is held of a member, read now where nothing is. It may be out of
// date: what follows from it is written only where Tx.Unchanged says so. It is for
// judging what is recorded of a member, whoever records it; fault.NotFound for a
// number that nobody has.
func (db *DB) Held(ctx context.Context, id domain.MemberID) (*Held, error) {
	if h := db.memory.get(id); h != nil {
		return h, nil
	}
	return db.ReadHeld(ctx, id)
}

// ReadHeld is Held that reads in any case.
func (db *DB) ReadHeld(ctx context.Context, id domain.MemberID) (h *Held, err error) {
	err = db.Read(engine.OnPrimary(ctx), func(v *Snapshot) error {
		v.memory = nil
		all, err := v.Hold([]domain.MemberID{id})
		h = all[id]
		return err
	})
	if err == nil && h == nil {
		err = fault.New(fault.NotFound, "没有找到")
	}
	if err != nil {
		return nil, err
	}
	db.memory.put(h)
	return h, nil
}

// Hold reads what Held holds, of many members at once; a number that nobody has is
// left out.
func (v *Snapshot) Hold(ids []domain.MemberID) (map[domain.MemberID]*Held, error) {
	found, err := v.MembersOf(access.System("what is judged of a member is held"), ids)
	if err != nil {
		return nil, err
	}
	streets, err := v.streetsOf(slices.Sorted(maps.Keys(found)))
	if err != nil {
		return nil, err
	}
	var shared Held
	if shared.inForce, err = v.InForceMark(); err != nil {
		return nil, err
	}
	members := slices.SortedFunc(maps.Values(found), func(a, b domain.Member) int { return cmp.Compare(a.ID, b.ID) })
	histories, err := v.Records(members)
	if err != nil {
		return nil, err
	}
	residences, err := v.Residences(slices.Sorted(maps.Keys(found)), calendar.Forever)
	if err != nil {
		return nil, err
	}
	shared.locked = map[domain.OrgID][]string{}
	stamped := stamping{Snapshot: v}
	out := make(map[domain.MemberID]*Held, len(members))
	for i := range members {
		h := shared
		h.member, h.history, h.homes = members[i], histories[i], residences[members[i].ID]
		if h.common, h.rules, err = stamped.of(streets[h.member.ID]); err != nil {
			return nil, err
		}
		for _, org := range append([]domain.Residence{{Home: h.member.Home}}, h.homes...) {
			if err := v.lockedPeriods(org.Home.ID, h.locked); err != nil {
				return nil, err
			}
		}
		out[h.member.ID] = &h
	}
	return out, nil
}

// lockedPeriods adds the locked periods of an organisation.
func (v *Snapshot) lockedPeriods(org domain.OrgID, to map[domain.OrgID][]string) error {
	if _, known := to[org]; known {
		return nil
	}
	var periods []string
	err := v.all(&periods, `SELECT p.period FROM periods p WHERE p.org_id = ? AND p.state = 'locked'
		AND p.id = (SELECT max(q.id) FROM periods q WHERE q.org_id = p.org_id AND q.period = p.period)`, orgKey(org))
	to[org] = periods
	return err
}

// Recall returns a view of now that answers from what is held, and refuses every
// other question: whoever gets an error asks the database.
func (db *DB) Recall(h *Held) *Snapshot {
	return &Snapshot{now: db.opts.Now(), query: notHeld{}, chains: db.chains, held: h}
}

// Recall is DB.Recall in a transaction that has read what is held, and has recorded
// nothing since but entries that it was told (see Held.With).
func (tx *Tx) Recall(h *Held) *Snapshot {
	return &Snapshot{now: tx.now, query: notHeld{}, chains: tx.chains, held: h}
}

// Unchanged reports whether what is held is what the transaction finds, and nothing
// was answered yet under an idempotency key of an account ("" for none). The heads of
// the chains that an entry goes into are known from then on.
func (tx *Tx) Unchanged(h *Held, by domain.AccountID, key string) (same bool, err error) {
	if err := tx.settle(); err != nil {
		return false, err
	}
	var version, common, seq, trail, street sql.NullInt64
	var month sql.NullString
	branch, line := &headRow{OrgID: orgKey(h.member.Home.ID)}, &headRow{}
	var answered bool
	err = tx.each(func(rows *sqlx.Rows) error {
		return rows.Scan(&version, &common, &answered, &seq, &branch.Hash, &branch.Mac, &street, &month, &trail, &line.Hash,
			&line.Mac)
	}, "SELECT m.version, ("+h.common.ask()+`) AS common, EXISTS
		(SELECT 1 FROM replies r WHERE r.account_id = ? AND r.key = ?), h.seq, h.hash, h.mac, o.street_id, t.month, t.seq,
		t.hash, t.mac
		FROM members m LEFT JOIN orgs o ON o.id = m.home_id
		LEFT JOIN chain_heads h ON h.org_id = m.home_id AND h.month = ''
		LEFT JOIN chain_heads t ON t.org_id = o.street_id AND t.month = (SELECT max(l.month) FROM chain_heads l
		WHERE l.org_id = o.street_id)
		WHERE m.id = ?`, append(slices.Clone(h.common.names), int64(by), key, string(h.member.ID))...)
	if err != nil || answered || version.Int64 != h.member.Version || common.Int64 != h.common.number {
		return false, err
	}
	branch.Seq = seq.Int64
	line.OrgID, line.Month, line.Seq = street.Int64, month.String, trail.Int64
	if err := errors.Join(tx.rightKey(branch), tx.rightKey(line)); err != nil {
		return false, err
	}
	tx.streets = map[domain.MemberID]int64{h.member.ID: street.Int64}
	tx.heads = map[place]*headRow{}
	if seq.Valid {
		tx.heads[branch.place()] = branch
	}
	if trail.Valid && line.Month == monthOf(tx.stamp()) { // else the next line is tied to it
		tx.heads[line.place()] = line
	}
	return true, nil
}

// SameMembers reports whether members have the versions with which they were read,
// under a stamp, and nothing was answered yet under an idempotency key of an
// account ("" for none).
func (tx *Tx) SameMembers(common Stamp, members []domain.Member, by domain.AccountID, key string) (bool, error) {
	var now struct {
		Common   int64
		Answered bool
	}
	if err := tx.settle(); err != nil {
		return false, err
	}
	err := tx.get(&now, "SELECT ("+common.ask()+`) AS common,
		EXISTS (SELECT 1 FROM replies r WHERE r.account_id = ? AND r.key = ?) AS answered`,
		append(slices.Clone(common.names), int64(by), key)...)
	if err != nil || now.Answered || now.Common != common.number {
		return false, err
	}
	ids := make([]domain.MemberID, len(members))
	for i := range members {
		ids[i] = members[i].ID
	}
	versions, err := tx.versionsOf(ids)
	changed := func(m domain.Member) bool { return versions[m.ID] != m.Version }
	return err == nil && !slices.ContainsFunc(members, changed), err
}

// versionsOf returns the versions of members.
func (v *Snapshot) versionsOf(ids []domain.MemberID) (map[domain.MemberID]int64, error) {
	out := make(map[domain.MemberID]int64, len(ids))
	err := chunks(ids, func(marks string, args []any) error {
		return v.each(func(rows *sqlx.Rows) error {
			var id domain.MemberID
			var version int64
			err := rows.Scan(&id, &version)
			out[id] = version
			return err
		}, "SELECT id, version FROM members WHERE id IN ("+marks+")", args...)
	})
	return out, err
}

// With returns what is held with an entry that counts and was recorded since.
func (h *Held) With(e domain.Entry) *Held {
	next := *h
	next.member.Version++
	next.history = posting(h.history, e)
	return &next
}

// of is Snapshot.Member.
func (h *Held) of(scope access.Scope, id domain.MemberID) (domain.Member, error) {
	switch {
	case id != h.member.ID:
		return domain.Member{}, errNotHeld()
	case !scope.Sees(id, h.member.Home.Path):
		return domain.Member{}, fault.New(fault.NotFound, "没有找到")
	}
	return h.member, nil
}

// records is Snapshot.Records.
func (h *Held) records(members []domain.Member) ([]domain.MemberHistory, error) {
	if len(members) != 1 || members[0].ID != h.member.ID {
		return nil, errNotHeld()
	}
	return []domain.MemberHistory{h.history}, nil
}

// residences is Snapshot.Residences.
func (h *Held) residences(ids []domain.MemberID, on calendar.Day) (map[domain.MemberID][]domain.Residence, error) {
	if len(ids) != 1 || ids[0] != h.member.ID || on != calendar.Forever {
		return nil, errNotHeld()
	}
	return map[domain.MemberID][]domain.Residence{h.member.ID: h.homes}, nil
}

// lockedIn is Snapshot.Locked.
func (h *Held) lockedIn(org domain.OrgID, period string) (bool, error) {
	periods, known := h.locked[org]
	if !known {
		return false, errNotHeld()
	}
	return slices.Contains(periods, period), nil
}

// notHeld refuses every question.
type notHeld struct{}

// Get implements engine.Reader.
func (notHeld) Get(any, string, ...any) error { return errNotHeld() }

// All implements engine.Reader.
func (notHeld) All(any, string, ...any) error { return errNotHeld() }

// Each implements engine.Reader.
func (notHeld) Each(func(*sqlx.Rows) error, string, ...any) error { return errNotHeld() }

// Integrity implements engine.Reader.
func (notHeld) Integrity() ([]string, error) { return nil, errNotHeld() }
