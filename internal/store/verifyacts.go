package store

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"jifen/internal/access"
	"jifen/internal/domain"
)

// maxWrongActs bounds what VerifyActs tells: a clock that was wrong for a month is told
// often enough.
const maxWrongActs = 1000

// act holds of a row that stands in a chain when it was recorded and by whom.
type act struct {
	at uint32 // in seconds; 0 for a row that was not read
	by uint32 // 0 for the program itself
	// waits says that somebody has still to agree to it, or had.
	waits bool
}

// acts is a walk along the chains that asks of every row when it was recorded and whether
// who did held the office for it then.
type acts struct {
	*Snapshot
	rows    map[part]*[1 << partBits]act
	offices map[kind]office
	held    map[int64][]holding // by account
	open    map[int64][]span    // when accounts were not closed
	paths   map[int64]string    // of organisations
	found   []domain.ChainBreak
}

// slack is the difference of the clocks of two machines in seconds.
const slack = int64(lag / time.Second)

// endless is the end of what has not ended.
const endless = math.MaxInt64 - slack

// span is some time, in seconds, with its ends.
type span struct{ from, to int64 }

// has reports whether an instant lies in the span, by the clock of any machine.
func (s span) has(at int64) bool {
	return at >= s.from-slack && at <= s.to+slack
}

// holding is a role that an account held for some time.
type holding struct {
	role domain.Role
	path string
	span
}

// VerifyActs finds rows that were recorded before a row that stands earlier in their chain,
// and rows of accounts that were closed then or held no office that records such a row. What
// the program does by itself it may; what cannot be read is told by Verify.
func (v *Snapshot) VerifyActs() ([]domain.ChainBreak, error) {
	a := &acts{Snapshot: v, rows: map[part]*[1 << partBits]act{}, offices: offices(), held: map[int64][]holding{},
		open: map[int64][]span{}, paths: map[int64]string{}}
	parts := []func() error{a.readPaths, a.readHoldings, a.readOpen}
	for i := range v.chains.list {
		parts = append(parts, func() error { return a.readActs(&v.chains.list[i]) })
	}
	for _, part := range append(parts, a.walkActs) {
		if err := part(); err != nil && !Unreadable(err) {
			return nil, err
		}
	}
	return a.found, nil
}

func (a *acts) readPaths() error {
	return a.each(func(rows *sqlx.Rows) error {
		var id int64
		var path string
		err := rows.Scan(&id, &path)
		a.paths[id] = path
		return err
	}, "SELECT id, path FROM orgs")
}

// readHoldings reads when every account held which role: from the row that gives it until
// the next about the same role and organisation, within its days.
func (a *acts) readHoldings() error {
	type row struct {
		account, org int64
		holding
		ended bool
	}
	var last row
	keep := func(until int64) {
		if last.to = min(last.to, until); last.account != 0 && !last.ended && last.from <= last.to {
			a.held[last.account] = append(a.held[last.account], last.holding)
		}
	}
	err := a.each(func(rows *sqlx.Rows) error {
		var next row
		var at string
		var from, until *string
		if err := rows.Scan(&next.account, &next.role, &next.org, &next.ended, &at, &from, &until); err != nil {
			return err
		}
		begun, err := secondsOf(at)
		if err != nil {
			return err
		}
		if next.path = a.paths[next.org]; next.account == last.account && next.role == last.role && next.org == last.org {
			keep(begun)
		} else {
			keep(endless)
		}
		next.from, next.to = begun, endless
		if from != nil {
			next.from = max(next.from, a.midnight(*from, 0))
		}
		if until != nil {
			next.to = min(next.to, a.midnight(*until, 1))
		}
		last = next
		return nil
	}, `SELECT account_id, role, coalesce(org_id, 0), ended, recorded_at, from_on, until_on FROM assignments
		WHERE waits IS NULL ORDER BY account_id, role, coalesce(org_id, 0), id`)
	keep(endless)
	return err
}

