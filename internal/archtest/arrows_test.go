package archtest

import "jifen/internal/store"

// anything in a row's may stands for every package of the module.
const anything = "*"

// arrow is one package's row: what of the module it may import, and why no
// more. The standard library is free to all, libraries have rows of their own.
type arrow struct {
	from string
	may  []string
	why  string
}

// arrows is the table. A row may stand here before its package exists.
func arrows() []arrow {
	return []arrow{
		{"internal/fault", nil, "everybody may return a fault, so it stands on the standard library alone"},
		{"internal/calendar", []string{"internal/fault"}, "days and periods are older than points and know nothing of them"},
		{"internal/domain", []string{"internal/calendar", "internal/fault"},
			"the nouns know no file format, no database and no rules"},
		{"internal/formula", []string{"internal/domain", "internal/calendar", "internal/fault"},
			"one expression is understood without knowing the rule file around it"},
		{"internal/yamldoc", []string{"internal/fault"}, "it reads YAML with places and does not know what the words mean"},
		{"internal/ruleset", []string{"internal/yamldoc", "internal/formula", "internal/domain", "internal/calendar",
			"internal/fault"}, "the language is checked and described without scoring anybody"},
		{"internal/scoring", []string{"internal/ruleset", "internal/formula", "internal/domain", "internal/calendar",
			"internal/fault"}, "the engine is pure: no files, no sheets, no storage"},
		{"internal/ruleversions", []string{"internal/scoring", "internal/ruleset", "internal/yamldoc", "internal/domain",
			"internal/calendar", "internal/fault"}, "which text holds for whom is known without files or rows: names and " +
			"days are enough"},
		{"internal/ruletest", []string{"internal/ruleversions", "internal/scoring", "internal/ruleset", "internal/yamldoc",
			"internal/domain", "internal/calendar", "internal/fault"},
			"worked cases use the engine as everybody else does, with no door of their own"},
		{"internal/spreadsheet", []string{"internal/domain", "internal/calendar", "internal/fault"},
			"tables are neutral: what a column means is not decided where cells are read"},
		{"internal/importer", []string{"internal/spreadsheet", "internal/ruleversions", "internal/ruleset",
			"internal/scoring", "internal/domain", "internal/calendar", "internal/fault"},
			"tables become records here, under the rule files at hand, and nowhere else"},
		{"internal/ruledoc", []string{"internal/ruleset", "internal/yamldoc", "internal/domain", "internal/calendar",
			"internal/fault"}, "a text is told to people from its own nodes; nothing is computed"},
		{"internal/ranking", []string{"internal/scoring", "internal/ruleset", "internal/domain"},
			"who comes before whom and what a table shows is one for pages, programs and files"},
		{"internal/report", []string{"internal/ranking", "internal/ruledoc", "internal/scoring", "internal/ruleset",
			"internal/domain",
			"internal/calendar", "internal/fault"}, "results are printed from the engine's own types, never from sheets"},
		{"internal/demo", []string{"internal/app/activities", "internal/app/audit", "internal/app/entries",
			"internal/app/rules", "internal/app/members", "internal/store",
			"internal/access", "internal/ruleset", "internal/domain", "internal/calendar", "internal/fault"},
			"the example street is made of the same nouns as a real one and must not know the results"},
		{".", nil, "the root carries schema.sql and nothing else"},
		{"internal/access", []string{"internal/domain"}, "policy is pure: it knows no rows, only whose they are"},
		{"internal/store/engine", []string{"internal/fault"},
			"what a database must offer is said without one, and without a row of ours"},
		{"internal/store/engine/sqlite", []string{"internal/store/engine", "internal/fault"},
			"one engine knows neither the rows nor another engine"},
		{"internal/store/engine/postgres", []string{"internal/store/engine", "internal/fault"},
			"one engine knows neither the rows nor another engine"},
		{"internal/testkit/pgtest", nil, "tests of every package ask for a database, those below testkit too"},
		{"internal/store/engine/enginetest", []string{"internal/store/engine", "internal/fault"},
			"every engine is asked the same; nothing but tests imports it"},
		{"internal/store/migrations", []string{"internal/fault"},
			"the steps between shapes are files; who runs them stands above"},
		{"internal/store", []string{".", "internal/store/engine", "internal/store/engine/sqlite",
			"internal/store/engine/postgres",
			"internal/store/migrations", "internal/vault", "internal/access", "internal/domain", "internal/calendar",
			"internal/fault"}, "it keeps rows and knows no rules: scoring and store do not know each other"},
		{"internal/app/audit", []string{"internal/store", "internal/access", "internal/domain", "internal/fault"},
			"the trail is written in the transaction of what it tells of"},
		{"internal/app/kernel", []string{"internal/app/audit", "internal/store", "internal/access", "internal/calendar",
			"internal/fault"}, "what use cases share knows no noun"},
		{"internal/app/accounts", []string{"internal/app/audit", "internal/store", "internal/access", "internal/domain",
			"internal/calendar", "internal/fault"}, "who is signed in is known before anything is scored"},
		{"internal/app/standings", []string{"internal/app/kernel", "internal/app/audit", "internal/ranking",
			"internal/scoring",
			"internal/store", "internal/access", "internal/ruleset", "internal/formula", "internal/domain", "internal/calendar",
			"internal/fault"}, "the one place where what is recorded meets the engine"},
		{"internal/app/requests", []string{"internal/app/kernel", "internal/app/audit", "internal/store", "internal/access",
			"internal/ruleset", "internal/domain", "internal/calendar", "internal/fault"},
			"what waits is decided without knowing what it is: each noun gives the row of its kind"},
		{"internal/app/members", []string{"internal/importer", "internal/spreadsheet", "internal/vault",
			"internal/app/recording",
			"internal/app/kernel", "internal/app/requests", "internal/app/standings", "internal/app/audit", "internal/scoring",
			"internal/store", "internal/access", "internal/ruleset",
			"internal/domain", "internal/calendar", "internal/fault"},
			"what is told of one member is the same by page, by API and by command line"},
		{"internal/app/recording", []string{"internal/app/kernel", "internal/app/requests", "internal/app/standings",
			"internal/store", "internal/access", "internal/ruleset", "internal/domain", "internal/calendar",
			"internal/fault"}, "what is recorded is asked alike, whether it is an entry or an activity"},
		{"internal/app/entries", []string{"internal/app/recording", "internal/app/kernel", "internal/app/requests",
			"internal/app/standings", "internal/app/audit", "internal/scoring", "internal/store", "internal/access",
			"internal/ruleset", "internal/domain", "internal/calendar", "internal/fault"},
			"what one member did is recorded without knowing who meets"},
		{"internal/app/activities", []string{"internal/app/recording", "internal/app/kernel", "internal/app/requests",
			"internal/app/standings", "internal/app/audit", "internal/store", "internal/access", "internal/ruleset",
			"internal/domain", "internal/calendar", "internal/fault"},
			"who attended is recorded without knowing other entries"},
		{"internal/app/orgs", []string{"internal/app/kernel", "internal/app/standings", "internal/app/audit",
			"internal/store", "internal/access", "internal/domain", "internal/calendar", "internal/fault"},
			"an organisation is shown with what its members have come to"},
		{"internal/app/exports", []string{"internal/app/standings", "internal/app/members", "internal/importer",
			"internal/ranking", "internal/spreadsheet", "internal/ruleversions", "internal/ruleset", "internal/store",
			"internal/access",
			"internal/domain",
			"internal/calendar", "internal/fault"}, "what came in goes out in one way, laid out as it is read"},
		{"internal/app/periods", []string{"internal/app/kernel", "internal/app/standings", "internal/app/audit",
			"internal/store", "internal/access", "internal/domain", "internal/calendar", "internal/fault"},
			"a period is locked by the cycle of the rules in force"},
		{"internal/app/rules", []string{"internal/app/standings", "internal/scoring", "internal/ruletest", "internal/ruledoc",
			"internal/yamldoc", "internal/app/audit", "internal/store", "internal/access", "internal/ruleset",
			"internal/domain", "internal/calendar", "internal/fault"}, "a rule file is put in force whole or not at all"},
		{"internal/app/machine", []string{"internal/app/kernel", "internal/app/audit", "internal/store", "internal/access",
			"internal/vault", "internal/domain", "internal/calendar", "internal/fault"},
			"how the program stands and who did what is asked of no other noun"},
		{"internal/jobs", []string{"internal/calendar", "internal/fault"},
			"when something is due is known without knowing what it does"},
		{"internal/backup", []string{"internal/jobs", "internal/store", "internal/vault", "internal/domain",
			"internal/calendar", "internal/fault"}, "a database is copied and compared whole, " +
			"without knowing what its rows mean"},
		{"internal/doctor", []string{"internal/access", "internal/backup", "internal/store", "internal/calendar",
			"internal/fault"}, "what may be wrong around a database is found without knowing what its rows mean; " +
			"access is for the scope of a question"},
		{"internal/metrics", nil, "what is counted comes as plain numbers: it knows Prometheus, and nothing of the house"},
		{"internal/problem", []string{"internal/fault"}, "one table from codes to statuses"},
		{"internal/server", []string{"internal/problem", "internal/app/accounts", "internal/access", "internal/domain",
			"internal/fault"}, "what stands before every handler knows no page"},
		{"internal/server/bind", []string{"internal/domain", "internal/calendar", "internal/fault"},
			"what a request must be is declared and told without knowing which request it is"},
		{"internal/web", []string{"internal/oidc", "internal/server", "internal/server/bind", "internal/problem",
			"internal/web/ui",
			"internal/spreadsheet",
			"internal/app/accounts", "internal/app/activities", "internal/app/entries", "internal/app/requests",
			"internal/app/members", "internal/app/machine", "internal/app/exports", "internal/app/orgs", "internal/app/periods",
			"internal/app/rules",
			"internal/ruledoc", "internal/yamldoc",
			"internal/app/standings", "internal/app/audit", "internal/scoring", "internal/access",
			"internal/ruleset", "internal/domain", "internal/calendar", "internal/fault"},
			"handlers ask use cases and fill views"},
		{"internal/api", []string{"internal/app/activities", "internal/app/entries",
			"internal/server", "internal/server/bind", "internal/problem", "internal/report", "internal/app/accounts",
			"internal/app/machine", "internal/app/requests", "internal/app/members", "internal/app/exports", "internal/app/orgs",
			"internal/spreadsheet",
			"internal/app/standings", "internal/scoring",
			"internal/access", "internal/ruleset", "internal/domain", "internal/calendar", "internal/fault"},
			"programs ask the same use cases as people"},
		{"internal/oidc", []string{"internal/domain", "internal/fault"},
			"a provider of identities says who somebody is; what he may do is said elsewhere"},
		{"internal/vault", []string{"internal/fault"}, "sealing knows nothing of what it seals"},
		{"internal/testkit", []string{anything}, "what tests stand on is built from the whole house; nothing but tests " +
			"imports it"},
		{"internal/testkit/expect", []string{"internal/fault"},
			"it states conditions and knows nothing of what they are about"},
		{"internal/testkit/effort", nil, "tests of every package ask it, those below testkit too"},
		{"web", nil, "files and their names; what a page shows is not decided where its template lies"},
		{"internal/web/ui", []string{"web", "internal/ruledoc", "internal/domain", "internal/calendar", "internal/fault"},
			"pages are rendered from typed views; who fills them stands above"},
		{"internal/mutation", nil, "it looks at rule files and their cases from outside, in tests"},
		{"internal/archtest", nil, "it reads the house from outside"},
		{"rules", nil, "the folder belongs to the authors of rules; embed.go only carries their files"},
		{"cmd/jifen", []string{anything}, "the only place that builds things"},
	}
}

