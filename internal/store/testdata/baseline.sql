-- application 1785292398 version 1

CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
INSERT INTO settings VALUES ('key mark', 'mark');

CREATE TABLE orgs (
  id          INTEGER PRIMARY KEY,
  parent_id   INTEGER REFERENCES orgs (id),
  path        TEXT NOT NULL UNIQUE,
  level       TEXT NOT NULL CHECK (level IN ('街道', '社区', '支部')),
  kind        TEXT NOT NULL DEFAULT '', -- of a branch: 社区, 市场, 两新, 功能型, 网络 …
  name        TEXT NOT NULL CHECK (name <> ''),
  closed_on   TEXT, -- NULL: is there
  recorded_at TEXT NOT NULL,
  UNIQUE (parent_id, name)
) STRICT;
INSERT INTO orgs VALUES (1, NULL, '1.', '街道', '', '示例街道', NULL, '2026-06-01T04:00:00.000Z');
INSERT INTO orgs VALUES (2, 1, '1.2.', '社区', '', '东社区', NULL, '2026-06-01T04:00:00.000Z');
INSERT INTO orgs VALUES (3, 2, '1.2.3.', '支部', '社区', '东支部', NULL, '2026-06-01T04:00:00.000Z');
INSERT INTO orgs VALUES (4, 1, '1.4.', '社区', '', '西社区', NULL, '2026-06-01T04:00:00.000Z');
INSERT INTO orgs VALUES (5, 4, '1.4.5.', '支部', '社区', '西新支部', NULL, '2026-06-01T04:00:00.000Z');

CREATE TABLE org_changes (
  id          INTEGER PRIMARY KEY,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  kind        TEXT NOT NULL CHECK (kind IN ('更名', '撤销', '恢复')),
  name        TEXT NOT NULL, -- from now on
  was         TEXT NOT NULL, -- until now
  from_on     TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id)
) STRICT;
INSERT INTO org_changes VALUES (1, 5, '更名', '西新支部', '西支部', '2026-05-01', '2026-06-01T04:00:00.000Z', 1);

CREATE TABLE members (
  id          TEXT PRIMARY KEY CHECK (id <> ''), -- 编号
  name        TEXT NOT NULL CHECK (name <> ''),
  initials    TEXT NOT NULL DEFAULT '',          -- of the pinyin, for typing
  home_id     INTEGER REFERENCES orgs (id),      -- NULL: belonged nowhere yet
  joined_on   TEXT,                              -- NULL: belonged nowhere yet
  left_on     TEXT,                              -- NULL: is here
  version     INTEGER NOT NULL DEFAULT 1,
  recorded_at TEXT NOT NULL
) STRICT;
INSERT INTO members VALUES ('E1', '示例东1', 'slba', 3, '2020-01-01', NULL, 3, '2026-06-01T04:00:00.000Z');
INSERT INTO members VALUES ('E2', '示例东2', 'slca', 3, '2020-01-01', NULL, 10, '2026-06-01T04:00:00.000Z');
INSERT INTO members VALUES ('W1', '示例西1', 'slba', 5, '2020-01-01', NULL, 2, '2026-06-01T04:00:00.000Z');
INSERT INTO members VALUES ('W2', '示例西2', 'slca', 3, '2020-01-01', NULL, 3, '2026-06-01T04:00:00.000Z');

CREATE TABLE sealed (
  member_id TEXT NOT NULL REFERENCES members (id),
  kind      TEXT NOT NULL CHECK (kind IN ('身份证号', '手机号')),
  box       BLOB NOT NULL,
  seek      BLOB NOT NULL,
  PRIMARY KEY (member_id, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO sealed VALUES ('E1', '手机号', X'626F78', X'7365656B');

CREATE TABLE affiliations (
  id          INTEGER PRIMARY KEY,
  member_id   TEXT NOT NULL REFERENCES members (id),
  kind        TEXT NOT NULL CHECK (kind IN ('home', 'host', 'participant')),
  org_id      INTEGER REFERENCES orgs (id),
  from_on     TEXT NOT NULL,
  ended       INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)), -- host, participant: over from that day
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id),
  CHECK (org_id IS NOT NULL OR kind = 'home')
) STRICT;
INSERT INTO affiliations VALUES (1, 'E1', 'home', 3, '2020-01-01', 0, '2026-06-01T04:00:00.000Z', NULL);
INSERT INTO affiliations VALUES (2, 'E2', 'home', 3, '2020-01-01', 0, '2026-06-01T04:00:00.000Z', NULL);
INSERT INTO affiliations VALUES (3, 'W1', 'home', 5, '2020-01-01', 0, '2026-06-01T04:00:00.000Z', NULL);
INSERT INTO affiliations VALUES (4, 'W2', 'home', 5, '2020-01-01', 0, '2026-06-01T04:00:00.000Z', NULL);
INSERT INTO affiliations VALUES (5, 'E2', 'host', 5, '2026-05-01', 0, '2026-06-01T04:00:00.000Z', 1);
INSERT INTO affiliations VALUES (6, 'W2', 'home', 3, '2026-06-01', 0, '2026-06-01T04:00:00.000Z', 1);

CREATE TABLE facts (
  id          INTEGER PRIMARY KEY,
  member_id   TEXT NOT NULL REFERENCES members (id),
  attribute   TEXT NOT NULL CHECK (attribute <> ''),
  from_on     TEXT NOT NULL,
  text        TEXT NOT NULL DEFAULT '',
  number      INTEGER NOT NULL DEFAULT 0,
  waits       TEXT NOT NULL DEFAULT '', -- the organs that have to agree, in order, parted by 、; '' = holds at once
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id)
) STRICT;
INSERT INTO facts VALUES (1, 'E2', '豁免', '2026-05-25', '免会', 0, '', '2026-06-01T04:00:00.000Z', 2);

