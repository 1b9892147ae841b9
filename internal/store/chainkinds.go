package store

import "strings"

// kind names the table of the row that an entry of a chain stands for.
type kind string

// The kinds of rows that stand in the chains: what may decide points or a right,
// or what a list says. A new one takes a row of chainedKinds and a call of Tx.appendEntry.
const (
	kindAffiliation kind = "affiliation"
	kindFact        kind = "fact"
	kindDraft       kind = "draft"
	kindWithdrawal  kind = "withdrawal"
	kindEnactment   kind = "enactment"
	kindActivity    kind = "activity"
	kindAttendance  kind = "attendance"
	kindEntry       kind = "entry"
	kindReversal    kind = "reversal"
	// of a fact or an affiliation
	kindChangeReversal kind = "change_reversal"
	kindRequest        kind = "request"
	kindRequestStep    kind = "request_step"
	kindPeriod         kind = "period"
	kindOrg            kind = "org"
	kindOrgChange      kind = "org_change"
	kindMember         kind = "member"
	kindAccount        kind = "account"
	kindAssignment     kind = "assignment"
	kindToken          kind = "token"
	kindRevocation     kind = "revocation"
	kindErasure        kind = "erasure"
	kindSlip           kind = "slip"
	kindSlipEnd        kind = "slip_end"
	kindSetting        kind = "setting"
	// who somebody was is erased
	kindPersonErasure kind = "person_erasure"
	kindCorrection    kind = "correction"
	// a month of the trail is dropped
	kindTrailDrop kind = "trail_drop"
	// what others did was seen
	kindActsSeen kind = "acts_seen"
)

// raises names the version that a row of a kind raises: what is held in memory and depends
// on it is stale from then on.
type raises byte

// What rows raise. A row raises the version of its member where it is judged by what is
// recorded of himself; the common one where it may change what something recorded of any
// member is judged by: rules, what organisations and numbers there are, what is locked,
// what was erased; that of rights where it may change what an account may do; and nothing
// where nothing that is held depends on it. But for a member's they are versions of a
// street: of the one whose chain the row goes into, or of all where it stands above.
const (
	raisesMember raises = iota + 1
	raisesCommon
	raisesRules  // the common one, and that of what is in force where
	raisesRights // that of who may do what
	raisesNothing
)

// versions returns the names of the versions that are raised beside that of a member.
func (r raises) versions() []string {
	switch r {
	case raisesCommon:
		return []string{commonVersion}
	case raisesRules:
		return []string{commonVersion, rulesVersion}
	case raisesRights:
		return []string{rightsVersion}
	default:
		return nil
	}
}

// columnType is the declared type of a column, as its value goes into a digest.
type columnType byte

// The types of columns. A freeText column holds the id of a text; what goes into
// the digest is the commitment to it, so that an erased text breaks nothing. A
// derived column is no part of the digest: it is what rows that stand in the
// chains come to, and Recount counts it anew.
const (
	integer  columnType = 'i'
	words    columnType = 't'
	blob     columnType = 'b'
	freeText columnType = 'c'
	derived  columnType = 'd'
)

// column is a column of a chained table, in the order of the digest.
type column struct {
	name  string
	typ   columnType
	null  bool // may be NULL
	added bool // by a migration; goes into a digest only where it is not NULL
}

// chainedKind is one kind of row that stands in the chains. The digest, the search
// for rows without an entry, what concerns a member and the word for people are
// taken from it.
type chainedKind struct {
	kind    kind
	table   string
	word    string // Chinese, as pages and reports name the kind
	raises  raises
	columns []column
	// concerning are the SELECTs of what of the kind concerns a member, whose
	// placeholders are the member's id and the instant by which it was recorded.
	concerning []string
}

