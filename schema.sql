-- jifen: the whole current schema. A fresh database is this file, with the mark
-- and the version that the program gives it. Every change after the first release
-- has a step in internal/store/migrations/steps, which brings an older database to
-- the same catalogue.
--
-- What people put in is append-only and carries two times: when it happened or
-- holds from (…_on, a civil day) and when it was recorded (…_at, UTC, RFC 3339
-- with milliseconds). Corrections are new rows. Triggers refuse UPDATE and
-- DELETE on these tables, and INSERT OR REPLACE with them (recursive triggers
-- are on). Nothing here rolls a whole transaction back, because one transaction
-- carries the work of many people.
--
-- Points and quantities are integers in hundredths.
--
-- Every table that grows carries street_id, the row of a street in orgs or 0 for none,
-- so that a database may be divided by it (docs/adr/0020): of what stands in a chain the
-- street of the chain, in which it was recorded, wherever its member moves; of a text
-- that of the row that has it.

-- Facts about this database as a whole: when it was made, its day zone, the
-- key that member numbers of the demo were drawn with.
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- Organisations (党组织): 街道 → 社区 → 支部; a 区 stands above where the database
-- holds several streets. path lists the ids from the root
-- down, each closed by a dot, so that a subtree is a range of paths. The name and
-- the day of closing are the present ones, kept beside org_changes.
CREATE TABLE orgs (
  id          INTEGER PRIMARY KEY,
  parent_id   INTEGER REFERENCES orgs (id),
  path        TEXT NOT NULL UNIQUE,
  level       TEXT NOT NULL CHECK (level IN ('区', '街道', '社区', '支部')),
  kind        TEXT NOT NULL DEFAULT '', -- of a branch: 社区, 市场, 两新, 功能型, 网络 …
  name        TEXT NOT NULL CHECK (name <> ''),
  closed_on   TEXT, -- NULL: is there
  street_id   INTEGER REFERENCES orgs (id), -- itself, or the one above; NULL: stands above streets
  recorded_at TEXT NOT NULL,
  UNIQUE (parent_id, name)
) STRICT;

-- What became of organisations: set up (设立), another name (更名), closed (撤销),
-- there again (恢复).
CREATE TABLE org_changes (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  kind        TEXT NOT NULL CHECK (kind IN ('设立', '更名', '撤销', '恢复')),
  name        TEXT NOT NULL, -- from now on
  was         TEXT NOT NULL, -- until now; '' where it was set up
  from_on     TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id)
) STRICT;
CREATE INDEX org_changes_by_org ON org_changes (org_id, id);
CREATE INDEX org_changes_of_names ON org_changes (from_on, id) WHERE kind = '更名'; -- who was called otherwise

-- Members (党员). What is known of a member stands in facts and affiliations;
-- here is the identity, and what is kept beside it so that lists are quick: the
-- home branch, for one who has left the last one, and the days from which he is
-- here and is not here any more (all recounted from affiliations by a test), and a
-- version that every change of the member's inputs raises.
CREATE TABLE members (
  id          TEXT PRIMARY KEY CHECK (id <> ''), -- 编号
  name        TEXT NOT NULL CHECK (name <> ''),
  initials    TEXT NOT NULL DEFAULT '',          -- of the pinyin, for typing
  home_id     INTEGER REFERENCES orgs (id),      -- NULL: belonged nowhere yet
  street_id   INTEGER NOT NULL DEFAULT 0,        -- of the home; 0 = none
  joined_on   TEXT,                              -- NULL: belonged nowhere yet
  left_on     TEXT,                              -- NULL: is here
  version     INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX members_by_home ON members (home_id, id);

-- What members are called: the latest row holds, and stands in members.name too. The
-- name is a text, so that it can be erased.
CREATE TABLE member_changes (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  member_id   TEXT NOT NULL REFERENCES members (id),
  name        INTEGER NOT NULL REFERENCES texts (id),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id), -- NULL: the program itself
  from_on     TEXT, -- the day from which he is called so; NULL: from the first
  reason      INTEGER REFERENCES texts (id) -- NULL: the first name
) STRICT;
CREATE INDEX member_changes_by_member ON member_changes (member_id, id);
CREATE INDEX member_changes_of_names ON member_changes (from_on, member_id) WHERE reason IS NOT NULL; -- who was called otherwise

-- Sealed personal data: identity number and phone, encrypted; seek is a keyed
-- hash by which an exact number is found again. Replaced, not appended: what is
-- corrected here must really go.
CREATE TABLE sealed (
  member_id TEXT NOT NULL REFERENCES members (id),
  street_id INTEGER NOT NULL, -- of the member's home
  kind      TEXT NOT NULL CHECK (kind IN ('身份证号', '手机号')),
  box       BLOB NOT NULL,
  seek      BLOB NOT NULL,
  PRIMARY KEY (member_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX sealed_by_seek ON sealed (kind, seek);

-- Affiliations (组织关系): home (one on any day), host (流入) or participant
-- (功能型, 网络). On a day the row of a kind and organisation holds that begins
-- last, then the one recorded last; org_id NULL of kind home says that the member
-- is not here from that day on.
CREATE TABLE affiliations (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  member_id   TEXT NOT NULL REFERENCES members (id),
  kind        TEXT NOT NULL CHECK (kind IN ('home', 'host', 'participant')),
  org_id      INTEGER REFERENCES orgs (id),
  from_on     TEXT NOT NULL,
  ended       INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)), -- host, participant: over from that day
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id),
  reason      INTEGER REFERENCES texts (id), -- for what began longer ago than one may record (补录); NULL: none asked for
  CHECK (org_id IS NOT NULL OR kind = 'home')
) STRICT;
CREATE INDEX affiliations_by_member ON affiliations (member_id, from_on, id);
CREATE INDEX affiliations_of_homes ON affiliations (member_id, org_id) WHERE kind = 'home' AND org_id IS NOT NULL; -- who moved
CREATE INDEX affiliations_by_home ON affiliations (org_id, member_id) WHERE kind = 'home' AND org_id IS NOT NULL; -- who ever belonged there
CREATE INDEX affiliations_of_guests ON affiliations (org_id, member_id) WHERE kind <> 'home';