CREATE TABLE drafts (
  id          INTEGER PRIMARY KEY,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  supplement  INTEGER NOT NULL CHECK (supplement IN (0, 1)), -- 补充, of the scheme with the same code
  beside      INTEGER NOT NULL CHECK (beside IN (0, 1)),     -- 并行: a ledger of its own beside the main scheme
  code        TEXT NOT NULL, -- 编号
  from_on     TEXT NOT NULL, -- the day from which it shall hold
  hash        TEXT NOT NULL, -- SHA-256 of source, hex
  source      TEXT NOT NULL,
  cases       TEXT NOT NULL,
  person      TEXT NOT NULL CHECK (person <> ''), -- who handed it in, by name
  retroactive INTEGER NOT NULL CHECK (retroactive IN (0, 1)), -- who handed it in agrees that points of days past change
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: from the command line
) STRICT;
INSERT INTO drafts VALUES (1, 1, 0, 0, 't', '2027-01-01', '40f032eaa8a7c2bb447238dcb3423a0180f7796056988bca3ad4b40cda6db497', '办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
豁免: {免会: {免: [缺席], 审批: [支部委员会]}, 不计: {效果: 不计分, 审批: [支部委员会]}, 长假: {效果: 不计分, 审批: [本人申请, 支部委员会, 社区党委]}}
活动: {会: [党课, 主题党日]}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 90, 下限: 0}, 贡献: {上限: 20, 限额: {月: 3分}}}
项目:
  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -5}
  到会: {板块: 贡献, 来自: 会, 出勤: [到会], 分值: 0.5}
  好事: {板块: 贡献, 分值: 2}
  服务: {板块: 贡献, 记录: {时长: 0至100}, 分值: 时长 * 0.1}
  酌情: {板块: 基础, 分值: -5至5}
  处理: {板块: 基础, 记录: {程度: [轻, 重]}, 分值: {轻: -3至-1, 重: -12至-9}}
  表彰: {板块: 贡献, 记录: {级别: [国家, 街道]}, 分值: {级别 == "国家": 3, 其余: 1}, 审批: {街道: [支部委员会], 其余: [支部委员会, 社区党委, 街道党工委]}, 补录: 30天}
  上级记: {板块: 基础, 分值: -1, 录入: [社区党委], 审批: [社区党委]}
  凭证: {板块: 贡献, 分值: 1, 证明: 是}
等次: {好: 总分 >= 80, 中: 总分 >= 60, 差: 其余}
排名: {范围: [支部, 社区, 街道]}
预警: {低: {每: 月, 当: 总分 < 60, 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 7天}}
', '', 'clerk', 0, '2026-06-01T04:00:00.000Z', 1);
INSERT INTO drafts VALUES (2, 1, 0, 0, 't', '2028-01-01', 'b67a6c72862bc5ec14cbe4e3aec685793976dc0d5427acf4457efbe246dd8051', '办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
豁免: {免会: {免: [缺席], 审批: [支部委员会]}, 不计: {效果: 不计分, 审批: [支部委员会]}, 长假: {效果: 不计分, 审批: [本人申请, 支部委员会, 社区党委]}}
活动: {会: [党课, 主题党日]}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 70, 下限: 0}, 贡献: {上限: 20, 限额: {月: 3分}}}
项目:
  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -5}
  到会: {板块: 贡献, 来自: 会, 出勤: [到会], 分值: 0.5}
  好事: {板块: 贡献, 分值: 2}
  服务: {板块: 贡献, 记录: {时长: 0至100}, 分值: 时长 * 0.1}
  酌情: {板块: 基础, 分值: -5至5}
  处理: {板块: 基础, 记录: {程度: [轻, 重]}, 分值: {轻: -3至-1, 重: -12至-9}}
  表彰: {板块: 贡献, 记录: {级别: [国家, 街道]}, 分值: {级别 == "国家": 3, 其余: 1}, 审批: {街道: [支部委员会], 其余: [支部委员会, 社区党委, 街道党工委]}, 补录: 30天}
  上级记: {板块: 基础, 分值: -1, 录入: [社区党委], 审批: [社区党委]}
  凭证: {板块: 贡献, 分值: 1, 证明: 是}
等次: {好: 总分 >= 80, 中: 总分 >= 60, 差: 其余}
排名: {范围: [支部, 社区, 街道]}
预警: {低: {每: 月, 当: 总分 < 60, 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 7天}}
', '', 'clerk', 0, '2026-06-01T04:00:00.000Z', 1);

CREATE TABLE withdrawals (
  id          INTEGER PRIMARY KEY,
  draft_id    INTEGER NOT NULL UNIQUE REFERENCES drafts (id),
  person      TEXT NOT NULL,
  reason      INTEGER REFERENCES texts (id),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id)
) STRICT;
INSERT INTO withdrawals VALUES (1, 2, 'clerk', 7, '2026-06-01T04:00:00.000Z', 1);