// chainedKinds is the one list of what stands in the chains. The columns are all
// of the table's but its id, which stands in the entry itself; a test holds them
// against the schema.
func chainedKinds() []chainedKind {
	return append([]chainedKind{
		{kindAffiliation, "affiliations", "组织关系", raisesMember,
			streetAnd("member_id t, kind t, org_id i?, from_on t, ended i, recorded_at t, recorded_by i?, reason c?+"),
			[]string{affiliationsConcerning}},
		{kindFact, "facts", "情况", raisesMember,
			streetAnd(`member_id t, attribute t, from_on t, text t, number i, words c?, request_id i?, recorded_at t,
				recorded_by i?, reason c?+`),
			[]string{factsConcerning}},
		{kindDraft, "drafts", "草案", raisesNothing, // holds once it is enacted
			streetAnd(`org_id i, supplement i, beside i, code t, from_on t, hash t, source t, cases t, person c, retroactive i,
				recorded_at t, recorded_by i?`), nil},
		{kindWithdrawal, "withdrawals", "撤回草案", raisesNothing, // of a draft
			streetAnd("draft_id i, person c?, reason c?, recorded_at t, recorded_by i?"), nil},
		{kindEnactment, "enactments", "办法", raisesRules,
			streetAnd(`org_id i, supplement i, beside i, code t, from_on t, hash t, source t, draft_id i?, person c?,
				retroactive i, recorded_at t, recorded_by i?`), nil},
		{kindActivity, "activities", "活动", raisesNothing, // counts by its attendance
			streetAnd("org_id i, kind t, occurred_on t, title c?, paper c?, recorded_at t, recorded_by i"), nil},
		{kindAttendance, "attendance", "出勤", raisesMember,
			streetAnd(`activity_id i, member_id t, status t, made_up_on t?, request_id i?, reason c?, recorded_at t,
				recorded_by i`), []string{attendanceConcerning}},
		{kindEntry, "entries", "记录", raisesMember,
			streetAnd(`member_id t, item t, occurred_on t, points i?, fields t, words c?, note c?, request_id i?, paper c?,
				recorded_at t, recorded_by i`), []string{entriesConcerning}},
		{kindReversal, "reversals", "撤销", raisesMember,
			streetAnd("entry_id i, reason c, recorded_at t, recorded_by i"), []string{reversalsConcerning}},
		{kindChangeReversal, "change_reversals", "撤销登记", raisesMember,
			streetAnd("member_id t, fact_id i?, affiliation_id i?, reason c?, recorded_at t, recorded_by i?"),
			[]string{changeReversalsConcerning}},
		{kindRequest, "requests", "申报", raisesNothing, // comes with the row that waits
			streetAnd(`kind t, member_id t, subject t, happened_on t, route t, follows i?, replaces i?, first_at t,
				recorded_at t, recorded_by i, org_id i?+, reason c?+`), []string{requestsConcerning}},
		{kindRequestStep, "request_steps", "审批", raisesMember,
			streetAnd(`request_id i, seq i, kind t, organs t, rest i, reason c?, document t, document_on t?, recorded_at t,
				recorded_by i?`), []string{requestStepsConcerning}},
		{kindCorrection, "corrections", "更正申请", raisesNothing, // nothing is reckoned by it
			streetAnd("member_id t, about t, wrong c, wanted c, request_id i, recorded_at t, recorded_by i"),
			[]string{correctionsConcerning}},
	}, kindsOfOrgsAndAccounts()...)
}

