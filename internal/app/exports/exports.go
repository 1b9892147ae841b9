// Package exports gives out what came in: the members with all that is recorded of them,
// entries, attendance, requests, alerts, points and where they come from, as tables of an
// organisation, as of a day and as known by an instant. What `score` reads is laid out as it
// reads it.
package exports

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Service gives out tables.
type Service struct {
	standings *standings.Service
	members   *members.Service
}

// New makes the service.
func New(s *standings.Service, m *members.Service) *Service { return &Service{s, m} }

// Column is a column of a table; plain numbers in a numeric one are numbers.
type Column struct {
	Name    string
	Numeric bool
}

// Table is a table as a committee hands it on.
type Table struct {
	Title   string
	Columns []Column
	Rows    [][]string
	Footer  []string
}

// Kind names a table that is given out: its word in addresses and commands, or its Chinese name.
type Kind string

// Choice is a kind as it is offered.
type Choice struct {
	Kind  Kind
	Words string // its Chinese name
	About string // what stands in it
}

// kind describes a table that can be given out.
type kind struct {
	Choice
	// lay lays the table out; its title and its last lines are added by who calls it. It is
	// nil for a table that others have made.
	lay func(*job) (Table, error)
}

// The tables that are handed round and taken in, which others make.
const (
	rankingKind  Kind = "ranking"
	registerKind Kind = "register"
)

// kinds lists the tables, in the order in which they are offered.
func kinds() []kind {
	return []kind{
		{Choice{rankingKind, "排名", "公布用的排名表：名次、姓名、类别、总分、各板块、等次"}, nil},
		{Choice{registerKind, "名册", "今天在册的每人一行，办法里的每项属性一列；补了、改了，可以再导入"}, nil},
		{Choice{"people", "党员和变动", "每人一行，之后每一次变动一行：从哪天起是什么、在哪个支部"}, (*job).people},
		{Choice{"entries", "记录", "计入的每一笔：谁、什么项目、哪一天、记了什么"}, (*job).entries},
		{Choice{"attendance", "出勤", "每次活动每人一行：到会、请假、缺席……"}, (*job).attendance},
		{Choice{"requests", "申报", "要人同意才算的每一条：到了哪一步，谁同意、谁退回"}, (*job).requests},
		{Choice{"points", "得分", "每人一行：类别、总分、各板块、等次、各级名次、缺什么资料"}, (*job).points},
		{Choice{"statements", "得分明细", "每人的分从哪里来：每一笔本来多少、计入多少、为什么"}, (*job).statements},
		{Choice{"alerts", "预警", "还没有了结的预警：谁、哪一级、到哪天"}, (*job).alerts},
	}
}

// Choices lists what can be given out.
func Choices() []Choice {
	list := kinds()
	out := make([]Choice, len(list))
	for i := range list {
		out[i] = list[i].Choice
	}
	return out
}

// maxRows limits a table: a file of more is of no use to a person, and takes memory.
const maxRows = 300_000

// job is one table while it is laid out.
type job struct {
	*standings.Population
	s   *standings.Service
	v   *store.Snapshot // of now; that of the question is view
	q   standings.Question
	org domain.Org
}

// Export lays out one table of an organisation, and leaves a line in the trail.
// fault.NotFound for a kind that is none, and outside the actor's scope.
func (s *Service) Export(
	ctx context.Context, actor *access.Actor, which Kind, ask standings.ListQuery,
) (out Table, err error) {
	list := kinds()
	at := slices.IndexFunc(list, func(k kind) bool { return k.Kind == which || k.Words == string(which) })
	if at < 0 {
		return out, fault.New(fault.NotFound, "没有这种表").WithHint("可写：%s", words())
	}
	found := &list[at]
	switch found.Kind {
	case rankingKind:
		return s.ranking(ctx, actor, ask)
	case registerKind:
		return s.register(ctx, actor, ask)
	}
	err = s.standings.Give(ctx, actor, ask, func(
		v *store.Snapshot, org domain.Org, q standings.Question, p *standings.Population,
	) (string, error) {
		j := &job{p, s.standings, v, q, org}
		if out, err = found.lay(j); err != nil {
			return "", err
		}
		if len(out.Rows) > maxRows {
			return "", fault.New(fault.TooMany, "这张表有 %d 行，一次最多 %d 行", len(out.Rows), maxRows).
				WithHint("选一个社区或支部")
		}
		period := p.Period.Label()
		out.Title = org.Name + found.Words + "（" + period + "）"
		out.Footer = append(out.Footer, j.foot()...)
		return found.Words + " " + strconv.Itoa(len(out.Rows)) + " 行", nil
	})
	return out, err
}