-- Facts (事实): one attribute's value from a day on. An exemption (豁免) that
-- somebody has still to agree to has a request, and holds once that is accepted.
-- What an attribute of kind 文字 says is a text, so that it can be erased.
CREATE TABLE facts (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  member_id   TEXT NOT NULL REFERENCES members (id),
  attribute   TEXT NOT NULL CHECK (attribute <> ''),
  from_on     TEXT NOT NULL,
  text        TEXT NOT NULL DEFAULT '',         -- the option; '' where words has what was written
  number      INTEGER NOT NULL DEFAULT 0,
  words       INTEGER REFERENCES texts (id),    -- NULL: of another kind than 文字
  request_id  INTEGER REFERENCES requests (id), -- NULL: holds at once
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id),
  reason      INTEGER REFERENCES texts (id)     -- as in affiliations
) STRICT;
CREATE INDEX facts_by_member ON facts (member_id, from_on, id);
CREATE UNIQUE INDEX facts_by_request ON facts (request_id) WHERE request_id IS NOT NULL;

-- Drafts (草案): rule files handed in, with the worked cases they came with. One
-- takes effect only by an enactment, which a second person makes.
CREATE TABLE drafts (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  supplement  INTEGER NOT NULL CHECK (supplement IN (0, 1)), -- 补充, of the scheme with the same code
  beside      INTEGER NOT NULL CHECK (beside IN (0, 1)),     -- 并行: a ledger of its own beside the main scheme
  code        TEXT NOT NULL, -- 编号
  from_on     TEXT NOT NULL, -- the day from which it shall hold
  hash        TEXT NOT NULL, -- SHA-256 of source, hex
  source      TEXT NOT NULL,
  cases       TEXT NOT NULL,
  person      INTEGER NOT NULL REFERENCES texts (id), -- who handed it in, by name
  retroactive INTEGER NOT NULL CHECK (retroactive IN (0, 1)), -- who handed it in agrees that points of days past change
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: from the command line
) STRICT;

-- Withdrawals of drafts that were not enacted.
CREATE TABLE withdrawals (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  draft_id    INTEGER NOT NULL UNIQUE REFERENCES drafts (id),
  person      INTEGER REFERENCES texts (id),
  reason      INTEGER REFERENCES texts (id),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id)
) STRICT;

-- Rule files (办法) in force: the text itself, from a day on, for a subtree. Of
-- those that hold on a day the one that began last, then the one recorded last.
CREATE TABLE enactments (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  supplement  INTEGER NOT NULL CHECK (supplement IN (0, 1)),
  beside      INTEGER NOT NULL CHECK (beside IN (0, 1)),
  code        TEXT NOT NULL, -- 编号
  from_on     TEXT NOT NULL,
  hash        TEXT NOT NULL, -- SHA-256 of source, hex
  source      TEXT NOT NULL,
  draft_id    INTEGER UNIQUE REFERENCES drafts (id), -- NULL: made with the database
  person      INTEGER REFERENCES texts (id), -- who confirmed it, by name; NULL where there is no draft
  retroactive INTEGER NOT NULL CHECK (retroactive IN (0, 1)), -- both agreed that points of days past change
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id),
  UNIQUE (org_id, code, from_on, hash)
) STRICT;