// kindsOfOrgsAndAccounts lists those of chainedKinds that are about no deed: organisations,
// names, accounts and what is erased.
func kindsOfOrgsAndAccounts() []chainedKind {
	return []chainedKind{
		{kindPeriod, "periods", "考核期", raisesCommon,
			streetAnd("org_id i, period t, state t, recorded_at t, recorded_by i?, reason c?+"), nil},
		{kindOrg, "orgs", "组织", raisesRules,
			columnsOf("parent_id i?, path t, level t, kind t, name d, closed_on d?, street_id i?, recorded_at t"), nil},
		{kindOrgChange, "org_changes", "组织变动", raisesCommon,
			streetAnd("org_id i, kind t, name t, was t, from_on t, recorded_at t, recorded_by i?"), nil},
		{kindMember, "member_changes", "姓名", raisesCommon,
			streetAnd("member_id t, name c, recorded_at t, recorded_by i?, from_on t?+, reason c?+"),
			[]string{namesConcerning}},
		{kindAccount, "account_changes", "帐号", raisesRights,
			streetAnd(`account_id i, login t, name c?, member_id t?, closed i, recorded_at t, recorded_by i?,
			person t?+, issuer t?+, subject c?+`), nil},
		{kindAssignment, "assignments", "角色", raisesRights,
			streetAnd(`account_id i, role t, org_id i?, ended i, recorded_at t, recorded_by i?, from_on t?+, until_on t?+,
			waits i?+, confirms i?+, reason c?+, group_name t?+`), nil},
		{kindToken, "tokens", "凭证", raisesNothing, // nobody has used it yet
			streetAnd("hash b, account_id i, name t, tail t, session i, expires_at t, made_at t, scope t?+"), nil},
		{kindErasure, "erasures", "删除文字", raisesCommon,
			streetAnd("text_id i, erased_on t, reason c, recorded_at t, recorded_by i?"), nil},
		{kindPersonErasure, "person_erasures", "删除个人信息", raisesCommon,
			streetAnd("member_id t, kinds t, reason c, recorded_at t, recorded_by i?"), nil},
		{kindRevocation, "revocations", "凭证作废", raisesRights,
			streetAnd("token_id i, recorded_at t, recorded_by i?"), nil},
		{kindSlip, "slips", "激活条", raisesNothing,
			streetAnd("account_id i, hash b, expires_at t, recorded_at t, recorded_by i?"), nil},
		{kindSlipEnd, "slip_ends", "激活条作废", raisesNothing, // the password that comes of it is in no chain
			streetAnd("slip_id i, used i, recorded_at t, recorded_by i?"), nil},
		{kindSetting, "setting_changes", "设置", raisesRights,
			streetAnd("name t, value i, recorded_at t, recorded_by i?"), nil},
		{kindTrailDrop, "trail_drops", "清理审计", raisesNothing,
			streetAnd("trail_street i, month t, seq i, before b?, hash b, note t, asked_by i, recorded_at t, recorded_by i"),
			nil},
		{kindActsSeen, "acts_seen", "看过别处改动", raisesNothing,
			streetAnd("org_id i, until_at t, recorded_at t, recorded_by i?"), nil},
	}
}

// What concerns a member, by kind: the columns are those that memberEntryRow reads
// after the kind.
const (
	affiliationsConcerning = `h.id AS row_id, coalesce(o.name, '') AS what, '' AS status, h.kind AS detail,
		h.ended AS flag,
		h.from_on AS on_day, CAST(NULL AS BIGINT) AS entry_id, CAST(NULL AS BIGINT) AS activity_id, h.recorded_at,
		h.recorded_by
		FROM affiliations h LEFT JOIN orgs o ON o.id = h.org_id WHERE h.member_id = ? AND h.recorded_at <= ?`
	// The first name comes with the member.
	namesConcerning = `c.id, '姓名', '', '', 0, coalesce(c.from_on, ''), NULL, NULL, c.recorded_at, c.recorded_by
		FROM member_changes c WHERE c.member_id = ? AND c.recorded_at <= ? AND c.reason IS NOT NULL`
	factsConcerning = `f.id, f.attribute, '', '', 0, f.from_on, NULL, NULL, f.recorded_at, f.recorded_by
		FROM facts f WHERE f.member_id = ? AND f.recorded_at <= ?`
	// An activity belongs to its branch; it is read with who was there.
	attendanceConcerning = `x.id, coalesce(a.kind, ''), x.status, '', 0, a.occurred_on, NULL, x.activity_id,
		x.recorded_at, x.recorded_by
		FROM attendance x LEFT JOIN activities a ON a.id = x.activity_id WHERE x.member_id = ? AND x.recorded_at <= ?`
	entriesConcerning = `e.id, e.item, '', '', 0, e.occurred_on, e.id, NULL, e.recorded_at, e.recorded_by
		FROM entries e WHERE e.member_id = ? AND e.recorded_at <= ?`
	reversalsConcerning = `r.id, e.item, '', '', 0, e.occurred_on, e.id, NULL, r.recorded_at, r.recorded_by
		FROM entries e JOIN reversals r ON r.entry_id = e.id WHERE e.member_id = ? AND r.recorded_at <= ?`
	changeReversalsConcerning = `r.id, coalesce(f.attribute, o.name, ''), '', coalesce(h.kind, ''), coalesce(h.ended, 0),
		coalesce(f.from_on, h.from_on), NULL, NULL, r.recorded_at, r.recorded_by
		FROM change_reversals r LEFT JOIN facts f ON f.id = r.fact_id LEFT JOIN affiliations h ON h.id = r.affiliation_id
		LEFT JOIN orgs o ON o.id = h.org_id WHERE r.member_id = ? AND r.recorded_at <= ?`
	requestsConcerning = `q.id, q.subject, coalesce(x.status, ''), '', 0, q.happened_on, e.id, x.activity_id,
		q.recorded_at, q.recorded_by
		FROM requests q LEFT JOIN entries e ON e.request_id = q.id LEFT JOIN attendance x ON x.request_id = q.id
		WHERE q.member_id = ? AND q.recorded_at <= ?`
	correctionsConcerning = `n.id, q.subject, '', '', 0, q.happened_on, NULL, NULL, n.recorded_at, n.recorded_by
		FROM corrections n JOIN requests q ON q.id = n.request_id WHERE n.member_id = ? AND n.recorded_at <= ?`
	requestStepsConcerning = `s.id, q.subject, coalesce(x.status, ''), s.kind, 0, q.happened_on, e.id, x.activity_id,
		s.recorded_at, s.recorded_by
		FROM requests q JOIN request_steps s ON s.request_id = q.id LEFT JOIN entries e ON e.request_id = q.id
		LEFT JOIN attendance x ON x.request_id = q.id WHERE q.member_id = ? AND s.recorded_at <= ?`
)