CREATE TABLE enactments (
  id          INTEGER PRIMARY KEY,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  supplement  INTEGER NOT NULL CHECK (supplement IN (0, 1)),
  beside      INTEGER NOT NULL CHECK (beside IN (0, 1)),
  code        TEXT NOT NULL, -- 编号
  from_on     TEXT NOT NULL,
  hash        TEXT NOT NULL, -- SHA-256 of source, hex
  source      TEXT NOT NULL,
  draft_id    INTEGER UNIQUE REFERENCES drafts (id), -- NULL: made with the database
  person      TEXT NOT NULL, -- who confirmed it, by name; '' where there is no draft
  retroactive INTEGER NOT NULL CHECK (retroactive IN (0, 1)), -- both agreed that points of days past change
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id),
  UNIQUE (org_id, code, from_on, hash)
) STRICT;
INSERT INTO enactments VALUES (1, 1, 0, 0, 't', '2026-01-01', '8c5cbbf55afa1d915e1dc5720e689bf5ffb988ea63da608b8bddb386f0eddc02', '办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
豁免: {免会: {免: [缺席], 审批: [支部委员会]}, 不计: {效果: 不计分, 审批: [支部委员会]}, 长假: {效果: 不计分, 审批: [本人申请, 支部委员会, 社区党委]}}
活动: {会: [党课, 主题党日]}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 80, 下限: 0}, 贡献: {上限: 20, 限额: {月: 3分}}}
项目:
  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -5}
  到会: {板块: 贡献, 来自: 会, 出勤: [到会], 分值: 0.5}
  好事: {板块: 贡献, 分值: 2}
  服务: {板块: 贡献, 记录: {时长: 0至100}, 分值: 时长 * 0.1}
  酌情: {板块: 基础, 分值: -5至5}
  处理: {板块: 基础, 记录: {程度: [轻, 重]}, 分值: {轻: -3至-1, 重: -12至-9}}
  表彰: {板块: 贡献, 记录: {级别: [国家, 街道]}, 分值: {级别 == "国家": 3, 其余: 1}, 审批: {街道: [支部委员会], 其余: [支部委员会, 社区党委, 街道党工委]}, 补录: 30天}
  上级记: {板块: 基础, 分值: -1, 录入: [社区党委], 审批: [社区党委]}
  凭证: {板块: 贡献, 分值: 1, 证明: 是}
等次: {好: 总分 >= 80, 中: 总分 >= 60, 差: 其余}
排名: {范围: [支部, 社区, 街道]}
预警: {低: {每: 月, 当: 总分 < 60, 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 7天}}
', NULL, '', 0, '2026-06-01T04:00:00.000Z', NULL);
INSERT INTO enactments VALUES (2, 1, 0, 0, 't', '2027-01-01', '40f032eaa8a7c2bb447238dcb3423a0180f7796056988bca3ad4b40cda6db497', '办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
豁免: {免会: {免: [缺席], 审批: [支部委员会]}, 不计: {效果: 不计分, 审批: [支部委员会]}, 长假: {效果: 不计分, 审批: [本人申请, 支部委员会, 社区党委]}}
活动: {会: [党课, 主题党日]}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 90, 下限: 0}, 贡献: {上限: 20, 限额: {月: 3分}}}
项目:
  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -5}
  到会: {板块: 贡献, 来自: 会, 出勤: [到会], 分值: 0.5}
  好事: {板块: 贡献, 分值: 2}
  服务: {板块: 贡献, 记录: {时长: 0至100}, 分值: 时长 * 0.1}
  酌情: {板块: 基础, 分值: -5至5}
  处理: {板块: 基础, 记录: {程度: [轻, 重]}, 分值: {轻: -3至-1, 重: -12至-9}}
  表彰: {板块: 贡献, 记录: {级别: [国家, 街道]}, 分值: {级别 == "国家": 3, 其余: 1}, 审批: {街道: [支部委员会], 其余: [支部委员会, 社区党委, 街道党工委]}, 补录: 30天}
  上级记: {板块: 基础, 分值: -1, 录入: [社区党委], 审批: [社区党委]}
  凭证: {板块: 贡献, 分值: 1, 证明: 是}
等次: {好: 总分 >= 80, 中: 总分 >= 60, 差: 其余}
排名: {范围: [支部, 社区, 街道]}
预警: {低: {每: 月, 当: 总分 < 60, 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 7天}}
', 1, 'second', 0, '2026-06-01T04:00:00.000Z', 7);