-- Activities (活动): a meeting, a Party day. Who was there stands in attendance.
CREATE TABLE activities (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  kind        TEXT NOT NULL CHECK (kind <> ''),
  occurred_on TEXT NOT NULL,
  title       INTEGER REFERENCES texts (id),
  paper       INTEGER REFERENCES texts (id), -- the paper record it was taken from; NULL = recorded as it happened
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;
CREATE INDEX activities_by_org ON activities (org_id, occurred_on, id);
CREATE INDEX activities_by_paper ON activities (paper) WHERE paper IS NOT NULL;
CREATE INDEX activities_of_papers ON activities (street_id, paper) WHERE paper IS NOT NULL;

-- Attendance (出勤): the latest row of an activity and member holds. One that
-- has a request counts nothing until that is accepted.
CREATE TABLE attendance (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  activity_id INTEGER NOT NULL REFERENCES activities (id),
  member_id   TEXT NOT NULL REFERENCES members (id),
  status      TEXT NOT NULL CHECK (status IN ('到会', '迟到', '早退', '请假', '补课', '缺席', '撤销')),
  made_up_on  TEXT,                          -- of 补课: the day on which it was made up
  request_id  INTEGER REFERENCES requests (id), -- NULL: counts at once
  reason      INTEGER REFERENCES texts (id), -- why it was corrected; NULL in the first place
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;
CREATE INDEX attendance_by_activity ON attendance (activity_id, member_id, id);
CREATE INDEX attendance_by_member ON attendance (member_id, activity_id, id);
CREATE UNIQUE INDEX attendance_by_request ON attendance (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX attendance_corrected ON attendance (street_id, recorded_at) WHERE reason IS NOT NULL;

-- Entries (记录): one thing that happened to one member. points is what a
-- person chose where the rules leave a range, NULL where they leave none; what
-- an entry comes to is only ever in a standing. fields is a JSON list of what
-- the item records. One that has a request counts nothing until that is accepted.
CREATE TABLE entries (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  member_id   TEXT NOT NULL REFERENCES members (id),
  item        TEXT NOT NULL CHECK (item <> ''),
  occurred_on TEXT NOT NULL,
  points      INTEGER,
  fields      TEXT NOT NULL DEFAULT '[]',
  words       INTEGER REFERENCES texts (id), -- JSON: what fields of kind 文字 say, in the order of fields
  note        INTEGER REFERENCES texts (id),
  request_id  INTEGER REFERENCES requests (id), -- NULL: counts at once
  paper       INTEGER REFERENCES texts (id), -- the paper record it was taken from; NULL = recorded as it happened
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;
CREATE INDEX entries_by_member ON entries (member_id, occurred_on, id);
CREATE UNIQUE INDEX entries_by_request ON entries (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX entries_by_paper ON entries (paper) WHERE paper IS NOT NULL;
CREATE INDEX entries_of_papers ON entries (street_id, paper) WHERE paper IS NOT NULL;

-- Reversals (撤销): from its instant on the entry counts nowhere.
CREATE TABLE reversals (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  entry_id    INTEGER NOT NULL UNIQUE REFERENCES entries (id),
  reason      INTEGER NOT NULL REFERENCES texts (id),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;
CREATE INDEX reversals_by_time ON reversals (street_id, recorded_at);

-- Reversals of facts and of affiliations: from its instant on the row holds no more.
CREATE TABLE change_reversals (
  id             INTEGER PRIMARY KEY,
  street_id      INTEGER NOT NULL,
  member_id      TEXT NOT NULL REFERENCES members (id),
  fact_id        INTEGER UNIQUE REFERENCES facts (id),
  affiliation_id INTEGER UNIQUE REFERENCES affiliations (id),
  reason         INTEGER REFERENCES texts (id), -- NULL: by who recorded it, on the same day
  recorded_at    TEXT NOT NULL,
  recorded_by    INTEGER REFERENCES accounts (id), -- NULL: the program itself
  CHECK ((fact_id IS NULL) <> (affiliation_id IS NULL))
) STRICT;
CREATE INDEX change_reversals_by_member ON change_reversals (member_id, id);
CREATE INDEX change_reversals_by_time ON change_reversals (street_id, recorded_at);

-- What others did to what a branch had recorded was seen there, up to an instant: the
-- latest row of a branch holds. What was done is read from the rows themselves.
CREATE TABLE acts_seen (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  until_at    TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: the program itself
) STRICT;
CREATE INDEX acts_seen_by_org ON acts_seen (org_id, id);

-- Requests (申报): what counts only when somebody has agreed to it. The row that
-- waits (an entry, a row of attendance, a fact) holds the request's id. route is
-- whom it has to go through, in order, one organ a line; an organ that the rules
-- declare stands there with where it acts: 镇党委@街道, 县委组织部@外部社区 (outside, its
-- document kept by the community). What was returned stays as it was; what is
-- handed in anew follows it, and keeps the instant of the first handing in, by
-- which a deadline is judged.
CREATE TABLE requests (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  kind        TEXT NOT NULL CHECK (kind <> ''),    -- entry, attendance, exemption: see the table of kinds
  member_id   TEXT NOT NULL REFERENCES members (id),
  subject     TEXT NOT NULL CHECK (subject <> ''), -- the item, the kind of activity, the exemption
  happened_on TEXT NOT NULL,                       -- when that was, or from when it is to hold
  route       TEXT NOT NULL CHECK (route <> ''),
  follows     INTEGER REFERENCES requests (id),    -- the returned request that it takes up again
  replaces    INTEGER REFERENCES requests (id),    -- what waited in its place: waits again if this is returned
  first_at    TEXT NOT NULL,                       -- when it was handed in the first time
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id),
  org_id      INTEGER REFERENCES orgs (id),        -- of a transfer: the branch that is to be the home; NULL: of every other kind
  reason      INTEGER REFERENCES texts (id)        -- of a transfer: as in affiliations
) STRICT;
CREATE INDEX requests_by_member ON requests (member_id, id);
CREATE INDEX requests_by_author ON requests (recorded_by, id);
CREATE INDEX requests_by_org ON requests (org_id, id) WHERE org_id IS NOT NULL; -- of transfers, where to
CREATE INDEX requests_taken_up ON requests (follows) WHERE follows IS NOT NULL;
CREATE INDEX requests_replaced ON requests (replaces) WHERE replaces IS NOT NULL;

-- Steps of requests: accept (同意) and return (退回) by those of the route, withdraw
-- (撤回) by the author, supersede where something else was recorded in its place.
-- The step that leaves nobody to ask (rest = 0) ends a request, and there is one.
CREATE TABLE request_steps (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  request_id  INTEGER NOT NULL REFERENCES requests (id),
  seq         INTEGER NOT NULL CHECK (seq > 0),   -- 1 is the first
  kind        TEXT NOT NULL CHECK (kind IN ('accept', 'return', 'withdraw', 'supersede')),
  organs      TEXT NOT NULL,                      -- who decided, in the words of the rule, one a line
  rest        INTEGER NOT NULL CHECK (rest >= 0), -- how many organs are still to be asked
  reason      INTEGER REFERENCES texts (id),
  document    TEXT NOT NULL DEFAULT '', -- of an organ outside that agreed: the number of what it issued …
  document_on TEXT,                     -- … and its day
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id),   -- NULL: the program itself
  UNIQUE (request_id, seq),
  CHECK (kind = 'accept' OR rest = 0),
  CHECK ((kind IN ('accept', 'return')) = (organs <> '')),
  CHECK ((document = '') = (document_on IS NULL))
) STRICT;
CREATE UNIQUE INDEX request_ends ON request_steps (request_id) WHERE rest = 0;

-- What a member says is wrong of what is held of him (更正申请), and what it ought to be. It
-- waits by its request; what is mended is recorded where it always is.
CREATE TABLE corrections (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  member_id   TEXT NOT NULL REFERENCES members (id),
  about       TEXT NOT NULL CHECK (about <> ''), -- the part of what is held, a code
  wrong       INTEGER NOT NULL REFERENCES texts (id),
  wanted      INTEGER NOT NULL REFERENCES texts (id),
  request_id  INTEGER NOT NULL REFERENCES requests (id),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;
CREATE UNIQUE INDEX corrections_by_request ON corrections (request_id);
CREATE INDEX corrections_by_member ON corrections (member_id, id);

-- Drafts of requests (草稿) that their authors are still writing. They are nobody's
-- business yet: changed and thrown away as one likes.
CREATE TABLE request_drafts (
  id          INTEGER PRIMARY KEY,
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  body        TEXT NOT NULL, -- what was typed, JSON
  saved_at    TEXT NOT NULL
) STRICT;
CREATE INDEX request_drafts_by_account ON request_drafts (account_id, id);

-- Periods (考核期): steps of one branch's period; the latest holds, none = open.
CREATE TABLE periods (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  period      TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('open', 'locked')),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id), -- NULL: from the command line
  reason      INTEGER REFERENCES texts (id) -- of opening again; NULL: none, or before periods had it
) STRICT;
CREATE INDEX periods_by_org ON periods (org_id, period, id);

-- Free text people wrote, outside the hashed rows: a row that has a text hashes
-- its commitment. Erasing blanks salt and body and leaves the commitment.
CREATE TABLE texts (
  id         INTEGER PRIMARY KEY,
  street_id  INTEGER NOT NULL,
  salt       BLOB NOT NULL,
  body       TEXT NOT NULL,
  commitment BLOB NOT NULL
) STRICT;

-- Texts that were erased: by whom, when and why. Without a row here none is.
CREATE TABLE erasures (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  text_id     INTEGER NOT NULL UNIQUE REFERENCES texts (id),
  erased_on   TEXT NOT NULL,
  reason      INTEGER NOT NULL REFERENCES texts (id),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: the program itself
) STRICT;

-- Persons who were erased: by whom, why, and what was taken away. What was written and the
-- names are erased one by one (erasures).
CREATE TABLE person_erasures (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  member_id   TEXT NOT NULL REFERENCES members (id),
  kinds       TEXT NOT NULL, -- codes, divided by blanks
  reason      INTEGER NOT NULL REFERENCES texts (id),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: the program itself
) STRICT;
CREATE INDEX person_erasures_by_member ON person_erasures (member_id, id);

-- The chain: every input of a branch in the order it was recorded. digest is
-- SHA-256 of the row, hash of the entry before it and this one; mac is keyed by what
-- lies outside the database, so that who has only the file adds no entry. docs/adr
-- says of which bytes. Nothing moves.
CREATE TABLE chain_entries (
  chain_id INTEGER NOT NULL REFERENCES orgs (id),
  seq      INTEGER NOT NULL,
  format   INTEGER NOT NULL, -- of digest and hash
  kind     TEXT NOT NULL,
  row_id   INTEGER NOT NULL,
  digest   BLOB NOT NULL,
  hash     BLOB NOT NULL,
  mac      BLOB NOT NULL,
  street_id INTEGER NOT NULL, -- of the chain's organisation
  PRIMARY KEY (chain_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX chain_entries_by_row ON chain_entries (kind, row_id);

-- The last entry of every chain, which tells a chain that was cut short, and by which
-- what is cached is told stale. One with a month is of the trail.
CREATE TABLE chain_heads (
  org_id INTEGER NOT NULL,
  month  TEXT NOT NULL, -- '' = of what was put in
  seq    INTEGER NOT NULL,
  hash   BLOB NOT NULL,
  mac    BLOB NOT NULL, -- of the others
  street_id INTEGER NOT NULL,
  PRIMARY KEY (org_id, month)
) STRICT, WITHOUT ROWID;

-- Versions of what is held in memory beside the members' own: common is raised by
-- every row that may change what is recorded of a member is judged by, rules by what is
-- put in force, rights by what an account may do. That of a street has the street's
-- number behind its name; the one without is of what stands above.
CREATE TABLE versions (
  name   TEXT PRIMARY KEY,
  number INTEGER NOT NULL
) STRICT;

-- Standings: a remembered computation, never an authority. A row is good for
-- the member's version, the rule text and the days from as_of to stable_until.
CREATE TABLE standings (
  member_id    TEXT NOT NULL REFERENCES members (id),
  street_id    INTEGER NOT NULL, -- of the member's home
  scheme       TEXT NOT NULL,
  period       TEXT NOT NULL,
  version      INTEGER NOT NULL,
  rules        TEXT NOT NULL, -- hash of the text, and of the program's engine
  as_of        TEXT NOT NULL,
  stable_until TEXT NOT NULL,
  body         BLOB NOT NULL, -- the standing
  PRIMARY KEY (member_id, scheme, period)
) STRICT, WITHOUT ROWID;

-- Accounts (帐号). A member has at most one of his own. An account is never deleted: it is
-- closed, because rows say who recorded them. No two logins differ in case alone.
CREATE TABLE accounts (
  id          INTEGER PRIMARY KEY,
  login       TEXT NOT NULL UNIQUE CHECK (login <> ''),
  name        TEXT NOT NULL,
  member_id   TEXT UNIQUE REFERENCES members (id),
  password    TEXT NOT NULL, -- argon2id, '' = none may sign in
  closed      INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
  person      TEXT, -- who holds it as a member, where member_id does not say it; '' = no member; NULL: nobody has said
  password_at TEXT, -- since when it has its password; NULL: before that was noted, or none yet
  issuer      TEXT, -- the provider at which its holder signs in; NULL: at none
  subject     TEXT -- what that one calls him
) STRICT;
CREATE UNIQUE INDEX accounts_by_login ON accounts (lower(login));
CREATE UNIQUE INDEX accounts_by_subject ON accounts (issuer, subject);

-- Failed sign-ins, which slow down the next: of a login from an address, of a
-- login from anywhere (address is ''), of an address with any login (login is
-- ''). Logins that nobody has are counted like those that somebody has, so a
-- login is the digest of what was typed. Rows are forgotten after a while.
CREATE TABLE sign_in_brakes (
  login        TEXT NOT NULL,
  address      TEXT NOT NULL,
  failures     INTEGER NOT NULL,
  at           TEXT NOT NULL, -- of the last failure, or since when they are forgiven one by one
  signed_in_at TEXT NOT NULL, -- when a sign-in of this login from here was right, '' = never
  PRIMARY KEY (login, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_brakes_by_age ON sign_in_brakes (signed_in_at, at);

-- Work of the day: for which day each piece was last taken up, by which program, and
-- how that ended. While it is held nobody else takes it up; who ended without a word
-- loses it then.
CREATE TABLE daily_jobs (
  name       TEXT PRIMARY KEY,
  day        TEXT NOT NULL,
  holder     TEXT NOT NULL, -- the program
  held_until TEXT NOT NULL,
  ended_at   TEXT NOT NULL, -- '' = at work
  done       INTEGER NOT NULL CHECK (done IN (0, 1)), -- 0: at work, or it failed
  words      TEXT NOT NULL, -- what it did, or why it did not
  hint       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What accounts are, apart from how one signs in: the latest row holds, and stands in
-- accounts too.
CREATE TABLE account_changes (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  login       TEXT NOT NULL,
  name        INTEGER REFERENCES texts (id),
  member_id   TEXT REFERENCES members (id),
  closed      INTEGER NOT NULL CHECK (closed IN (0, 1)),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id), -- NULL: the program itself
  person      TEXT, -- as in accounts; NULL: as it was said before
  issuer      TEXT, -- as in accounts, '' = at none; NULL: as before
  subject     INTEGER REFERENCES texts (id) -- a text, as in accounts
) STRICT;
CREATE INDEX account_changes_by_account ON account_changes (account_id, id);

-- Roles: the latest row of an account, role and organisation that does not wait holds, on
-- its days. One that waits gives nothing; another person agrees to it by a row that confirms it.
-- Which roles there are the program knows: one that it does not know gives nothing.
CREATE TABLE assignments (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  role        TEXT NOT NULL CHECK (role <> ''),
  org_id      INTEGER REFERENCES orgs (id), -- NULL: the member's own self, or the whole machine
  ended       INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id),
  from_on     TEXT,    -- the first day on which it holds; NULL: at once
  until_on    TEXT,    -- the last day on which it holds; NULL: until it is ended
  waits       INTEGER, -- 1: proposed, a second person has still to agree; NULL: not
  confirms    INTEGER, -- the proposal that somebody agreed to, or refused where it is ended; NULL: none
  reason      INTEGER REFERENCES texts (id), -- of who refused or withdrew a proposal; NULL: none
  group_name  TEXT     -- of a group leader: which group (党小组) of the branch; NULL: of every other role
) STRICT;
CREATE INDEX assignments_by_account ON assignments (account_id, id);
CREATE INDEX assignments_by_org ON assignments (org_id, account_id);
CREATE INDEX assignments_waiting ON assignments (recorded_at) WHERE waits IS NOT NULL;
CREATE INDEX assignments_answering ON assignments (confirms) WHERE confirms IS NOT NULL;

-- Sessions of the web site; the token is kept as its hash. Where and by what its holder was
-- seen last is shown to him alone.
CREATE TABLE sessions (
  token      BLOB PRIMARY KEY,
  data       BLOB NOT NULL,
  expires_at TEXT NOT NULL,
  account_id INTEGER, -- NULL: nobody's, or before sessions said it
  made_at    TEXT,    -- NULL: before sessions said it
  seen_at    TEXT,    -- to the minute; NULL: before sessions said it
  address    TEXT,
  agent      TEXT     -- the browser, in words
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_account ON sessions (account_id, made_at) WHERE account_id IS NOT NULL;

-- How signing in is set (设置): the latest row of a name holds; without one what is usual does.
CREATE TABLE setting_changes (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  name        TEXT NOT NULL CHECK (name <> ''),
  value       INTEGER NOT NULL,
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: from the command line
) STRICT;
CREATE INDEX setting_changes_by_name ON setting_changes (name, id);

-- Bearer tokens of the API, as their hashes. Whoever lists them tells one from
-- another by its number, its name and its last characters, which open nothing.
-- A token that was revoked stays and lives no more.
CREATE TABLE tokens (
  id         INTEGER PRIMARY KEY,
  street_id  INTEGER NOT NULL,
  hash       BLOB NOT NULL UNIQUE,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  name       TEXT NOT NULL,
  tail       TEXT NOT NULL,                   -- the token's last characters
  session    INTEGER NOT NULL CHECK (session IN (0, 1)), -- 1: made by signing in to the API, ended by a change of password
  expires_at TEXT NOT NULL,
  made_at    TEXT NOT NULL,
  scope      TEXT -- a role in which it acts, and "read" where it only reads, with a comma between; NULL: all that the account may
) STRICT;
CREATE INDEX tokens_by_account ON tokens (account_id, id);

-- When tokens were last used, to the hour.
CREATE TABLE token_uses (
  token_id INTEGER PRIMARY KEY REFERENCES tokens (id),
  used_at  TEXT NOT NULL
) STRICT;

-- Tokens that were revoked.
CREATE TABLE revocations (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  token_id    INTEGER NOT NULL UNIQUE REFERENCES tokens (id),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: from the command line
) STRICT;

-- Activation slips (激活条), as the hashes of their codes: with one the holder of an account
-- chooses his password, once, before it expires. How one ended stands in slip_ends.
CREATE TABLE slips (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  hash        BLOB NOT NULL UNIQUE,
  expires_at  TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: from the command line
) STRICT;
CREATE INDEX slips_by_account ON slips (account_id, id);

-- Slips that were used, or taken back because there is a newer one.
CREATE TABLE slip_ends (
  id          INTEGER PRIMARY KEY,
  street_id   INTEGER NOT NULL,
  slip_id     INTEGER NOT NULL UNIQUE REFERENCES slips (id),
  used        INTEGER NOT NULL CHECK (used IN (0, 1)),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: from the command line
) STRICT;

-- Answers already given, by the key a browser or a program made: who sends the
-- same again gets the same again, and is told so.
CREATE TABLE replies (
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  street_id  INTEGER NOT NULL, -- in which was written
  key        TEXT NOT NULL,
  request    BLOB NOT NULL, -- SHA-256: the same key with other words is refused
  answer     TEXT NOT NULL,
  made_at    TEXT, -- NULL: before answers said it; taken for the day on which that is found
  PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

-- The trail (审计): who did or read what. It has a chain of its own for each street and
-- month, so that nobody waits for another street and old months can be put away. The
-- first line of a month is tied to the last one of the street before it.
CREATE TABLE trail (
  id         INTEGER PRIMARY KEY,
  street_id  INTEGER NOT NULL, -- 0 = of no street: the machine
  month      TEXT NOT NULL,    -- YYYY-MM
  seq        INTEGER NOT NULL,
  at         TEXT NOT NULL,
  account_id INTEGER REFERENCES accounts (id),
  action     TEXT NOT NULL,
  org_id     INTEGER REFERENCES orgs (id),
  member_id  TEXT REFERENCES members (id),
  detail     TEXT NOT NULL DEFAULT '',
  format     INTEGER NOT NULL, -- these three as in chain_entries
  hash       BLOB NOT NULL,
  mac        BLOB NOT NULL,
  role       TEXT, -- in which it was done, codes; NULL: in none, or before lines said it
  address    TEXT, -- from where; NULL: from this computer, or before lines said it
  route      TEXT, -- the page, question or command; NULL: before lines said it
  result     TEXT, -- the code of the refusal; NULL: it was done
  subject    TEXT, -- keyed hash of the numbers of the members concerned; member_id says one before lines had it
  subjects   INTEGER, -- how many they are
  UNIQUE (street_id, month, seq)
) STRICT;
CREATE INDEX trail_by_org ON trail (org_id, id);
CREATE INDEX trail_by_subject ON trail (subject, id) WHERE subject IS NOT NULL;
CREATE INDEX trail_by_time ON trail (at, account_id);

-- Months of the trail that were dropped (清理): how many lines there were and where they
-- ended, so that what follows is still tied to them. Who asked for it, and who agreed.
CREATE TABLE trail_drops (
  id           INTEGER PRIMARY KEY,
  street_id    INTEGER NOT NULL,
  trail_street INTEGER NOT NULL, -- whose trail; 0 = of no street
  month        TEXT NOT NULL,    -- YYYY-MM
  seq          INTEGER NOT NULL, -- how many lines it had
  before       BLOB,             -- hash of the last line of the month before; NULL: there was none
  hash         BLOB NOT NULL,    -- of its last line
  note         TEXT NOT NULL,    -- both, signed, as in a file of roots
  asked_by     INTEGER NOT NULL REFERENCES accounts (id),
  recorded_at  TEXT NOT NULL,
  recorded_by  INTEGER NOT NULL REFERENCES accounts (id), -- who agreed
  UNIQUE (trail_street, month)
) STRICT;

-- Texts as people are shown them: in place of one that was erased stands why and when.
CREATE VIEW shown_texts AS
SELECT t.id, CASE WHEN length(t.salt) > 0 THEN t.body ELSE
  (SELECT '已按“' || r.body || '”删除（' || e.erased_on || '）' FROM erasures e JOIN texts r ON r.id = e.reason WHERE e.text_id = t.id)
  END AS body
FROM texts t;

-- Append-only: what was recorded stays as it was recorded.
CREATE TRIGGER orgs_stay BEFORE UPDATE OF id, parent_id, path, level, kind, street_id, recorded_at ON orgs BEGIN SELECT RAISE(ABORT, 'orgs is append-only'); END;
CREATE TRIGGER orgs_kept BEFORE DELETE ON orgs BEGIN SELECT RAISE(ABORT, 'orgs is append-only'); END;
CREATE TRIGGER org_changes_stay BEFORE UPDATE ON org_changes BEGIN SELECT RAISE(ABORT, 'org_changes is append-only'); END;
CREATE TRIGGER org_changes_kept BEFORE DELETE ON org_changes BEGIN SELECT RAISE(ABORT, 'org_changes is append-only'); END;
CREATE TRIGGER affiliations_stay BEFORE UPDATE ON affiliations BEGIN SELECT RAISE(ABORT, 'affiliations is append-only'); END;
CREATE TRIGGER affiliations_kept BEFORE DELETE ON affiliations BEGIN SELECT RAISE(ABORT, 'affiliations is append-only'); END;
CREATE TRIGGER facts_stay BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'facts is append-only'); END;
CREATE TRIGGER facts_kept BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'facts is append-only'); END;
CREATE TRIGGER drafts_stay BEFORE UPDATE ON drafts BEGIN SELECT RAISE(ABORT, 'drafts is append-only'); END;
CREATE TRIGGER drafts_kept BEFORE DELETE ON drafts BEGIN SELECT RAISE(ABORT, 'drafts is append-only'); END;
CREATE TRIGGER withdrawals_stay BEFORE UPDATE ON withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals is append-only'); END;
CREATE TRIGGER withdrawals_kept BEFORE DELETE ON withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals is append-only'); END;
CREATE TRIGGER enactments_stay BEFORE UPDATE ON enactments BEGIN SELECT RAISE(ABORT, 'enactments is append-only'); END;
CREATE TRIGGER enactments_kept BEFORE DELETE ON enactments BEGIN SELECT RAISE(ABORT, 'enactments is append-only'); END;
CREATE TRIGGER activities_stay BEFORE UPDATE ON activities BEGIN SELECT RAISE(ABORT, 'activities is append-only'); END;
CREATE TRIGGER activities_kept BEFORE DELETE ON activities BEGIN SELECT RAISE(ABORT, 'activities is append-only'); END;
CREATE TRIGGER attendance_stay BEFORE UPDATE ON attendance BEGIN SELECT RAISE(ABORT, 'attendance is append-only'); END;
CREATE TRIGGER attendance_kept BEFORE DELETE ON attendance BEGIN SELECT RAISE(ABORT, 'attendance is append-only'); END;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries is append-only'); END;
CREATE TRIGGER entries_kept BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries is append-only'); END;
CREATE TRIGGER change_reversals_stay BEFORE UPDATE ON change_reversals BEGIN SELECT RAISE(ABORT, 'change_reversals is append-only'); END;
CREATE TRIGGER change_reversals_kept BEFORE DELETE ON change_reversals BEGIN SELECT RAISE(ABORT, 'change_reversals is append-only'); END;
CREATE TRIGGER acts_seen_stay BEFORE UPDATE ON acts_seen BEGIN SELECT RAISE(ABORT, 'acts_seen is append-only'); END;
CREATE TRIGGER acts_seen_kept BEFORE DELETE ON acts_seen BEGIN SELECT RAISE(ABORT, 'acts_seen is append-only'); END;
CREATE TRIGGER reversals_stay BEFORE UPDATE ON reversals BEGIN SELECT RAISE(ABORT, 'reversals is append-only'); END;
CREATE TRIGGER reversals_kept BEFORE DELETE ON reversals BEGIN SELECT RAISE(ABORT, 'reversals is append-only'); END;
CREATE TRIGGER requests_stay BEFORE UPDATE ON requests BEGIN SELECT RAISE(ABORT, 'requests is append-only'); END;
CREATE TRIGGER requests_kept BEFORE DELETE ON requests BEGIN SELECT RAISE(ABORT, 'requests is append-only'); END;
CREATE TRIGGER request_steps_stay BEFORE UPDATE ON request_steps BEGIN SELECT RAISE(ABORT, 'request_steps is append-only'); END;
CREATE TRIGGER request_steps_kept BEFORE DELETE ON request_steps BEGIN SELECT RAISE(ABORT, 'request_steps is append-only'); END;
CREATE TRIGGER corrections_stay BEFORE UPDATE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections is append-only'); END;
CREATE TRIGGER corrections_kept BEFORE DELETE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections is append-only'); END;
CREATE TRIGGER periods_stay BEFORE UPDATE ON periods BEGIN SELECT RAISE(ABORT, 'periods is append-only'); END;
CREATE TRIGGER periods_kept BEFORE DELETE ON periods BEGIN SELECT RAISE(ABORT, 'periods is append-only'); END;
CREATE TRIGGER chain_entries_stay BEFORE UPDATE ON chain_entries BEGIN SELECT RAISE(ABORT, 'chain_entries is append-only'); END;
CREATE TRIGGER chain_entries_kept BEFORE DELETE ON chain_entries BEGIN SELECT RAISE(ABORT, 'chain_entries is append-only'); END;
CREATE TRIGGER assignments_stay BEFORE UPDATE ON assignments BEGIN SELECT RAISE(ABORT, 'assignments is append-only'); END;
CREATE TRIGGER assignments_kept BEFORE DELETE ON assignments BEGIN SELECT RAISE(ABORT, 'assignments is append-only'); END;
CREATE TRIGGER member_changes_stay BEFORE UPDATE ON member_changes BEGIN SELECT RAISE(ABORT, 'member_changes is append-only'); END;
CREATE TRIGGER member_changes_kept BEFORE DELETE ON member_changes BEGIN SELECT RAISE(ABORT, 'member_changes is append-only'); END;
CREATE TRIGGER account_changes_stay BEFORE UPDATE ON account_changes BEGIN SELECT RAISE(ABORT, 'account_changes is append-only'); END;
CREATE TRIGGER account_changes_kept BEFORE DELETE ON account_changes BEGIN SELECT RAISE(ABORT, 'account_changes is append-only'); END;
CREATE TRIGGER tokens_stay BEFORE UPDATE ON tokens BEGIN SELECT RAISE(ABORT, 'tokens is append-only'); END;
CREATE TRIGGER tokens_kept BEFORE DELETE ON tokens BEGIN SELECT RAISE(ABORT, 'tokens is append-only'); END;
CREATE TRIGGER revocations_stay BEFORE UPDATE ON revocations BEGIN SELECT RAISE(ABORT, 'revocations is append-only'); END;
CREATE TRIGGER revocations_kept BEFORE DELETE ON revocations BEGIN SELECT RAISE(ABORT, 'revocations is append-only'); END;
CREATE TRIGGER slips_stay BEFORE UPDATE ON slips BEGIN SELECT RAISE(ABORT, 'slips is append-only'); END;
CREATE TRIGGER slips_kept BEFORE DELETE ON slips BEGIN SELECT RAISE(ABORT, 'slips is append-only'); END;
CREATE TRIGGER slip_ends_stay BEFORE UPDATE ON slip_ends BEGIN SELECT RAISE(ABORT, 'slip_ends is append-only'); END;
CREATE TRIGGER slip_ends_kept BEFORE DELETE ON slip_ends BEGIN SELECT RAISE(ABORT, 'slip_ends is append-only'); END;
CREATE TRIGGER setting_changes_stay BEFORE UPDATE ON setting_changes BEGIN SELECT RAISE(ABORT, 'setting_changes is append-only'); END;
CREATE TRIGGER setting_changes_kept BEFORE DELETE ON setting_changes BEGIN SELECT RAISE(ABORT, 'setting_changes is append-only'); END;
CREATE TRIGGER erasures_stay BEFORE UPDATE ON erasures BEGIN SELECT RAISE(ABORT, 'erasures is append-only'); END;
CREATE TRIGGER erasures_kept BEFORE DELETE ON erasures BEGIN SELECT RAISE(ABORT, 'erasures is append-only'); END;
CREATE TRIGGER person_erasures_stay BEFORE UPDATE ON person_erasures BEGIN SELECT RAISE(ABORT, 'person_erasures is append-only'); END;
CREATE TRIGGER person_erasures_kept BEFORE DELETE ON person_erasures BEGIN SELECT RAISE(ABORT, 'person_erasures is append-only'); END;
CREATE TRIGGER trail_stay BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END;
-- That of a month that was dropped gives way for the moment of it: see Dropping in internal/store/engine.
CREATE TRIGGER trail_kept BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END;
CREATE TRIGGER trail_drops_stay BEFORE UPDATE ON trail_drops BEGIN SELECT RAISE(ABORT, 'trail_drops is append-only'); END;
CREATE TRIGGER trail_drops_kept BEFORE DELETE ON trail_drops BEGIN SELECT RAISE(ABORT, 'trail_drops is append-only'); END;

-- A text may be erased, which blanks salt and body; nothing else may change.
CREATE TRIGGER texts_stay BEFORE UPDATE ON texts
WHEN NEW.id <> OLD.id OR NEW.street_id <> OLD.street_id OR NEW.commitment <> OLD.commitment OR NEW.body <> '' OR length(NEW.salt) <> 0
  OR NOT EXISTS (SELECT 1 FROM erasures e WHERE e.text_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'texts are append-only but for erasure'); END;
CREATE TRIGGER texts_kept BEFORE DELETE ON texts BEGIN SELECT RAISE(ABORT, 'texts is append-only'); END;