// trailKind is the trail, which has chains of its own.
func trailKind() *chainedKind {
	return &chainedKind{
		kind: "trail", table: "trail", word: "审计",
		columns: columnsOf(`street_id i, month t, at t, account_id i?, action t, org_id i?, member_id t?, detail t, role t?+,
			address t?+, route t?+, result t?+, subject t?+, subjects i?+`),
	}
}

// names lists the columns for SQL.
func (k *chainedKind) names() string {
	list := make([]string, len(k.columns))
	for i, c := range k.columns {
		list[i] = c.name
	}
	return strings.Join(list, ", ")
}

// streetAnd reads a list of columns after that of the street, which is the one of the chain.
func streetAnd(list string) []column { return columnsOf("street_id d, " + list) }

// carriesStreet reports whether rows of the kind carry the street of their chain; an
// organisation has its own.
func (k *chainedKind) carriesStreet() bool { return k.kind != kindOrg }

// ofAccount reports whether rows of the kind say what an account is and may do: nothing
// that is recorded in a street is judged by them, and they are judged by nothing there.
func (k *chainedKind) ofAccount() bool {
	return k.raises == raisesRights || k.kind == kindToken || k.kind == kindSlip || k.kind == kindSlipEnd
}

// columnsOf reads a list of columns: each its name and the letter of its type, with
// a question mark where it may be NULL, and a plus where a migration added it.
func columnsOf(list string) []column {
	parts := strings.Split(list, ",")
	out := make([]column, len(parts))
	for i, part := range parts {
		name, typ, _ := strings.Cut(strings.TrimSpace(part), " ")
		typ, added := strings.CutSuffix(typ, "+")
		typ, null := strings.CutSuffix(typ, "?")
		out[i] = column{name: name, typ: columnType(typ[0]), null: null || added, added: added}
	}
	return out
}

// EntryKindWord returns the Chinese word for what an entry of a chain stands for;
// an unknown kind is its own word.
func EntryKindWord(of string) string {
	for _, k := range chainedKinds() {
		if string(k.kind) == of {
			return k.word
		}
	}
	switch of {
	case textKind:
		return "文字"
	case HeadKind:
		return "链头"
	case "trail":
		return trailKind().word
	default:
		return of
	}
}
