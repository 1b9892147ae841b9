package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/app/rules"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
)

// proposal names what enact and rehearse take alike.
type proposal struct {
	Path string `arg:"" name:"规则文件" help:"规则文件，或补充文件"`
	acting
	Org  string `placeholder:"组织" help:"为哪个组织和它的下级；不写就是全街道"`
	From string `placeholder:"日期" help:"从哪一天起；不写就照文件里的 施行"`

	Beside bool `help:"与现行办法并行：另算一本账，各排各的名次"`
}

// read reads and checks the file and names the organisation, one of the drafter's.
func (k *proposal) read(
	ctx context.Context, c *console, h *house, drafter *access.Actor,
) (rules.Proposal, domain.Org, error) {
	var org domain.Org
	p := rules.Proposal{Name: k.Path, Beside: k.Beside}
	if k.From != "" {
		day, err := calendar.Parse(k.From)
		if err != nil {
			return p, org, misused(err)
		}
		p.From = day
	}
	source, err := soundRules(c, k.Path)
	if err != nil {
		return p, org, err
	}
	p.Source = source
	list, err := h.orgs.Nearby(ctx, drafter) // a rules officer is shown no list of branches
	if err == nil && len(list) == 0 {
		err = kernel.Denied()
	}
	if err != nil {
		return p, org, err
	}
	org, err = h.orgNamed(ctx, drafter, list, k.Org)
	p.Org = org.ID
	return p, org, err
}

// enactCommand is jifen rules enact.
type enactCommand struct {
	proposal
	ConfirmAs string `required:"" name:"confirm-as" placeholder:"帐号" help:"谁确认：写另一个人的帐号；--as 写起草的人的"`

	ConfirmPasswordFile string `env:"JIFEN_CONFIRM_PASSWORD_FILE" placeholder:"文件" help:"写着确认的人的密码或凭证的文件；不写就在终端上问"`

	ConfirmOffice string `placeholder:"职务" help:"确认的人有几个职务的，用哪一个"`

	DrafterAgrees   bool `name:"drafter-agrees" help:"起草的人同意改变已经过去的日子的分"`
	ConfirmerAgrees bool `name:"confirmer-agrees" help:"确认的人同意改变已经过去的日子的分"`
}

// Help shows how it is used.
func (*enactCommand) Help() string {
	return `先检查规则文件，再试算旁边写明用它的用例，再在真实的记录上预演；有一处错、有一例没通过，就不启用。
启用要两个人：一人起草（--as），一人确认（--confirm-as），各写各的帐号，各写各的密码，两个名字都留底。网站上也能办。
会改变已经过去的日子的分，也不启用，并说出多少人、谁由几分变到几分；确实要改，两个人都要同意（--drafter-agrees、--confirmer-agrees），留底。
从施行那一天起算数，以前启用的留着备查。补充和与主办法并行的办法，也这样启用；并行的加 --beside，补充不用加。

例子：
  jifen rules enact 办法.yaml --db data/jifen.db --as jiedao --confirm-as fuhe
  jifen rules enact 办法.yaml --db data/jifen.db --from 2027-07-01 --as jiedao --confirm-as fuhe
  jifen rules enact 更正的办法.yaml --db data/jifen.db --as jiedao --confirm-as fuhe --drafter-agrees --confirmer-agrees
`
}

// Run puts a rule file in force.
func (k *enactCommand) Run(c *console) error {
	if strings.TrimSpace(k.As) == strings.TrimSpace(k.ConfirmAs) {
		return misused(fault.New(fault.Invalid, "起草和确认是同一个帐号").WithHint("由另一个人确认"))
	}
	return k.as(c, func(ctx context.Context, h *house, drafter *access.Actor) error {
		confirmer, err := h.proved(ctx, c, actsAs{k.ConfirmAs, k.ConfirmPasswordFile, k.ConfirmOffice, "--confirm-office"})
		if err != nil {
			return err
		}
		p, org, err := k.read(ctx, c, h, drafter)
		if err != nil {
			return err
		}
		p.Retroactive = k.DrafterAgrees
		id, err := h.enactment.Propose(ctx, drafter, p)
		if err != nil {
			return err
		}
		review, err := h.enactment.Review(ctx, confirmer, id)
		if err == nil {
			err = h.enactment.Confirm(ctx, confirmer, id, "", k.ConfirmerAgrees)
		}
		if err != nil {
			return h.abandon(ctx, id, drafter, err)
		}
		d := &review.Draft
		_, err = fmt.Fprintf(c.out, "在“%s”启用了：%s\n  编号 %s，%s 起施行，规则指纹 %s\n  起草 %s，确认 %s\n", org.Name, review.Book.Title,
			d.Code, d.From, d.Hash[:12],
			drafter.Name, confirmer.Name)
		if words := rules.PastWords(review.Rehearsal.Past); words != "" && err == nil {
			_, err = fmt.Fprintf(c.out, "  两人都同意了%s\n", words)
		}
		for _, said := range review.Rehearsal.Fits {
			if err == nil {
				_, err = fmt.Fprintf(c.out, "  注意：%s\n", said)
			}
		}
		return err
	})
}