// library is a module outside the standard library with the packages that may
// import it.
type library struct {
	path string
	only []string
	why  string
}

// libraries is the table of direct dependencies, test-only ones excepted.
func libraries() []library {
	return []library{
		{"github.com/expr-lang/expr", []string{"internal/formula"},
			"only its parser is used; one fence stands around a language that can do more than a regulation may"},
		{"github.com/goccy/go-yaml", []string{"internal/yamldoc"}, "one strict profile of YAML, read in one place"},
		{"github.com/mattn/go-sqlite3", []string{"internal/store/engine/sqlite"}, "one place speaks SQLite"},
		{"github.com/jackc/pgx/v5", []string{"internal/store/engine/postgres", "internal/testkit/pgtest"},
			"one place speaks to PostgreSQL"},
		{"github.com/jmoiron/sqlx", []string{"internal/store", "internal/store/engine", "internal/store/engine/sqlite",
			"internal/store/engine/postgres", "internal/store/engine/enginetest"},
			"SQL stands in the store and nowhere above it"},
		{"golang.org/x/time/rate", []string{"internal/server"}, "what strangers may ask for is bounded in one place"},
		{"github.com/alexedwards/argon2id", []string{"internal/app/accounts"}, "passwords are hashed in one place"},
		{"github.com/alexedwards/scs/v2", []string{"internal/server"}, "sessions are the web site's own"},
		{"github.com/gin-gonic/gin", []string{"internal/server", "internal/server/bind", "internal/web", "internal/api",
			"internal/problem"}, "no use case knows HTTP"},
		{"github.com/go-playground/validator/v10", []string{"internal/server/bind"},
			"one validator with our own tags, its errors said in Chinese in one place"},
		{"github.com/xuri/excelize/v2", []string{"internal/spreadsheet"}, "one place reads and writes spreadsheets"},
		{"golang.org/x/text", []string{"internal/spreadsheet", "internal/importer"},
			"texts in other encodings, and characters that are one with a usual one, are read where tables come in"},
		{"github.com/mozillazg/go-pinyin", []string{"internal/app/members"}, "how names are read is asked in one place"},
		{"github.com/andybalholm/cascadia", []string{"internal/testkit/expect"},
			"selectors are asked of pages under test, in one place"},
		{"golang.org/x/mod/sumdb/note", []string{"internal/backup"}, "what is signed of a root, as others read it"},
		{"rsc.io/qr", []string{"internal/web"}, "only a page shows a code"},
		{"github.com/coreos/go-oidc/v3/oidc", []string{"internal/oidc"}, "a provider of identities is asked in one place"},
		{"golang.org/x/oauth2", []string{"internal/oidc"}, "a provider of identities is asked in one place"},
		{"golang.org/x/net", []string{"internal/testkit/expect"},
			"the program writes HTML and reads none; tests read it in one place"},
		{"github.com/prometheus/client_golang", []string{"internal/metrics"},
			"whoever counts does so in plain numbers and knows no Prometheus"},
		{"github.com/alecthomas/kong", []string{"cmd/jifen"}, "flags are the command line's own"},
		{"golang.org/x/term", []string{"cmd/jifen"}, "only the command line asks at a terminal"},
	}
}