CREATE TABLE activities (
  id          INTEGER PRIMARY KEY,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  kind        TEXT NOT NULL CHECK (kind <> ''),
  occurred_on TEXT NOT NULL,
  title       INTEGER REFERENCES texts (id),
  paper       TEXT NOT NULL DEFAULT '', -- the paper record it was taken from; '' = recorded as it happened
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;
INSERT INTO activities VALUES (1, 3, '党课', '2026-05-10', 5, '', '2026-06-01T04:00:00.000Z', 1);

CREATE TABLE attendance (
  id          INTEGER PRIMARY KEY,
  activity_id INTEGER NOT NULL REFERENCES activities (id),
  member_id   TEXT NOT NULL REFERENCES members (id),
  status      TEXT NOT NULL CHECK (status IN ('到会', '迟到', '早退', '请假', '补课', '缺席', '撤销')),
  made_up_on  TEXT,                          -- of 补课: the day on which it was made up
  waits       TEXT NOT NULL DEFAULT '',      -- the organs that have to agree, in order, parted by 、; '' = counts at once
  reason      INTEGER REFERENCES texts (id), -- why it was corrected; NULL in the first place
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;
INSERT INTO attendance VALUES (1, 1, 'E2', '缺席', NULL, '', NULL, '2026-06-01T04:00:00.000Z', 1);
INSERT INTO attendance VALUES (2, 1, 'E1', '到会', NULL, '', NULL, '2026-06-01T04:00:00.000Z', 1);
INSERT INTO attendance VALUES (3, 1, 'E2', '补课', '2026-05-20', '', 6, '2026-06-01T04:00:00.000Z', 1);

CREATE TABLE entries (
  id          INTEGER PRIMARY KEY,
  member_id   TEXT NOT NULL REFERENCES members (id),
  item        TEXT NOT NULL CHECK (item <> ''),
  occurred_on TEXT NOT NULL,
  counts_on   TEXT NOT NULL,
  points      INTEGER,
  fields      TEXT NOT NULL DEFAULT '{}',
  note        INTEGER REFERENCES texts (id),
  waits       TEXT NOT NULL DEFAULT '', -- the organs that have to agree, in order, parted by 、; '' = counts at once
  follows     INTEGER REFERENCES entries (id), -- the returned claim that it takes up again
  paper       TEXT NOT NULL DEFAULT '', -- the paper record it was taken from; '' = recorded as it happened
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;
INSERT INTO entries VALUES (1, 'E2', '好事', '2026-04-01', '2026-04-01', NULL, '[]', 1, '', NULL, '', '2026-06-01T04:00:00.000Z', 2);
INSERT INTO entries VALUES (2, 'E2', '服务', '2026-05-02', '2026-05-02', NULL, '[{"name":"时长","number":250}]', 2, '', NULL, '', '2026-06-01T04:00:00.000Z', 2);
INSERT INTO entries VALUES (3, 'E2', '表彰', '2026-05-02', '2026-05-02', NULL, '[{"name":"级别","text":"街道"}]', 4, '支部委员会', NULL, '', '2026-06-01T04:00:00.000Z', 3);

CREATE TABLE reversals (
  id          INTEGER PRIMARY KEY,
  entry_id    INTEGER NOT NULL UNIQUE REFERENCES entries (id),
  reason      INTEGER NOT NULL REFERENCES texts (id),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;
INSERT INTO reversals VALUES (1, 1, 3, '2026-06-01T04:00:00.000Z', 2);

CREATE TABLE decisions (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('entry', 'attendance', 'fact')),
  row_id      INTEGER NOT NULL,
  step        INTEGER NOT NULL CHECK (step > 0),  -- 1 is the first
  organs      TEXT NOT NULL CHECK (organs <> ''), -- who decided, in the words of the rule
  rest        INTEGER NOT NULL CHECK (rest >= 0), -- how many organs are still to be asked
  accepted    INTEGER NOT NULL CHECK (accepted IN (0, 1)),
  reason      INTEGER REFERENCES texts (id),
  document    TEXT NOT NULL DEFAULT '', -- of an organ outside that agreed: the number of what it issued …
  document_on TEXT,                     -- … and its day
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id),
  UNIQUE (kind, row_id, step),
  CHECK ((document = '') = (document_on IS NULL))
) STRICT;

CREATE TABLE sketches (
  id          INTEGER PRIMARY KEY,
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  body        TEXT NOT NULL, -- what was typed, JSON
  saved_at    TEXT NOT NULL
) STRICT;

CREATE TABLE periods (
  id          INTEGER PRIMARY KEY,
  org_id      INTEGER NOT NULL REFERENCES orgs (id),
  period      TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('open', 'locked')),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id) -- NULL: from the command line
) STRICT;
INSERT INTO periods VALUES (1, 5, '2025', 'locked', '2026-06-01T04:00:00.000Z', 1);

CREATE TABLE texts (
  id         INTEGER PRIMARY KEY,
  salt       BLOB NOT NULL,
  body       TEXT NOT NULL,
  commitment BLOB NOT NULL
) STRICT;
INSERT INTO texts VALUES (1, X'00000000000000000000000000000000', '帮邻居搬家', X'DDA9CF94037524CDBFB54A36A4C9BE8A145B66818091E81E4487EF3B56D8FE4B');
INSERT INTO texts VALUES (2, X'00000000000000000000000000000000', '帮邻居搬家', X'DDA9CF94037524CDBFB54A36A4C9BE8A145B66818091E81E4487EF3B56D8FE4B');
INSERT INTO texts VALUES (3, X'00000000000000000000000000000000', '重复录入', X'37B10621DF89D6A5C2E35C424E8D19F98E1ABDE91309B6BD96E1DC099A0132FA');
INSERT INTO texts VALUES (4, X'00000000000000000000000000000000', '帮邻居搬家', X'DDA9CF94037524CDBFB54A36A4C9BE8A145B66818091E81E4487EF3B56D8FE4B');
INSERT INTO texts VALUES (5, X'00000000000000000000000000000000', '第一课', X'96168D4CE668D7E8F4930533A3CF3320F6FAF431576D27E41E25E482C7F78094');
INSERT INTO texts VALUES (6, X'00000000000000000000000000000000', '补了课', X'8D94486EA4B33236AB66C46EDC7843A91D664490244C87DAAC26573AC8AEABC9');
INSERT INTO texts VALUES (7, X'00000000000000000000000000000000', '再想想', X'218F683406489251CD2F554C9AD785FCD9AFCD3CDA7C395F249247AA14F9CC07');

