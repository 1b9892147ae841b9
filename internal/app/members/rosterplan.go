package members

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/vault"
)

// RosterReader reads a register under the attributes of the rules in force.
type RosterReader func(attributes []ruleset.Attribute) (*importer.RosterPreview, error)

// PlanRoster reads a register and compares it with who is there already, on one snapshot,
// for who may import, and finds out what it does: what a page would refuse is refused here.
// terms returns on what terms it is taken in.
func (r *Recorder) PlanRoster(
	ctx context.Context, actor *access.Actor, read RosterReader, terms func(v *store.Snapshot) (*RosterTerms, error),
) (t *RosterTerms, p *importer.RosterPreview, plan *RosterPlan, err error) {
	if !actor.May(access.Import) {
		return nil, nil, nil, noImport()
	}
	err = r.DB.LongRead(ctx, func(v *store.Snapshot) (err error) {
		if t, err = terms(v); err != nil {
			return err
		}
		asked, err := r.rosterRules(v, actor, t)
		if err != nil {
			return err
		}
		if p, err = read(asked); err != nil {
			return err
		}
		if plan, err = t.Plan(v, p); err == nil {
			err = t.decide(plan)
		}
		return err
	})
	if err == nil {
		err = r.foreseeRoster(ctx, actor, t, plan)
	}
	return t, p, plan, err
}

// noImport refuses who may not import.
func noImport() error {
	return fault.New(fault.Forbidden, "没有导入名单的权限").WithHint("请街道党工委办理")
}

// Plan compares a register with who is there already. A person is found by his
// identity number; by name within his branch only as long as no number of his
// is kept.
func (t *RosterTerms) Plan(v *store.Snapshot, p *importer.RosterPreview) (*RosterPlan, error) {
	pl := &rosterPlanner{
		RosterTerms: t, view: v, plan: &RosterPlan{}, headings: map[importer.Field]string{},
		branches: map[string][]domain.Org{},
		byName:   map[string][]domain.Member{}, taken: map[domain.MemberID]int{}, path: t.Org.Path,
		covered: map[domain.OrgID]bool{},
	}
	for _, c := range p.Columns {
		switch c.How {
		case importer.Standard, importer.Synonym, importer.Remembered, importer.OfRules,
			importer.OfBranch:
			pl.headings[c.Field] = c.Heading
		}
	}
	if err := pl.load(); err != nil {
		return nil, err
	}
	if _, has := pl.headings[importer.FieldBranch]; !has && t.Org.Level != domain.Branch {
		pl.problem(nil, "", "没有“所在党支部”这一列，不知道各人在哪个支部", "补上这一列，或者指定导入到哪一个支部")
		return pl.plan, nil
	}
	for i := range p.Rows {
		if err := pl.row(&p.Rows[i]); err != nil {
			return nil, err
		}
	}
	pl.namesakes()
	pl.found()
	if err := pl.know(); err != nil {
		return nil, err
	}
	pl.absent(p)
	pl.settle()
	var err error
	if pl.plan.Digest, err = pl.plan.digest(); err != nil {
		return nil, err
	}
	pl.refuseRenames()
	return pl.plan, nil
}

// rosterPlanner is one call of Plan.
type rosterPlanner struct {
	*RosterTerms
	view      *store.Snapshot
	plan      *RosterPlan
	headings  map[importer.Field]string
	branches  map[string][]domain.Org // by name, here
	former    map[string]domain.Org   // by what a branch was called before, in plain form; the zero one where two were
	plain     map[string]domain.Org   // by name in plain form; likewise
	community bool                    // RosterTerms.Community is there
	path      string                  // of what a branch that is to be made belongs to, as far as it is there
	byName    map[string][]domain.Member
	taken     map[domain.MemberID]int // rows by whom they mean
	covered   map[domain.OrgID]bool   // branches that a row is about
	groups    map[domain.MemberID]domain.Grouping
	names     map[string]domain.GroupNames // what groups are called, those of the file included, by branch
	last      int                          // the highest number of an id
}

// everybody returns the scope in which persons are looked for: one who moved from
// elsewhere must be found there.
func everybody() access.Scope {
	return access.System("a person is found wherever he belongs, so that nobody is taken in twice")
}