// ambient is a package of the standard library through which code reads what
// was not handed to it.
type ambient struct {
	path  string
	names []string // the forbidden names; nil forbids the import itself
}

// ambients lists clock, chance and environment. Only cmd reads them and passes
// down func() time.Time and io.Reader: what is computed is then a function of
// what was recorded, the same on every machine and every day.
func ambients() []ambient {
	return []ambient{
		{"time", []string{"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Sleep"}},
		{"os", []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}},
		{"math/rand", nil},
		{"math/rand/v2", nil},
		{"crypto/rand", nil},
	}
}

// exception lets one package import an ambient package for a few names.
type exception struct {
	from, path string
	names      []string
	why        string
}

// exceptions is short on purpose.
func exceptions() []exception {
	return []exception{
		{"internal/demo", "math/rand/v2", []string{"New", "NewPCG", "Rand", "PCG"},
			"the example street is thrown with dice whose seed is an argument: one seed, one street"},
		{"internal/testkit/pgtest", "os", []string{"Getenv"}, "who runs the tests says where a server is"},
	}
}

// exact lists the packages in which points are reckoned. They count hundredths
// in integers; a float would be right nearly always, which is worse than never.
func exact() []string {
	return []string{"internal/domain", "internal/formula", "internal/ruleset", "internal/scoring"}
}