CREATE TABLE chain_entries (
  chain_id INTEGER NOT NULL REFERENCES orgs (id),
  seq      INTEGER NOT NULL,
  format   INTEGER NOT NULL, -- of digest and hash
  kind     TEXT NOT NULL,
  row_id   INTEGER NOT NULL,
  digest   BLOB NOT NULL,
  hash     BLOB NOT NULL,
  PRIMARY KEY (chain_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO chain_entries VALUES (1, 1, 1, 'enactment', 1, X'77C81664C71CD92A1E9C466368B6B678E7917FEFC60305A41BF49A939C646E46', X'01ECAA6803938529812D957C323C13312ECE5D9DEA9CB52C133883BC4B87EF89');
INSERT INTO chain_entries VALUES (1, 2, 1, 'draft', 1, X'C7CEAE7612B3D9E066549E824A0BF8682AB75D06FFC33E414517D9E6EB445C47', X'EC8BA3FDC432A680FAAD9659C91689A7AD46F97CEF3228A4B8FD31FA04F270EB');
INSERT INTO chain_entries VALUES (1, 3, 1, 'enactment', 2, X'638AF38C9B5B54BBDE6DDD10EB423985428D2EC88641AFA7D105AA5406CDB9FB', X'957588467118E83AFB60B493083834BC11A69F2BECC8A4C7E56E30D2058A105B');
INSERT INTO chain_entries VALUES (1, 4, 1, 'draft', 2, X'358C89274A13A4F5992E712C9C60ED0926FB39CD3BA5AD535A50A97A3B3FFB82', X'F663D2BE0FE9D6564615EA9B3C2B343E6809F1B9AA0161B2949AC5A6316E15AC');
INSERT INTO chain_entries VALUES (1, 5, 1, 'withdrawal', 1, X'2EBD3942BADE5B9918365883881ED421FC975726375660E5759186961E31307E', X'FD0ECD96523D6199A7E77DA0D01E9660E5911D70B337D4134C9468D4FDD16D93');
INSERT INTO chain_entries VALUES (3, 1, 1, 'affiliation', 1, X'FBE836F7767125001A5DAB7707692666E073249F364CFF5740B33BFAEB7D613F', X'B03288672A27D87EB0751444E85C81653581F13D026D1051D887D7BDF28F8C7B');
INSERT INTO chain_entries VALUES (3, 2, 1, 'affiliation', 2, X'014A01E6404F44603356CDF5DCF98B567AB52EE6D2D8E7809808E06C9FCF85E7', X'378B07B69FC3EEF4715FBE4CC60BADD4B47FA158550E79979993BA28BE1DE674');
INSERT INTO chain_entries VALUES (3, 3, 1, 'entry', 1, X'203D182A97C0EF1ABEC078B189FB2449799A8142DF52C4F61751C739B25B9252', X'882A1585BC1BB0A03E67B1ED5C446C8814957EADD2B739D446CBCB75B4B21D67');
INSERT INTO chain_entries VALUES (3, 4, 1, 'entry', 2, X'A1FEA0DFCCABDF05A07C3550C761604BBDB3C633700D193F1A8ADBD569FB8BDC', X'10F92DFCF60FF6A42E258B26BB70D07B72D56F3C3000D07CFCBDC4D67425BAF8');
INSERT INTO chain_entries VALUES (3, 5, 1, 'reversal', 1, X'57816B95BC4AA908E028CEE7A9694F326929C96536D93D156F0F2CA816BAAB46', X'93EC6B45A053CC2FCFB1AD1743E6812BDD96FE0C3F9B0C53AC224345E970549E');
INSERT INTO chain_entries VALUES (3, 6, 1, 'entry', 3, X'D54CB0C3FBE244AB6B4B4D2C5CD491ED45C78DE415EDD9D8FDE8706E2E0D5588', X'777600C5A577344A69CD4EAE4B3649E0F92255416BDB834C3CFA03DBB8B702CF');
INSERT INTO chain_entries VALUES (3, 7, 1, 'activity', 1, X'98CEBA848570CAF961A263C8261A5906DA653E11CC1CED1905FA4AA98DBBCA8D', X'F093E880CE0833A83A7A9941853E5700C72DBA5E3A4A748F2ABA284056C29C4F');
INSERT INTO chain_entries VALUES (3, 8, 1, 'attendance', 1, X'B1FF0E3348C1CF0C94D3E7E8755AC3486A99DCCC75193FB5F69837F6B04A5F98', X'4A85D99630F0E420D93275096DD372E1B4CC5800F5F62C2D32D3EB3CBB46AF4A');
INSERT INTO chain_entries VALUES (3, 9, 1, 'attendance', 2, X'C47C09C239DCBF62EB4DF2D83B02B2F89DB809EC2AECDA42A067ED0012401D4E', X'F84BA48FADC89D0B7B97961A08F67AE7CD3A941CFCEC4E6A5F8F9970B9C89DB0');
INSERT INTO chain_entries VALUES (3, 10, 1, 'attendance', 3, X'CD335BD9F7BFE3C59972B10D90E10D1322722964141412AF773C0A2A78B2276C', X'06194403DB88A5C80F4F4D07B8303AD58B4894AD6B31FBAB2EC4A5AF9F255530');
INSERT INTO chain_entries VALUES (3, 11, 1, 'fact', 1, X'F27F962CAA017324A3650DE090E2565AD50CECB582E6AF7FB743C8134404E29B', X'345AB6797E029DA74ED9491F205AD79ABD458E3489AAE595080B11C0C14B36A4');
INSERT INTO chain_entries VALUES (3, 12, 1, 'affiliation', 6, X'6120891680EFCA700726FDC6E2B629F6EBCC093A84AD8FDC4B41AAB326A72309', X'3BF2DC0FDF773C765410A180D293898CD65927EF288DFF0F9A1E2FF52A3E1CA3');
INSERT INTO chain_entries VALUES (5, 1, 1, 'affiliation', 3, X'1DC8A4428A0F24E1845A36D4FF6482016439CA19DA2B679F3A668C40E2511546', X'7A340A751F4F530A17B5370DC3F7E8089AD1C6863F2B34788DD5328C35ACF95C');
INSERT INTO chain_entries VALUES (5, 2, 1, 'affiliation', 4, X'E503FF9D8826EC8AB0CCCC6F49DFF27EC563B376D355D037873C67D6DC02F521', X'70127FAEB72D6A88AD17741ADB78C1C99F5B22BE65D3C611784D043F7403B436');
INSERT INTO chain_entries VALUES (5, 3, 1, 'affiliation', 5, X'C357A2774058B4E2093F395051F8A0349B4F8DBB16D3745A0A414E9B69FB7A67', X'9D08258AF8D20AC119359AB827057106CD95CFE2EA130455DE9F0004A14A21D5');
INSERT INTO chain_entries VALUES (5, 4, 1, 'period', 1, X'6D753B9EEDB5502A16087F439837677E3BFCED341BFC44CA7DD1DE87BFF50EDB', X'820BD2C73AE728CE36DEDCF9E1C55570A858A153EA19D3B17344E87ADF09A48E');

CREATE TABLE standings (
  member_id    TEXT NOT NULL REFERENCES members (id),
  scheme       TEXT NOT NULL,
  period       TEXT NOT NULL,
  version      INTEGER NOT NULL,
  rules        TEXT NOT NULL, -- hash of the text, and of the program's engine
  as_of        TEXT NOT NULL,
  stable_until TEXT NOT NULL,
  body         BLOB NOT NULL, -- the standing
  PRIMARY KEY (member_id, scheme, period)
) STRICT, WITHOUT ROWID;
INSERT INTO standings VALUES ('E1', 't', '2026', 3, '81d68f80b34347360392506b722cc6f758a68708c8af2cb5c2dac5270bc0cfb2/4', '2026-05-31', '2026-06-29', X'0302740CC2A45A9AAA5A0100010CE5859AE59198E47D040CE59FBAE7A180807D0CE8B4A1E78CAE6406E5A5BD06E5A5BD02000000000000000000000000');
INSERT INTO standings VALUES ('E2', 't', '2026', 10, '81d68f80b34347360392506b722cc6f758a68708c8af2cb5c2dac5270bc0cfb2/4', '2026-05-31', '2026-06-29', X'0302740CC2A45A9AAA5A0100010CE5859AE59198B27D040CE59FBAE7A180807D0CE8B4A1E78CAE3206E5A5BD06E5A5BD02000000000000000000000000');
INSERT INTO standings VALUES ('W1', 't', '2026', 2, '81d68f80b34347360392506b722cc6f758a68708c8af2cb5c2dac5270bc0cfb2/4', '2026-05-31', '2026-06-29', X'0302740CC2A45A9AAA5A0100010CE5859AE59198807D040CE59FBAE7A180807D0CE8B4A1E78CAE0006E5A5BD06E5A5BD00000000000000000000000000');
INSERT INTO standings VALUES ('W2', 't', '2026', 3, '81d68f80b34347360392506b722cc6f758a68708c8af2cb5c2dac5270bc0cfb2/4', '2026-06-01', '2026-06-29', X'0302740CC2A45A9AAA5A0100010CE5859AE59198807D040CE59FBAE7A180807D0CE8B4A1E78CAE0006E5A5BD06E5A5BD00000000000000000000000000');

CREATE TABLE accounts (
  id          INTEGER PRIMARY KEY,
  login       TEXT NOT NULL UNIQUE CHECK (login <> ''),
  name        TEXT NOT NULL,
  member_id   TEXT UNIQUE REFERENCES members (id),
  password    TEXT NOT NULL, -- argon2id, '' = none may sign in
  closed      INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
  recorded_at TEXT NOT NULL
) STRICT;
INSERT INTO accounts VALUES (1, 'clerk', 'clerk', NULL, 'hash', 0, '2026-06-01T04:00:00.000Z');
INSERT INTO accounts VALUES (2, 'secretary', 'secretary', 'E1', 'hash', 0, '2026-06-01T04:00:00.000Z');
INSERT INTO accounts VALUES (3, 'member', 'member', 'E2', 'hash', 0, '2026-06-01T04:00:00.000Z');
INSERT INTO accounts VALUES (4, 'auditor', 'auditor', NULL, 'hash', 0, '2026-06-01T04:00:00.000Z');
INSERT INTO accounts VALUES (5, 'admin', 'admin', NULL, 'hash', 0, '2026-06-01T04:00:00.000Z');
INSERT INTO accounts VALUES (6, 'community', 'community', NULL, 'hash', 0, '2026-06-01T04:00:00.000Z');
INSERT INTO accounts VALUES (7, 'second', 'second', NULL, 'hash', 0, '2026-06-01T04:00:00.000Z');

CREATE TABLE sign_in_brakes (
  login        TEXT NOT NULL,
  address      TEXT NOT NULL,
  failures     INTEGER NOT NULL,
  at           TEXT NOT NULL, -- of the last failure, or since when they are forgiven one by one
  signed_in_at TEXT NOT NULL, -- when a sign-in of this login from here was right, '' = never
  PRIMARY KEY (login, address)
) STRICT, WITHOUT ROWID;
INSERT INTO sign_in_brakes VALUES ('', '192.0.2.1', 1, '2026-06-01T04:00:00.000Z', '');
INSERT INTO sign_in_brakes VALUES ('e55f9b05fcd4e65fa19d184bff535cf37adf6eeebeceeab288c94b6aa542f1f5', '', 1, '2026-06-01T04:00:00.000Z', '');
INSERT INTO sign_in_brakes VALUES ('e55f9b05fcd4e65fa19d184bff535cf37adf6eeebeceeab288c94b6aa542f1f5', '192.0.2.1', 1, '2026-06-01T04:00:00.000Z', '');

CREATE TABLE assignments (
  id          INTEGER PRIMARY KEY,
  account_id  INTEGER NOT NULL REFERENCES accounts (id),
  role        TEXT NOT NULL CHECK (role IN ('street', 'community', 'secretary', 'member', 'administrator', 'auditor')),
  org_id      INTEGER REFERENCES orgs (id), -- NULL: the member's own self, or the whole machine
  ended       INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)),
  recorded_at TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id)
) STRICT;
INSERT INTO assignments VALUES (1, 1, 'street', 1, 0, '2026-06-01T04:00:00.000Z', NULL);
INSERT INTO assignments VALUES (2, 2, 'secretary', 3, 0, '2026-06-01T04:00:00.000Z', NULL);
INSERT INTO assignments VALUES (3, 3, 'member', NULL, 0, '2026-06-01T04:00:00.000Z', NULL);
INSERT INTO assignments VALUES (4, 4, 'auditor', NULL, 0, '2026-06-01T04:00:00.000Z', NULL);
INSERT INTO assignments VALUES (5, 5, 'administrator', NULL, 0, '2026-06-01T04:00:00.000Z', NULL);
INSERT INTO assignments VALUES (6, 6, 'community', 2, 0, '2026-06-01T04:00:00.000Z', NULL);
INSERT INTO assignments VALUES (7, 7, 'street', 1, 0, '2026-06-01T04:00:00.000Z', NULL);

