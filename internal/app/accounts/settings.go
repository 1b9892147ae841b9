package accounts

import (
	"context"
	"fmt"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// shownChanges limits how many changes of settings are listed.
const shownChanges = 50

// Settings returns how signing in is set, for whoever signs in.
func (s *Service) Settings(ctx context.Context) (out domain.Settings, err error) {
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		out, err = v.Settings()
		return err
	})
	return out, err
}

// KeptSettings holds how signing in is set, and what was changed of it.
type KeptSettings struct {
	Now     domain.Settings
	Changes []domain.SettingChange // the latest first
}

// SettingsKept returns how signing in is set, for who manages accounts.
func (s *Service) SettingsKept(ctx context.Context, by *access.Actor) (out KeptSettings, err error) {
	if !by.May(access.ManageAccounts) {
		return out, fault.New(fault.Forbidden, "没有管理帐号的权限").WithHint("写安全管理员的帐号")
	}
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		if out.Now, err = v.Settings(); err != nil {
			return err
		}
		out.Changes, err = v.SettingChanges(by.Scope(access.ManageAccounts), shownChanges)
		return err
	})
	return out, err
}

// Set sets something of signing in, for who manages accounts; what is not named stays. What
// is beyond its limits is told by name, all at once, as fault.Invalid. It holds at once,
// for those who are signed in too.
func (s *Service) Set(ctx context.Context, by *access.Actor, values map[domain.SettingName]int64) error {
	if !by.May(access.ManageAccounts) {
		return fault.New(fault.Forbidden, "没有管理帐号的权限").WithHint("写安全管理员的帐号")
	}
	if err := checkSettings(values); err != nil {
		return err
	}
	return s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		now, err := tx.Settings()
		if err != nil {
			return err
		}
		for _, known := range domain.KnownSettings() {
			was := now.Value(known.Name)
			value, named := values[known.Name]
			if !named || value == was {
				continue
			}
			if err := tx.InsertSetting(known.Name, value, by.ID()); err != nil {
				return err
			}
			what := audit.What{Detail: fmt.Sprintf("%s %d→%d", known.Name, was, value)}
			if err := audit.Record(tx, by, audit.ChangedSetting, what); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkSettings refuses values beyond their limits, by name and all at once.
func checkSettings(values map[domain.SettingName]int64) error {
	var wrong problems
	known := map[domain.SettingName]bool{}
	for _, setting := range domain.KnownSettings() {
		known[setting.Name] = true
		if value, named := values[setting.Name]; named && !setting.Lets(value) {
			wrong.add(at(string(setting.Name), fault.New(fault.Invalid, "“%s”不能是 %d %s", setting.Title, value,
				setting.Unit).WithHint("写 %d 到 %d%s", setting.Least, setting.Most, never(&setting))))
		}
	}
	for name := range values {
		if !known[name] {
			wrong.add(at(string(name), fault.New(fault.Invalid, "没有“%s”这项设置", fault.Quote(string(name)))))
		}
	}
	return wrong.fault()
}

// never returns what 0 means of a setting, in words.
func never(s *domain.Setting) string {
	if s.Never {
		return "，或 0（不用换）"
	}
	return ""
}