// hollow lists names that say nothing of what is inside, so everything ends
// up there.
func hollow() []string {
	return []string{"utils", "common", "models", "helpers", "types", "pkg"}
}

// rewritable lists the tables that are no history, of which a server lets the program
// rewrite no others.
func rewritable() (tables []string) {
	for _, r := range store.Rewritable() {
		tables = append(tables, r.Table)
	}
	return tables
}

// alone lists, by package, why the program acts without anybody: what must work
// before there are accounts, or when none is left. The trail shows the word.
func alone() map[string][]string {
	return map[string][]string{
		"cmd/jifen":             {"设库", "演示", "改造数据库"},
		"internal/app/members":  {"恢复以后照名单删除"},
		"internal/demo":         {"演示"},
		"internal/app/accounts": {"找回安全管理员", "没有这个帐号"},
	}
}

// unscoped lists, by package, why rows are read without a scope. Each reason is a
// decision about who may see what: a new one is looked at here, beside the others.
func unscoped() map[string][]string {
	return map[string][]string{
		"cmd/jifen": {
			"the organisation of a broken chain is named",
		},
		"internal/app/accounts": {
			"whether a security administrator is left",
			"names of organisations are no secret",
			"whether somebody for whom an account is opened is still here",
			"what the groups of a branch are called",
		},
		"internal/doctor": {
			"accounts of which nobody has said who holds them",
		},
		"internal/app/entries": {
			"a guest belongs to another branch",
		},
		"internal/app/activities": {
			"an activity is taken back with all its lines",
			"guests of an activity are found wherever they belong",
			"the line that is corrected, whoever's it is",
			"whoever was in both activities, wherever he belongs",
			"who was there is told to whom the activity is shown; their points only in the scope",
		},
		"internal/app/requests": {
			"who decides on a request",
			"whose request it is, is asked below",
		},
		"internal/app/machine": {
			"every number is sealed under the present key",
			"names of organisations are no secret",
			"the machine's keeper sees how many, not who",
			"whether a member asked today who looked at him",
		},
		"internal/app/rules": {
			"names of organisations are no secret",
			"one's own regulation is no secret",
			"the text that a draft follows or adds to",
			"who enacted a text that is read is no secret",
			"a text is rehearsed on everybody it is for",
			"locked periods below an organisation",
			"the branches that a scheme is for",
		},
		"internal/app/members": {
			"a member may go to any branch of the street",
			"one's own",
			"what became of whom the actor changed",
			"whether an exemption waits",
			"what the groups of a branch are called",
			"no group is called by the name of a member",
			"what ends with a move",
			"whether a transfer waits",
			"who is asked for by name from the side where he goes",
			"an erased person is erased wherever he is written of",
			"a person is found wherever he belongs, so that nobody is taken in twice",
		},
		"internal/app/orgs": {
			"names of organisations are no secret",
			"the name of what stands above is no secret",
			"what stands below an organisation that is to be closed",
		},
		"internal/app/standings": {
			"a grade by share is one among all",
			"a place is one among all",
			"by whose rules a question is answered",
			"what is cached is computed anew",
		},
		"internal/store": {
			"a new organisation stands below its parent",
			"an erased person is erased wherever he is written of",
			"what is judged of a member is held",
			"whom the leader of a group reads",
			"by whose rules a question is answered",
			"the branch that held what a member attended",
			"the chain of the home branch",
			"the organisation of a broken chain is named",
		},
	}
}