func (pl *rosterPlanner) load() error {
	orgs, err := pl.view.Orgs(everybody(), pl.Org.Path)
	if err != nil {
		return err
	}
	for _, o := range orgs {
		switch {
		case o.Level == domain.Branch:
			pl.branches[o.Name] = append(pl.branches[o.Name], o)
		case o.Level == domain.Community && o.Name == pl.Community:
			pl.community, pl.path = true, o.Path
		}
	}
	if err := pl.loadNames(orgs); err != nil {
		return err
	}
	members, err := pl.view.Members(everybody(), "")
	for _, m := range members {
		pl.byName[m.Name] = append(pl.byName[m.Name], m)
		if digits, ok := strings.CutPrefix(string(m.ID), "P"); ok {
			if n, err := strconv.Atoi(digits); err == nil {
				pl.last = max(pl.last, n)
			}
		}
	}
	return err
}

// loadNames reads how else the branches may be called.
func (pl *rosterPlanner) loadNames(orgs []domain.Org) error {
	former, err := pl.view.FormerNames(everybody())
	if err != nil {
		return err
	}
	pl.former, pl.plain = map[string]domain.Org{}, map[string]domain.Org{}
	put := func(into map[string]domain.Org, name string, o domain.Org) {
		name = domain.PlainOrgName(name)
		if other, is := into[name]; is && other.ID != o.ID {
			o = domain.Org{}
		}
		into[name] = o
	}
	for _, o := range orgs {
		if o.Level != domain.Branch {
			continue
		}
		put(pl.plain, o.Name, o)
		for _, was := range former[o.ID] {
			put(pl.former, was, o)
		}
	}
	return nil
}

// called returns what a branch is called that a row writes in another way, or as it was called
// before; what a row writes where no branch is meant, or more than one.
func (pl *rosterPlanner) called(p *importer.Person) string {
	if len(pl.branches[p.Branch]) > 0 {
		return p.Branch
	}
	plain := domain.PlainOrgName(p.Branch)
	if o, is := pl.plain[plain]; is && o.ID != "" {
		return o.Name
	}
	if o, is := pl.former[plain]; is && o.ID != "" {
		pl.warn(p, importer.FieldBranch, "“"+fault.Quote(p.Branch)+"”现在叫“"+o.Name+"”，按它算", "不是它的，先在“组织”里设新的支部")
		return o.Name
	}
	return p.Branch
}

// near returns a branch whose name is near to one that no branch has, "" where there is none.
func (pl *rosterPlanner) near(name string) string {
	for _, known := range slices.Sorted(maps.Keys(pl.branches)) {
		if domain.NearOrgName(known, name) {
			return known
		}
	}
	return ""
}

// problem files a problem of a row, or of the whole file.
func (pl *rosterPlanner) problem(p *importer.Person, f importer.Field, message, advice string) {
	b := importer.Problem{Column: pl.headings[f], Message: message, Advice: advice}
	if p != nil {
		b.Row = p.Row
	}
	pl.plan.Problems = append(pl.plan.Problems, b)
}

func (pl *rosterPlanner) warn(p *importer.Person, f importer.Field, message, advice string) {
	pl.problem(p, f, message, advice)
	pl.plan.Problems[len(pl.plan.Problems)-1].Warning = true
}

// row plans one row; a problem leaves it out.
func (pl *rosterPlanner) row(p *importer.Person) error {
	if p.JoinedParty > pl.Today {
		pl.problem(p, importer.FieldJoined, "入党日期 "+p.JoinedParty.String()+" 还没有到", "查一查年份")
		return nil
	}
	if p.Confirmed > pl.Today {
		pl.problem(p, importer.FieldConfirmed, "转正日期 "+p.Confirmed.String()+" 还没有到", "查一查年份；还没有转正的，人员类别写预备党员，这一格留空")
		return nil
	}
	s := RosterStep{Person: p}
	home, ok := pl.branch(&s)
	if !ok {
		return nil
	}
	s.path, pl.covered[home.ID] = cmp.Or(home.Path, pl.path), true
	ok, err := pl.who(&s, home)
	if err != nil || !ok {
		return err
	}
	if !s.New {
		if row, twice := pl.taken[s.Member]; twice {
			pl.problem(p, importer.FieldName, fmt.Sprintf("与第 %d 行都是编号 %s 的人", row, s.Member), "是同一个人就只留一行；不是的，补上身份证号")
			return nil
		}
		pl.taken[s.Member] = p.Row
		s.Moves = s.known.Home.ID != home.ID || s.known.Left != 0
	}
	if p.Identity != "" && (s.New || s.byName) {
		s.Numbers = append(s.Numbers, vault.Identity)
	}
	if p.Mobile != "" {
		same, err := pl.view.SeekSealed(everybody(), string(vault.Phone), pl.Vault.Seeks(vault.Phone, p.Mobile))
		if err != nil {
			return err
		}
		if s.New || !slices.ContainsFunc(same, func(m domain.Member) bool { return m.ID == s.Member }) {
			s.Numbers = append(s.Numbers, vault.Phone)
		}
	}
	pl.plan.Steps = append(pl.plan.Steps, s)
	return nil
}