// abandon withdraws a draft that the command line handed in and could not put in
// force, and returns why it could not.
func (h *house) abandon(ctx context.Context, id domain.RuleDraftID, drafter *access.Actor, why error) error {
	if err := h.enactment.Withdraw(ctx, drafter, id, "", "没有启用"); err != nil {
		return err
	}
	return why
}

// rehearseCommand is jifen rules rehearse.
type rehearseCommand struct {
	proposal
	All bool `help:"逐人列出，不只列前 50 人"`
}

// Help shows how it is used.
func (*rehearseCommand) Help() string {
	return `把规则文件放在真实的记录上算一遍，什么也不写：谁的分、等次会变，由几分变到几分，是哪一条使它变的。
已经施行的，算到今天，也算过去的各月底；还没有到施行日的，照它施行的第一天来算。与主办法并行的加 --beside。

例子：
  jifen rules rehearse 新办法.yaml --db data/jifen.db --as jiedao
  jifen rules rehearse 新办法.yaml --db data/jifen.db --as jiedao --org 幸福街第一党支部 --all
`
}

// rehearsed limits the members that are told one by one, unless all are asked for.
const rehearsed = 50

// Run tells the members whose points a rule file would change.
func (k *rehearseCommand) Run(c *console) error {
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		p, org, err := k.read(ctx, c, h, actor)
		if err != nil {
			return err
		}
		review, err := h.enactment.Rehearse(ctx, actor, p)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		tellRehearsal(&b, review, org, k.All)
		_, err = c.out.Write(b.Bytes())
		return err
	})
}

func tellRehearsal(b *bytes.Buffer, review *rules.Review, org domain.Org, all bool) {
	r := &review.Rehearsal
	fmt.Fprintf(b, "在“%s”预演：%s（编号 %s，%s 起）\n", org.Name, review.Book.Title, review.Draft.Code, review.Draft.From)
	for _, said := range r.Fits {
		fmt.Fprintln(b, "注意："+said)
	}
	if r.First && review.Draft.Beside {
		fmt.Fprintf(b, "与主办法并行，另算一本账，没有原来的可比；%s 起这本账上计分的 %d 人，主办法的分不变。\n", r.AsOf, r.Members)
		return
	}
	if r.First {
		fmt.Fprintln(b, "现在没有启用的办法，没有可比的。")
		return
	}
	fmt.Fprintf(b, "%s，截至 %s，计分的 %d 人，会变的 %d 人\n", r.Period.Label(), r.AsOf, r.Members, len(r.Moved))
	branch, told := "", 0
	inBranch := map[string]int{}
	for i := range r.Moved {
		inBranch[r.Moved[i].Member.Home.Name]++
	}
	for i := range r.Moved {
		m := &r.Moved[i]
		if told == rehearsed && !all {
			fmt.Fprintf(b, "  ……还有 %d 人，加 --all 全部列出\n", len(r.Moved)-told)
			break
		}
		told++
		if m.Member.Home.Name != branch {
			branch = m.Member.Home.Name
			fmt.Fprintf(b, "\n%s（%d 人）\n", branch, inBranch[branch])
		}
		fmt.Fprintf(b, "  %s %s  %s\n", m.Member.ID, m.Member.Name, m.Words())
		for k := range m.Why {
			fmt.Fprintf(b, "      %s\n", m.Why[k].Words())
		}
	}
	if words := rules.PastWords(r.Past); words != "" {
		fmt.Fprintf(b, "\n%s。要两个人都同意才能启用：--drafter-agrees --confirmer-agrees\n", words)
	}
	if len(r.Homeless) > 0 {
		fmt.Fprintf(b, "\n有记录的项目在新办法里没有了：%s。改了名的写 原名，不再记的写 停用。\n", strings.Join(r.Homeless, "、"))
	}
	if len(r.NoBlock) > 0 {
		fmt.Fprintf(b, "\n有记录还在算分的板块，在新办法里没有了：%s。新办法里要留着。\n", strings.Join(r.NoBlock, "、"))
	}
}

// soundRules reads a rule file that is to be put in force: it has no mistake,
// and the cases beside it pass. What is wrong goes to the complaints. A
// supplement is checked where the scheme is that it adds to.
func soundRules(c *console, path string) ([]byte, error) {
	source, err := readText(path)
	if err != nil {
		return nil, err
	}
	loaded := ruleset.Load(path, source)
	if loaded.File.Root.Get("补充") != nil {
		return source, nil
	}
	if loaded.Book == nil {
		_, _ = io.WriteString(c.err, loaded.Format()) // as for say
		return nil, fault.New(fault.Invalid, "%s 有 %d 处错误，没有启用", path, loaded.Errors()).
			WithHint("逐处改好，再用 jifen rules check 查一遍")
	}
	books, err := booksOf(path)
	if err != nil {
		return nil, err
	}
	t := trial{out: c.err, files: map[string]*ruleversions.Versions{}}
	for _, name := range books {
		if err := t.book(name); err != nil {
			return nil, err
		}
	}
	if t.failed+t.broken > 0 {
		return nil, fault.New(fault.Invalid, "用例没有全过（未过 %d 例，读不了 %d 个文件），没有启用", t.failed, t.broken).
			WithHint("改好规则或用例，用 jifen rules test 试过再启用")
	}
	return source, nil
}
