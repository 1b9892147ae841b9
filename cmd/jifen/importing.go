package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/formula"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/vault"
)

// membersCommand is jifen import members.
type membersCommand struct {
	Path string `arg:"" name:"名册" help:"党员名册，.xlsx、.xlsm、.ods 或 .csv"`
	acting
	Org       string   `placeholder:"组织" help:"导入到哪个街道、社区或支部；不写就是街道"`
	Community string   `placeholder:"社区" help:"名册里的新支部属于哪个社区；没有这个社区就新建"`
	Kind      string   `default:"社区" enum:"社区,农村,市场,两新,机关,事业,企业,学校" placeholder:"类型" help:"新支部的类型"`
	Since     string   `placeholder:"日期" help:"从哪天起算；不写就是今天"`
	Reason    string   `placeholder:"理由" help:"变动从太久以前起（过了办法的补录期限）的，写为什么晚了；整份名册写一个"`
	KeepOut   []int    `placeholder:"行" help:"这一行先不写入，行号照预览里的；可以写几个"`
	Left      []string `sep:"none" placeholder:"编号" help:"不在名册里的这个人已经转出，从 --since 那天（不写就是今天）起；可以写几个"`
	Preview   string   `placeholder:"核对码" help:"预览里的核对码：预览以后有了变化就不写"`
	Rename    []string `sep:"none" placeholder:"编号" help:"这个编号的人确是改了名、或者原来写错了，姓名照名册改；可以写几个"`
	Map       []string `sep:"none" placeholder:"列名=项目" help:"这一列其实是什么，例如 单位=所在党支部；等号后面空着就是不读这一列；可以写几个"`
	Worksheet string   `name:"sheet" placeholder:"工作表" help:"文件里有几张工作表都像名册的，读哪一张"`
	Write     bool     `help:"写入数据库；不写就只预览"`
}

// Help shows how it is used.
func (*membersCommand) Help() string {
	return `先预览：每一列读作什么，哪一行哪一列有什么问题，要新增、改动谁。看过没有问题，加 --write 写入。
哪一行先不写入，用 --keep-out 行号；不在名册里的什么也不做，已经转出的用 --left 编号 说出来。
动到谁的分、动多少，名册里没有谁，也先列出来；和网页上一样，锁定了的考核期不改，过了补录期限的要写理由。
新党员从 --since 那天起算，不写就从今天起；写以前的一天，那天以后自动扣的分就有他的，预览里说出来。
有问题的行不写入，连同原因另存成“名册-退回.xlsx”，改好再导入这一份就行。有退回的行时退出码是 1。
已经在库里的人按身份证号认，有“党员编号”一列的按编号和姓名认，都没有的按支部和姓名认；编号由程序接着排。
办法里的属性（职务、就业……）写作列名就读，没有这个选项的退回，说出可写哪些；办法没有问到的情况不保存。
` + keyHelp + `

例子：
  jifen import members 名册.xlsx --db data/jifen.db --as jiedao --community 幸福社区
  jifen import members 名册.xlsx --db data/jifen.db --as jiedao --community 幸福社区 --write
  jifen import members 名册.xlsx --db data/jifen.db --as jiedao --keep-out 7 --left P0031 --preview 3fa9c2017b44 --write
  jifen import members 名册.xlsx --db data/jifen.db --as jiedao --map 单位=所在党支部 --map 备注=
`
}

// Run previews an import, and does it when told to.
func (k *membersCommand) Run(c *console) error {
	mapping, err := k.mapping()
	if err != nil {
		return err
	}
	var since calendar.Day
	if k.Since != "" {
		if since, err = calendar.Parse(k.Since); err != nil {
			return misused(err)
		}
	}
	if k.Community != "" {
		if k.Community, err = orgs.ParseName(k.Community); err != nil {
			return misused(err)
		}
	}
	table, err := tableOf(k.Path, k.Worksheet, func(header []string) bool {
		return importer.RosterHeader(header, mapping)
	})
	if err != nil {
		return err
	}
	for heading := range mapping {
		if !slices.Contains(table.Header, heading) {
			return fault.New(fault.Invalid, "%s 没有“%s”这一列", k.Path, heading).WithHint("有的列：%s", strings.Join(table.Header, "、"))
		}
	}
	read := func(asked []ruleset.Attribute) (*importer.RosterPreview, error) {
		if err := knownFields(mapping, asked); err != nil {
			return nil, err
		}
		return importer.ReadRoster(table, mapping, asked), nil
	}
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		terms, preview, plan, err := h.ledger.PlanRoster(ctx, actor, read,
			func(v *store.Snapshot) (*members.RosterTerms, error) { return k.terms(v, h.vault, actor, since) })
		if err != nil {
			return err
		}
		w := &importWords{command: k, out: c.out, table: table, preview: preview, plan: plan,
			since: terms.Since, today: terms.Today}
		if err := w.foretell(); err != nil {
			return err
		}
		return k.finish(ctx, h, actor, terms, w)
	})
}