// branch settles where a row belongs: the zero Org for a branch to be made.
func (pl *rosterPlanner) branch(s *RosterStep) (home domain.Org, ok bool) {
	if pl.Org.Level == domain.Branch && (s.Person.Branch == "" || pl.called(s.Person) == pl.Org.Name) {
		s.Branch = pl.Org.Name
		return pl.Org, true
	}
	s.Branch = pl.called(s.Person)
	there := pl.branches[s.Branch]
	switch {
	case len(there) == 1 && there[0].Closed != 0:
		pl.problem(s.Person, importer.FieldBranch, "“"+there[0].Name+"”自 "+there[0].Closed.String()+" 起已经撤销",
			"填现在的支部；支部还在的，先恢复")
	case len(there) == 1 && !there[0].Kind.Homes():
		pl.problem(s.Person, importer.FieldBranch, there[0].Name+"是"+string(there[0].Kind)+"支部，没有自己的党员", "填组织关系所在的支部")
	case len(there) == 1:
		return there[0], true
	case len(there) > 1:
		pl.problem(s.Person, importer.FieldBranch, fmt.Sprintf("有 %d 个叫“%s”的支部", len(there), fault.Quote(s.Branch)),
			"一个社区一个社区地导入")
	case pl.Org.Level == domain.Branch:
		pl.problem(s.Person, importer.FieldBranch, "写的是“"+fault.Quote(s.Branch)+"”，这次只导入“"+pl.Org.Name+"”", "别的支部另外导入")
	case pl.near(s.Branch) != "":
		pl.problem(s.Person, importer.FieldBranch, "没有“"+fault.Quote(s.Branch)+"”这个支部，是不是“"+pl.near(s.Branch)+"”",
			"是它，照它的名称写；确实是另一个，先在“组织”里设好再导入")
	case pl.Community == "":
		if !slices.Contains(pl.plan.Strange, s.Branch) {
			pl.plan.Strange = append(pl.plan.Strange, s.Branch)
		}
		pl.problem(s.Person, importer.FieldBranch, pl.Org.Name+"没有“"+fault.Quote(s.Branch)+"”这个支部",
			"照已有的支部名写；确是新支部，说明它属于哪个社区再导入")
	default:
		return domain.Org{}, true
	}
	return home, false
}

// namesakes leaves out persons who are new, without a number, and of one name
// in one branch: nobody could tell them apart the next time.
func (pl *rosterPlanner) namesakes() {
	type seat struct{ name, branch string }
	rows := map[seat][]int{}
	for i := range pl.plan.Steps {
		if s := &pl.plan.Steps[i]; s.New {
			at := seat{s.Person.Name, s.Branch}
			rows[at] = append(rows[at], s.Person.Row)
		}
	}
	pl.plan.Steps = slices.DeleteFunc(pl.plan.Steps, func(s RosterStep) bool {
		same := rows[seat{s.Person.Name, s.Branch}]
		if !s.New || s.Person.Identity != "" || len(same) < 2 {
			return false
		}
		pl.problem(s.Person, importer.FieldName, fmt.Sprintf("这个支部有 %d 行叫“%s”", len(same), fault.Quote(s.Person.Name)),
			"是同一个人就只留一行；不是的，补上身份证号")
		return true
	})
}

// found lists the community and branches to be made, and gives ids to members
// who are new.
func (pl *rosterPlanner) found() {
	for i := range pl.plan.Steps {
		s := &pl.plan.Steps[i]
		if len(pl.branches[s.Branch]) == 0 && !slices.Contains(pl.plan.Branches, s.Branch) {
			pl.plan.Branches = append(pl.plan.Branches, s.Branch)
		}
		if s.New {
			pl.last++
			s.Member = domain.MemberID(fmt.Sprintf("P%04d", pl.last))
		}
	}
	if len(pl.plan.Branches) > 0 && pl.Org.Level == domain.Street && !pl.community {
		pl.plan.Community = pl.Community
	}
}

// settle puts the problems in the order of the file.
func (pl *rosterPlanner) settle() {
	slices.SortStableFunc(pl.plan.Problems, func(a, b importer.Problem) int { return a.Row - b.Row })
}