CREATE TABLE sessions (
  token      BLOB PRIMARY KEY,
  data       BLOB NOT NULL,
  expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sessions VALUES (X'746F6B656E', X'64617461', '2026-06-01T05:00:00.000Z');

CREATE TABLE tokens (
  id         INTEGER PRIMARY KEY,
  hash       BLOB NOT NULL UNIQUE,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  name       TEXT NOT NULL,
  tail       TEXT NOT NULL,                   -- the token's last characters
  session    INTEGER NOT NULL CHECK (session IN (0, 1)), -- 1: made by signing in to the API, ended by a change of password
  expires_at TEXT NOT NULL,
  made_at    TEXT NOT NULL,
  revoked_at TEXT,                            -- NULL: was not revoked
  revoked_by INTEGER REFERENCES accounts (id) -- NULL: was not, or from the command line
) STRICT;
INSERT INTO tokens VALUES (1, X'D12FFE7086E3D520087A32B2041F3D758259049BD650D1A894666D7DE4DC1039', 1, '程序', 'd4qa', 0, '2026-06-02T04:00:00.000Z', '2026-06-01T04:00:00.000Z', NULL, NULL);

CREATE TABLE replies (
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  key        TEXT NOT NULL,
  request    BLOB NOT NULL, -- SHA-256: the same key with other words is refused
  answer     TEXT NOT NULL,
  made_at    TEXT NOT NULL,
  PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
INSERT INTO replies VALUES (1, 'key 2', X'D5D67EA6681AC3AA1F052FAC7853019417FD2FD084FAB9D84590F7CEA65BA7FC', '{"Activity":1,"Posted":2,"Waiting":0,"Points":-450,"Replay":false}', '2026-06-01T04:00:00.000Z');
INSERT INTO replies VALUES (2, 'key 1', X'A3D9FA68D1C80522360C691AB65B29811F3CB41AA37111C04C23119143E05CC2', '{"Entry":1,"Name":"示例东2","Waiting":false,"Asked":null,"Same":0,"Told":true,"Before":8000,"After":8200,"Granted":200,"Wanted":200,"Note":"","Replay":false,"GradeBefore":"好","GradeAfter":"好"}', '2026-06-01T04:00:00.000Z');

CREATE TABLE trail (
  id         INTEGER PRIMARY KEY,
  at         TEXT NOT NULL,
  account_id INTEGER REFERENCES accounts (id),
  action     TEXT NOT NULL,
  org_id     INTEGER REFERENCES orgs (id),
  member_id  TEXT REFERENCES members (id),
  detail     TEXT NOT NULL DEFAULT '',
  hash       BLOB NOT NULL
) STRICT;
INSERT INTO trail VALUES (1, '2026-06-01T04:00:00.000Z', 2, '记一笔', NULL, 'E2', '好事 2026-04-01', X'BADB7F477AE586A47D2D28B0FAA511E405DEBF7E54A026D0F8EED742E18F7CA7');
INSERT INTO trail VALUES (2, '2026-06-01T04:00:00.000Z', 2, '记一笔', NULL, 'E2', '服务 2026-05-02', X'D73CCEEFF09269F758FBB7410604A882766F2C289DE9ECCA3CF6BD85E91FDC29');
INSERT INTO trail VALUES (3, '2026-06-01T04:00:00.000Z', 2, '撤销记录', NULL, 'E2', '好事 2026-04-01', X'49C4A405973BDFD11E2F8A01FAC24D80F85F7D15000E974A193C89DEDA9386A7');
INSERT INTO trail VALUES (4, '2026-06-01T04:00:00.000Z', 3, '记一笔', NULL, 'E2', '表彰 2026-05-02', X'8D160E1FD5E39C0F57EB1976BBF52265D4624CD9C981C5ACE4EFFD65C4230F16');
INSERT INTO trail VALUES (5, '2026-06-01T04:00:00.000Z', 1, '记活动', 3, NULL, '党课 2026-05-10 2 人', X'C20F23B4E93472B5DE50A43C2BA7CABA131E5DB8F9F1E5B5436E2A1C1D3B7EEC');
INSERT INTO trail VALUES (6, '2026-06-01T04:00:00.000Z', 1, '更正出勤', 3, 'E2', '党课 2026-05-10 缺席 → 补课', X'394631BA9B564EDD63155C44D0E70471F2CD598A7783627ABA0816B27515B1FB');
INSERT INTO trail VALUES (7, '2026-06-01T04:00:00.000Z', 2, '登记情况', 3, 'E2', '豁免 自 2026-05-25 免会（支部委员会）', X'5BF40E68A2D19729DE9BDFDFAE6AEFD3F4E11043130A690E310E0E57727A0C0F');
INSERT INTO trail VALUES (8, '2026-06-01T04:00:00.000Z', 1, '登记参加支部', 3, 'E2', '流入 西支部 自 2026-05-01', X'A3E60C189DA9A23A3E1ED52B28ACD5FF56243A78EB910E46456485580E4F8D8B');
INSERT INTO trail VALUES (9, '2026-06-01T04:00:00.000Z', 1, '转接组织关系', 5, 'W2', '转到 东支部 自 2026-06-01', X'A9D48E699552E0237D69DA39D4567CB4C0E17FA2994F179CF5862CB14A47E488');
INSERT INTO trail VALUES (10, '2026-06-01T04:00:00.000Z', 1, '交办法草案', 1, NULL, 't 2027-01-01', X'2655E3C7CE7DFD24DAD60D59AAEFF673634F6F0DEE970A3BB71B8FB2770BFCD6');
INSERT INTO trail VALUES (11, '2026-06-01T04:00:00.000Z', 7, '启用办法', 1, NULL, 't 2027-01-01', X'E2EB5251E905103E3B7F900A3305ADBC211A67E238C20EA2A3685D076D3F7B06');
INSERT INTO trail VALUES (12, '2026-06-01T04:00:00.000Z', 1, '交办法草案', 1, NULL, 't 2028-01-01', X'898E5022CFA689775DEF204F0F1D107F82C12222F2B10E84F2F5FA73ECB00F53');
INSERT INTO trail VALUES (13, '2026-06-01T04:00:00.000Z', 1, '撤回办法草案', 1, NULL, 't 2028-01-01', X'647B70996160B2561426CF0106411A3963B6A95ADFA09188E9BF75F6A11D772C');
INSERT INTO trail VALUES (14, '2026-06-01T04:00:00.000Z', NULL, '发接口凭证', NULL, NULL, 'clerk 凭证 1（程序：命令行）', X'1C544849078777BBD5FBDEBCA2282C4EDC8F9C7ECE93B5F4C8373074C19E6A06');
INSERT INTO trail VALUES (15, '2026-06-01T04:00:00.000Z', 1, '登录未成功', NULL, NULL, '', X'B97B80C720D4380650EC333F3B4F4409A80B8A033A81CC65AEF530AF69FE4438');

CREATE INDEX org_changes_by_org ON org_changes (org_id, id);

CREATE INDEX members_by_home ON members (home_id, id);

CREATE INDEX sealed_by_seek ON sealed (kind, seek);

CREATE INDEX affiliations_by_member ON affiliations (member_id, from_on, id);

CREATE INDEX affiliations_of_guests ON affiliations (org_id, member_id) WHERE kind <> 'home';

CREATE INDEX facts_by_member ON facts (member_id, from_on, id);

CREATE INDEX facts_claims ON facts (id) WHERE waits <> '';

CREATE INDEX activities_by_org ON activities (org_id, occurred_on, id);

CREATE INDEX attendance_by_activity ON attendance (activity_id, member_id, id);

CREATE INDEX attendance_by_member ON attendance (member_id, activity_id, id);

CREATE INDEX attendance_claims ON attendance (id) WHERE waits <> '';

CREATE INDEX entries_by_member ON entries (member_id, occurred_on, id);

CREATE INDEX entries_claims ON entries (id) WHERE waits <> '';

CREATE INDEX sketches_by_account ON sketches (account_id, id);

CREATE INDEX periods_by_org ON periods (org_id, period, id);

CREATE UNIQUE INDEX chain_entries_by_row ON chain_entries (kind, row_id);

CREATE UNIQUE INDEX accounts_by_login ON accounts (lower(login));

CREATE INDEX sign_in_brakes_by_age ON sign_in_brakes (signed_in_at, at);

CREATE INDEX assignments_by_account ON assignments (account_id, id);

CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE INDEX tokens_by_account ON tokens (account_id, id);

CREATE INDEX trail_by_org ON trail (org_id, id);

CREATE TRIGGER orgs_stay BEFORE UPDATE OF id, parent_id, path, level, kind, recorded_at ON orgs BEGIN SELECT RAISE(ABORT, 'orgs is append-only'); END;

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

CREATE TRIGGER reversals_stay BEFORE UPDATE ON reversals BEGIN SELECT RAISE(ABORT, 'reversals is append-only'); END;

CREATE TRIGGER reversals_kept BEFORE DELETE ON reversals BEGIN SELECT RAISE(ABORT, 'reversals is append-only'); END;

CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions is append-only'); END;

CREATE TRIGGER decisions_kept BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions is append-only'); END;

CREATE TRIGGER periods_stay BEFORE UPDATE ON periods BEGIN SELECT RAISE(ABORT, 'periods is append-only'); END;

CREATE TRIGGER periods_kept BEFORE DELETE ON periods BEGIN SELECT RAISE(ABORT, 'periods is append-only'); END;

CREATE TRIGGER chain_entries_stay BEFORE UPDATE ON chain_entries BEGIN SELECT RAISE(ABORT, 'chain_entries is append-only'); END;

CREATE TRIGGER chain_entries_kept BEFORE DELETE ON chain_entries BEGIN SELECT RAISE(ABORT, 'chain_entries is append-only'); END;

CREATE TRIGGER assignments_stay BEFORE UPDATE ON assignments BEGIN SELECT RAISE(ABORT, 'assignments is append-only'); END;

CREATE TRIGGER assignments_kept BEFORE DELETE ON assignments BEGIN SELECT RAISE(ABORT, 'assignments is append-only'); END;

CREATE TRIGGER trail_stay BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END;

CREATE TRIGGER trail_kept BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END;

CREATE TRIGGER tokens_stay BEFORE UPDATE ON tokens
WHEN OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR NEW.id <> OLD.id OR NEW.hash <> OLD.hash OR NEW.account_id <> OLD.account_id
  OR NEW.name <> OLD.name OR NEW.tail <> OLD.tail OR NEW.session <> OLD.session OR NEW.expires_at <> OLD.expires_at OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'tokens are append-only but for revoking'); END;

CREATE TRIGGER tokens_kept BEFORE DELETE ON tokens BEGIN SELECT RAISE(ABORT, 'tokens is append-only'); END;

CREATE TRIGGER texts_stay BEFORE UPDATE ON texts
WHEN NEW.id <> OLD.id OR NEW.commitment <> OLD.commitment OR NEW.body <> '' OR length(NEW.salt) <> 0
BEGIN SELECT RAISE(ABORT, 'texts are append-only but for erasure'); END;

CREATE TRIGGER texts_kept BEFORE DELETE ON texts BEGIN SELECT RAISE(ABORT, 'texts is append-only'); END;
