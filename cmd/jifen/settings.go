package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// settingsCommand is jifen settings show.
type settingsCommand struct{ acting }

// Help shows how it is used.
func (*settingsCommand) Help() string {
	return `一行一项：名称、代号、现在是多少、可以是多少；后面是改过什么。不改的就是等级保护二级要的。

例子：
  jifen settings show --db data/jifen.db --as anquan
`
}

// Run lists how signing in is set, and what was changed of it.
func (k *settingsCommand) Run(c *console) error {
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		kept, err := h.signing().SettingsKept(ctx, actor)
		if err != nil {
			return err
		}
		var b strings.Builder
		titles := map[domain.SettingName]string{}
		for _, s := range domain.KnownSettings() {
			titles[s.Name] = s.Title
			fmt.Fprintf(&b, "%s（%s）  %s  %s\n", s.Title, s.Name, settingWords(&s, kept.Now.Value(s.Name)), limits(&s))
		}
		for i, x := range kept.Changes {
			if i == 0 {
				b.WriteString("\n改过的：\n")
			}
			fmt.Fprintf(&b, "  %s  %s  %d  %s\n", clock(x.At), titles[x.Name], x.Value, cmp.Or(x.By, "命令行"))
		}
		_, err = io.WriteString(c.out, b.String())
		return err
	})
}

// settingWords writes a value of a setting with its unit.
func settingWords(s *domain.Setting, value int64) string {
	if value == 0 && s.Never {
		return "不用换"
	}
	return fmt.Sprintf("%d %s", value, s.Unit)
}

// limits returns what a setting may be.
func limits(s *domain.Setting) string {
	text := fmt.Sprintf("可以是 %d 到 %d", s.Least, s.Most)
	if s.Never {
		text += "，0 是不用换"
	}
	return text + fmt.Sprintf("；一般 %d", s.Usual)
}

// setCommand is jifen settings set.
type setCommand struct {
	acting
	Set []string `arg:"" name:"代号=数" help:"改成多少，可以一次写几项，例如 idle_minutes=20"`
}

// Help shows how it is used.
func (*setCommand) Help() string {
	return `代号在 jifen settings show 里，写名称也可以。马上生效，已经登录着的人也算在内。有一项不对，一项也不改。

例子：
  jifen settings set --db data/jifen.db --as anquan idle_minutes=20 password_days=180
  jifen settings set --db data/jifen.db --as anquan 密码用多久要换=0
`
}

// Run sets how signing in is.
func (k *setCommand) Run(c *console) error {
	values, err := settingValues(k.Set)
	if err != nil {
		return misused(err)
	}
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		if err := h.signing().Set(ctx, actor, values); err != nil {
			return reported(err)
		}
		now, err := h.signing().Settings(ctx)
		if err != nil {
			return err
		}
		for _, s := range domain.KnownSettings() {
			if _, named := values[s.Name]; !named {
				continue
			}
			if _, err := fmt.Fprintf(c.out, "%s：%s\n", s.Title, settingWords(&s, now.Value(s.Name))); err != nil {
				return err
			}
		}
		return nil
	})
}

// settingValues reads what is to be set, by code or by title.
func settingValues(list []string) (map[domain.SettingName]int64, error) {
	byWord := map[string]domain.SettingName{}
	var names []string
	for _, s := range domain.KnownSettings() {
		byWord[s.Title], byWord[string(s.Name)] = s.Name, s.Name
		names = append(names, string(s.Name))
	}
	out := map[domain.SettingName]int64{}
	for _, text := range list {
		word, number, found := strings.Cut(domain.Narrow(text), "=")
		if !found {
			return nil, fault.New(fault.Invalid, "“%s”要写成 代号=数", fault.Quote(text)).WithHint("例如 %s=20", names[0])
		}
		name, known := byWord[strings.TrimSpace(word)]
		if !known {
			return nil, fault.New(fault.Invalid, "没有“%s”这项设置", fault.Quote(word)).WithHint("可写：%s", strings.Join(names, "、"))
		}
		if _, twice := out[name]; twice {
			return nil, fault.New(fault.Invalid, "“%s”写了两次", fault.Quote(word)).WithHint("一项只写一次")
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 32)
		if err != nil {
			return nil, fault.New(fault.Invalid, "“%s”不是整数", fault.Quote(number)).WithHint("例如 %s=20", names[0])
		}
		out[name] = n
	}
	return out, nil
}