// finish writes what was previewed, if told to, and says how it ended.
func (k *membersCommand) finish(ctx context.Context, h *house, actor *access.Actor, terms *members.RosterTerms,
	w *importWords) error {
	rejected := w.rejected()
	w.rejects = w.rejectPath()
	if k.Write {
		if err := h.ledger.ApplyRoster(ctx, actor, terms, w.plan); err != nil {
			return err
		}
		if err := w.reject(rejected); err != nil {
			return err
		}
	}
	if err := w.ending(len(rejected)); err != nil {
		return err
	}
	if len(rejected) > 0 || w.hopeless() {
		return errReported
	}
	return nil
}

// renames reads --rename.
func (k *membersCommand) renames() (out []domain.MemberID) {
	for _, id := range k.Rename {
		out = append(out, domain.MemberID(strings.TrimSpace(id)))
	}
	return out
}

// mapping reads --map.
func (k *membersCommand) mapping() (importer.Mapping, error) {
	out := importer.Mapping{}
	for _, text := range k.Map {
		heading, field, ok := strings.Cut(text, "=")
		heading, field = strings.TrimSpace(heading), strings.TrimSpace(field)
		if !ok || heading == "" {
			return nil, misused(fault.New(fault.Invalid, "“--map”写的“%s”看不懂", text).WithHint("写成 --map 列名=项目，例如 --map 单位=所在党支部"))
		}
		out[heading] = importer.Field(field)
	}
	return out, nil
}

// knownFields refuses a mapping to what is neither a field nor an attribute of the rules.
func knownFields(mapping importer.Mapping, asked []ruleset.Attribute) error {
	var fields []string
	for _, f := range importer.Fields(asked) {
		fields = append(fields, string(f))
	}
	for _, heading := range slices.Sorted(maps.Keys(mapping)) {
		field := string(mapping[heading])
		if field == "" || slices.Contains(fields, field) {
			continue
		}
		f := fault.New(fault.Invalid, "“--map”不能写“%s=%s”：没有“%s”这一项", heading, field, field)
		if near := formula.Nearest(field, fields); near != "" {
			return misused(f.WithHint("是不是“%s”？", near))
		}
		return misused(f.WithHint("可写：%s", strings.Join(fields, "、")))
	}
	return nil
}

// terms settles on what terms the register is taken in, where the actor may import.
func (k *membersCommand) terms(
	v *store.Snapshot, vault *vault.Vault, actor *access.Actor, since calendar.Day,
) (*members.RosterTerms, error) {
	orgs, err := v.Orgs(actor.Scope(access.Import), "")
	if err != nil {
		return nil, err
	}
	former, err := v.FormerNames(actor.Scope(access.Import))
	if err != nil {
		return nil, err
	}
	org, err := orgNamed(orgs, former, k.Org)
	if err != nil {
		return nil, err
	}
	now := calendar.FromTime(today())
	decided := members.RosterDecisions{Out: k.KeepOut, Renames: k.renames(), Seen: strings.TrimSpace(k.Preview)}
	for _, id := range k.Left {
		decided.Left = append(decided.Left, domain.MemberID(strings.TrimSpace(id)))
	}
	t := &members.RosterTerms{RosterDecisions: decided,
		Vault: vault, Org: org, Community: k.Community, Kind: domain.BranchKind(k.Kind), Today: now, Reason: k.Reason,
		Since: cmp.Or(since, now), Changes: cmp.Or(since, now),
	}
	switch {
	case org.Level == domain.Street:
	case k.Community != "":
		return nil, misused(fault.New(fault.Invalid, "--org 写的是%s，就不写 --community", org.Level).WithHint("新支部就建在 --org 写的社区里"))
	case org.Level == domain.Community:
		t.Community = org.Name
	}
	return t, nil
}