// midnight returns when a stored day begins, or the one some days after it.
func (v *Snapshot) midnight(day string, after int) int64 {
	t, err := time.ParseInLocation(time.DateOnly, day, v.now.Location())
	if err != nil { // of a row that was tampered with, which is told elsewhere
		return 0
	}
	return t.AddDate(0, 0, after).Unix()
}

// readOpen reads when accounts were not closed.
func (a *acts) readOpen() error {
	return a.each(func(rows *sqlx.Rows) error {
		var account int64
		var closed bool
		var at string
		if err := rows.Scan(&account, &closed, &at); err != nil {
			return err
		}
		from, err := secondsOf(at)
		list := a.open[account]
		if n := len(list); n > 0 && list[n-1].to == endless {
			list[n-1].to = from
		}
		if !closed {
			list = append(list, span{from, endless})
		}
		a.open[account] = list
		return err
	}, "SELECT account_id, closed, recorded_at FROM account_changes ORDER BY account_id, id")
}

// readActs reads of the rows of a kind when they were recorded and by whom.
func (a *acts) readActs(k *chainedKind) error {
	at, by, waits := "recorded_at", "0", "0"
	for _, c := range k.columns {
		switch c.name {
		case "made_at":
			at = c.name
		case "recorded_by":
			by = "coalesce(recorded_by, 0)"
		case "request_id":
			waits = "CASE WHEN request_id IS NULL THEN 0 ELSE 1 END"
		case "confirms": // recorded by the second person
			waits = "CASE WHEN confirms IS NULL THEN 0 ELSE 1 END"
		}
	}
	if k.kind == kindRequestStep {
		waits = "0"
	}
	return a.each(func(rows *sqlx.Rows) error {
		var id int64
		var x act
		var text string
		if err := rows.Scan(&id, &text, &x.by, &x.waits); err != nil {
			return err
		}
		if at, err := secondsOf(text); err == nil && at > 0 && at < math.MaxUint32 {
			x.at = uint32(at)
		} // else it was tampered with, which is told elsewhere
		p := part{k, partOf(id)}
		if a.rows[p] == nil {
			a.rows[p] = &[1 << partBits]act{}
		}
		first, _ := p.bounds()
		a.rows[p][id-first] = x
		return nil
	}, "SELECT id, "+at+", "+by+", "+waits+" FROM "+k.table+" ORDER BY id")
}

// secondsOf returns a stored instant in seconds.
func secondsOf(text string) (int64, error) {
	t, err := ParseInstant(text)
	return t.Unix(), err
}

// walkActs goes along the chains with what was read.
func (a *acts) walkActs() error {
	var chain, latest int64
	n := 0
	return a.each(func(rows *sqlx.Rows) error {
		if n++; n%rowsAhead == 0 {
			a.Yield()
		}
		var e chainEntry
		if err := rows.Scan(&e.ChainID, &e.Seq, &e.Kind, &e.RowID); err != nil {
			return err
		}
		k := a.chains.kinds[kind(e.Kind)]
		rowsOf := a.rows[part{k, partOf(e.RowID)}]
		if k == nil || rowsOf == nil {
			return nil // told by Verify
		}
		first, _ := part{k, partOf(e.RowID)}.bounds()
		x := rowsOf[e.RowID-first]
		if e.ChainID != chain {
			chain, latest = e.ChainID, 0
		}
		if why := a.wrong(k, &x, a.paths[chain], latest); why != "" && len(a.found) < maxWrongActs {
			a.found = append(a.found, domain.ChainBreak{Chain: orgID(chain), Seq: e.Seq, Kind: e.Kind, Row: e.RowID, Why: why})
		}
		latest = max(latest, int64(x.at))
		return nil
	}, "SELECT chain_id, seq, kind, row_id FROM chain_entries ORDER BY chain_id, seq")
}

