package store

import (
	"fmt"

	"github.com/jmoiron/sqlx"

	"jifen/internal/domain"
)

// Recount counts anew what is kept beside append-only rows so that lists are
// quick, and returns where it differs: of members the home and the days of coming
// and leaving, which affiliations decide, and the name; of organisations the name
// and the day of closing; of accounts the login, the name, the member and whether it
// is closed. The last three are decided by member_changes, org_changes and
// account_changes.
func (v *Snapshot) Recount() (out []domain.Miscount, err error) {
	for _, count := range [...]func() ([]domain.Miscount, error){v.recountMembers, v.recountNames, v.recountOrgs,
		v.recountAccounts, v.recountIdentities, v.recountStreets} {
		found, err := count()
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// recountNames compares the names of members. One that was erased cannot be.
func (v *Snapshot) recountNames() (out []domain.Miscount, err error) {
	err = v.each(func(rows *sqlx.Rows) error {
		var m domain.Miscount
		var name *string
		if err := rows.Scan(&m.Member, &m.Name, &name); err != nil {
			return err
		}
		m.Why = "没有登记过姓名，不是这个程序加进来的"
		if name != nil {
			m.Why = "姓名存的是" + quoted(&m.Name) + "，按登记的应当是" + quoted(name)
		}
		out = append(out, m)
		return nil
	}, `SELECT m.id, m.name, t.body FROM members m
		LEFT JOIN member_changes c ON c.id = (SELECT max(y.id) FROM member_changes y WHERE y.member_id = m.id)
		LEFT JOIN texts t ON t.id = c.name
		WHERE c.id IS NULL OR t.body <> m.name AND length(t.salt) > 0 ORDER BY m.id`)
	return out, err
}

// recountAccounts compares what accounts are.
func (v *Snapshot) recountAccounts() (out []domain.Miscount, err error) {
	err = v.each(func(rows *sqlx.Rows) error {
		var m domain.Miscount
		var member, login, name, memberCounted, person, personCounted *string
		var closed, erased bool
		var closedCounted *bool
		if err := rows.Scan(&m.Login, &m.Name, &member, &closed, &login, &name, &memberCounted, &closedCounted,
			&erased, &person, &personCounted); err != nil {
			return err
		}
		if login == nil || closedCounted == nil {
			m.Why = "没有登记过，不是这个程序开的"
			out = append(out, m)
			return nil
		}
		if name == nil {
			name = new(string)
		}
		for _, c := range []struct {
			same bool
			why  string
		}{
			{m.Login == *login, "登录名按登记的应当是" + quoted(login)},
			{erased || m.Name == *name, "姓名存的是" + quoted(&m.Name) + "，按登记的应当是" + quoted(name)},
			{same(member, memberCounted), "党员编号存的是" + quoted(member) + "，按登记的应当是" + quoted(memberCounted)},
			{same(person, personCounted), "持有人存的是" + quoted(person) + "，按登记的应当是" + quoted(personCounted)},
			{closed == *closedCounted, map[bool]string{true: "存的是停用，按登记的没有停用", false: "存的是没有停用，按登记的停用了"}[closed]},
		} {
			if !c.same {
				m.Why = c.why
				out = append(out, m)
			}
		}
		return nil
	}, `SELECT a.login, a.name, a.member_id, a.closed, c.login, t.body, c.member_id, c.closed,
		coalesce(length(t.salt), 1) = 0, a.person, p.person
		FROM accounts a LEFT JOIN account_changes c ON c.id = (SELECT max(y.id) FROM account_changes y
		WHERE y.account_id = a.id)
		LEFT JOIN texts t ON t.id = c.name
		LEFT JOIN account_changes p ON p.id = (SELECT max(y.id) FROM account_changes y
		WHERE y.account_id = a.id AND y.person IS NOT NULL)
		WHERE c.id IS NULL OR a.login <> c.login OR a.name <> coalesce(t.body, '')
		OR coalesce(a.member_id, '') <> coalesce(c.member_id, '')
			OR a.closed <> c.closed OR coalesce(a.person, '-') <> coalesce(p.person, '-') ORDER BY a.id`)
	return out, err
}

func (v *Snapshot) recountMembers() (out []domain.Miscount, err error) {
	holds := affiliationNow("a")
	err = v.each(func(rows *sqlx.Rows) error {
		var m domain.Miscount
		var home, homeCounted *string // names
		var sameHome bool
		var joined, left, joinedCounted, leftCounted *string
		if err := rows.Scan(&m.Member, &m.Name, &home, &homeCounted, &sameHome, &joined, &left, &joinedCounted,
			&leftCounted); err != nil {
			return err
		}
		for _, c := range []struct {
			same          bool
			what          string
			kept, counted *string
		}{
			{sameHome, "所在支部", home, homeCounted},
			{same(joined, joinedCounted), "来的日子", joined, joinedCounted},
			{same(left, leftCounted), "离开的日子", left, leftCounted},
		} {
			if !c.same {
				m.Why = fmt.Sprintf("%s存的是%s，按组织关系的记录应当是%s", c.what, quoted(c.kept), quoted(c.counted))
				out = append(out, m)
			}
		}
		return nil
	}, `SELECT m.id, m.name, k.name, c.name, coalesce(m.home_id, 0) = coalesce(x.home_id, 0), m.joined_on, m.left_on,
		x.joined_on, x.left_on
		FROM members m JOIN (SELECT m.id,
			(SELECT a.org_id FROM affiliations a WHERE a.member_id = m.id AND a.kind = 'home' AND a.org_id IS NOT NULL
				AND `+holds+`
				ORDER BY a.from_on DESC, a.id DESC LIMIT 1) AS home_id,
			(SELECT min(a.from_on) FROM affiliations a WHERE a.member_id = m.id AND a.kind = 'home'
			AND a.org_id IS NOT NULL AND `+holds+`) AS joined_on,
			(SELECT CASE WHEN a.org_id IS NULL THEN a.from_on END FROM affiliations a WHERE a.member_id = m.id
			AND a.kind = 'home' AND `+holds+`
				ORDER BY a.from_on DESC, a.id DESC LIMIT 1) AS left_on
			FROM members m) x ON x.id = m.id
		LEFT JOIN orgs k ON k.id = m.home_id LEFT JOIN orgs c ON c.id = x.home_id
		WHERE coalesce(m.home_id, 0) <> coalesce(x.home_id, 0) OR coalesce(m.joined_on, '') <> coalesce(x.joined_on, '')
			OR coalesce(m.left_on, '') <> coalesce(x.left_on, '') ORDER BY m.id`)
	return out, err
}

func (v *Snapshot) recountOrgs() (out []domain.Miscount, err error) {
	err = v.each(func(rows *sqlx.Rows) error {
		var id int64
		var m domain.Miscount
		var name *string // NULL where nobody set it up
		var closed, closedCounted *string
		if err := rows.Scan(&id, &m.Name, &name, &closed, &closedCounted); err != nil {
			return err
		}
		m.Org = orgID(id)
		switch {
		case name == nil:
			m.Why = "没有设立的记录，不是这个程序加进来的"
			out = append(out, m)
		case *name != m.Name:
			m.Why = "名称存的是" + quoted(&m.Name) + "，按变动的记录应当是" + quoted(name)
			out = append(out, m)
		}
		if !same(closed, closedCounted) {
			m.Why = "撤销的日子存的是" + quoted(closed) + "，按变动的记录应当是" + quoted(closedCounted)
			out = append(out, m)
		}
		return nil
	}, `SELECT o.id, o.name, c.name, o.closed_on,
		(SELECT CASE WHEN x.kind = '撤销' THEN x.from_on END FROM org_changes x WHERE x.org_id = o.id
		AND x.kind IN ('撤销', '恢复') ORDER BY x.id DESC LIMIT 1) AS should
		FROM orgs o LEFT JOIN org_changes c ON c.id = (SELECT max(y.id) FROM org_changes y WHERE y.org_id = o.id)
		ORDER BY o.id`)
	if err != nil {
		return nil, err
	}
	// Each change begins with the name that the one before it left.
	err = v.each(func(rows *sqlx.Rows) error {
		var id, row int64
		var m domain.Miscount
		var was, before string
		if err := rows.Scan(&id, &row, &m.Name, &was, &before); err != nil {
			return err
		}
		m.Org, m.Why = orgID(id), fmt.Sprintf("变动的记录第 %d 行从“%s”改起，前一行改成的却是“%s”", row, was, before)
		out = append(out, m)
		return nil
	}, `SELECT o.id, c.id, o.name, c.was, p.name FROM org_changes c JOIN orgs o ON o.id = c.org_id
		JOIN org_changes p ON p.id = (SELECT max(y.id) FROM org_changes y WHERE y.org_id = c.org_id AND y.id < c.id)
		WHERE c.was <> p.name ORDER BY o.id, c.id`)
	return out, err
}

// same compares columns that may be NULL.
func same(a, b *string) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// quoted is a column in a sentence.
func quoted(text *string) string {
	if text == nil {
		return "空的"
	}
	return "“" + *text + "”"
}