// ranking gives out a ranking as a committee hands it round.
func (s *Service) ranking(ctx context.Context, actor *access.Actor, ask standings.ListQuery) (out Table, err error) {
	_, t, err := s.standings.Export(ctx, actor, ask)
	out = Table{Title: t.Title, Rows: t.Rows, Footer: t.Footer}
	for _, h := range t.Headings {
		out.Columns = append(out.Columns, Column(h))
	}
	return out, err
}

// register gives out the register of today, which is of no earlier day.
func (s *Service) register(ctx context.Context, actor *access.Actor, ask standings.ListQuery) (out Table, err error) {
	if ask.AsOf != 0 || !ask.AsKnownAt.IsZero() {
		return out, fault.New(fault.Invalid, "名册只有今天的").WithHint("要看从前的，导出“党员和变动”")
	}
	t, err := s.members.Register(ctx, actor, ask.Org)
	out = Table{Title: t.Title, Rows: t.Rows}
	for _, name := range t.Columns {
		out.Columns = append(out.Columns, Column{Name: name})
	}
	return out, err
}

// Offer holds what the actor may give out: of which organisations, and what of the one asked for.
type Offer struct {
	Org     domain.Org
	Orgs    []domain.Org
	Choices standings.Choices
}

// Offer returns what may be asked for, for an organisation, "" for the first that the actor
// sees. fault.NotFound outside the scope.
func (s *Service) Offer(ctx context.Context, actor *access.Actor, ask standings.ListQuery) (out Offer, err error) {
	err = s.standings.Read(ctx, actor, func(v *store.Snapshot) (err error) {
		scope := actor.Scope(access.Export)
		if out.Orgs, err = v.Orgs(scope, ""); err != nil {
			return err
		}
		out.Orgs = slices.DeleteFunc(out.Orgs, func(o domain.Org) bool { return o.Level > domain.Street })
		if ask.Org == "" && len(out.Orgs) > 0 {
			ask.Org = out.Orgs[0].ID
		}
		if out.Org, err = s.standings.OrgOf(v, scope, ask.Org); err != nil {
			return err
		}
		out.Choices, err = s.standings.Choices(v, out.Org.Path, ask.Scheme)
		return err
	}, access.Export)
	return out, err
}

// words lists the kinds as they are written in an address.
func words() string {
	out := ""
	for _, k := range kinds() {
		out += "、" + string(k.Kind) + "（" + k.Words + "）"
	}
	return out[len("、"):]
}

// foot says of when the table is, and by which text.
func (j *job) foot() []string {
	zone := j.s.Zone
	known := "导出于 " + j.v.Now().In(zone).Format("2006-01-02 15:04") + "。"
	if !j.q.KnownBy.IsZero() {
		known = "只看 " + j.q.KnownBy.In(zone).Format("2006-01-02 15:04") + " 以前登记的。" + known
	}
	text := "办法：" + j.Book.Title + "（" + j.Book.Code + "），" + j.Book.From.String() + " 起施行，规则指纹 " + j.Book.Hash[:12] + "。"
	return []string{"截至 " + min(j.AsOf, j.Period.Last).String() + "。" + known, text}
}

// names returns what organisations are called, apart: two of one name with their numbers.
func (j *job) names() (map[domain.OrgID]string, error) {
	orgs, err := j.q.View(j.v).Orgs(j.q.Scope, "")
	if err != nil {
		return nil, err
	}
	then, err := j.q.View(j.v).NamesOn(min(j.AsOf, j.Period.Last))
	if err != nil {
		return nil, err
	}
	out, times := map[domain.OrgID]string{}, map[string]int{}
	for i := range orgs {
		name := cmp.Or(then[orgs[i].ID], orgs[i].Name)
		out[orgs[i].ID] = name
		times[name]++
	}
	for id, name := range out {
		if times[name] > 1 {
			out[id] = name + "（" + string(id) + "）"
		}
	}
	return out, nil
}

// clock writes an instant as it is kept in the words of the organisation's zone.
func (j *job) clock(at string) string {
	t, err := calendar.ParseInstant(at)
	if err != nil {
		return at
	}
	return t.In(j.s.Zone).Format("2006-01-02 15:04")
}