// wrong returns what is wrong with an act in the chain of an organisation after an instant,
// "" for nothing.
func (a *acts) wrong(k *chainedKind, x *act, path string, latest int64) string {
	at, by := int64(x.at), int64(x.by)
	if at == 0 {
		return ""
	}
	if at < latest-slack {
		return fmt.Sprintf("写着记于 %s，链上它前面的却记于 %s", a.clock(at), a.clock(latest))
	}
	o, asked := a.offices[k.kind]
	if by == 0 || !asked {
		return ""
	}
	open := false
	for _, s := range a.open[by] {
		open = open || s.has(at)
	}
	if !open {
		return fmt.Sprintf("写着帐号第 %d 行在 %s 记的，那时没有这个帐号，或者停用着", by, a.clock(at))
	}
	for i := range a.held[by] {
		if h := &a.held[by][i]; h.has(at) && o.allows(h, x.waits, path) {
			return ""
		}
	}
	return fmt.Sprintf("写着帐号第 %d 行在 %s 记的，那时他没有记这个的职务", by, a.clock(at))
}

func (a *acts) clock(at int64) string {
	return time.Unix(at, 0).In(a.now.Location()).Format("2006-01-02 15:04")
}

// office lists the permissions of which one records a row of a kind.
type office struct {
	any []access.Permission
	// waiting record one that somebody else agrees to, or agree to a role.
	waiting []access.Permission
	// within says that the role is over the organisation whose chain it is. Else it may be
	// elsewhere: who records a member of another branch waits for that one.
	within bool
}

// allows reports whether a role that was held records a row.
func (o *office) allows(h *holding, waits bool, path string) bool {
	if o.within && !strings.HasPrefix(path, h.path) {
		return false
	}
	who := access.Actor{Account: 1, Grants: []access.Grant{{Role: h.role, Path: h.path}}}
	for _, p := range o.any {
		if who.May(p) {
			return true
		}
	}
	for _, p := range o.waiting {
		if waits && who.May(p) {
			return true
		}
	}
	return false
}

// offices returns what records rows of each kind. What is not in it may be recorded by
// whoever has the account: a token, what ends one, a slip that is used up; and what an
// account is, by who keeps accounts and by himself.
func offices() map[kind]office {
	of := func(list ...access.Permission) []access.Permission { return list }
	own := of(access.Claim)
	keeps := of(access.ManageMembers, access.MoveMembers, access.Import, access.Record)
	records := of(access.Record, access.Import)
	return map[kind]office{
		kindAffiliation:    {any: keeps, waiting: own},
		kindFact:           {any: keeps, waiting: own},
		kindMember:         {any: keeps},
		kindDraft:          {any: of(access.EnactRules), within: true},
		kindWithdrawal:     {any: of(access.EnactRules), within: true},
		kindEnactment:      {any: of(access.EnactRules), within: true},
		kindActivity:       {any: records},
		kindAttendance:     {any: records, waiting: own},
		kindEntry:          {any: records, waiting: own},
		kindReversal:       {any: of(access.Record, access.Import, access.Decide)},
		kindRequest:        {any: append(own, keeps...)},
		kindRequestStep:    {any: append(of(access.Decide, access.Claim), keeps...)},
		kindPeriod:         {any: of(access.LockPeriods), within: true},
		kindOrgChange:      {any: of(access.ManageOrgs, access.ManageStreets)},
		kindErasure:        {any: of(access.EraseTexts)},
		kindPersonErasure:  {any: of(access.EraseTexts, access.MoveMembers)},
		kindChangeReversal: {any: keeps},
		kindCorrection:     {any: append(of(access.SeeOwn, access.Decide), keeps...)},
		kindSetting:        {any: of(access.ManageAccounts)},
		kindAssignment:     {any: of(access.ManageAccounts, access.ManageOrgs), waiting: of(access.AgreeToRoles)},
		kindActsSeen:       {any: of(access.Record)},
		kindTrailDrop:      {any: of(access.ManageAccounts)},
		kindSlip:           {any: of(access.ManageAccounts, access.HandOutSlips, access.ManageOrgs)},
	}
}
