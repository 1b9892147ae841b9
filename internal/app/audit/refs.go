package audit

import (
	"regexp"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Lines hold numbers and codes. What a number stands for is told to who may see the trail, when he
// looks.
const (
	accountWord = "帐号"
	orgWord     = "组织"
	textWord    = "文字"
)

// Account writes an account into the detail of a line.
func Account(id domain.AccountID) string { return accountWord + "#" + strconv.FormatInt(int64(id), 10) }

// Org writes an organisation into the detail of a line.
func Org(id domain.OrgID) string { return orgWord + "#" + string(id) }

// Text writes a free text into the detail of a line, "" for none.
func Text(id domain.TextID) string {
	if id == 0 {
		return ""
	}
	return textWord + "#" + strconv.FormatInt(int64(id), 10)
}

// explain puts into lines what their numbers stand for.
func explain(v *store.Snapshot, scope access.Scope, list []domain.AuditEvent) error {
	ref := regexp.MustCompile("(" + accountWord + "|" + orgWord + "|" + textWord + `)#(\d+)`)
	names := map[string]string{}
	for i := range list {
		for _, found := range ref.FindAllStringSubmatch(list[i].Detail, -1) {
			if _, known := names[found[0]]; known {
				continue
			}
			name, err := nameOf(v, scope, found[1], found[2])
			if err != nil {
				return err
			}
			names[found[0]] = name
		}
		list[i].Explained = strings.TrimSpace(ref.ReplaceAllStringFunc(list[i].Detail, func(r string) string {
			if names[r] == "" {
				return r
			}
			return names[r]
		}))
	}
	return nil
}

// nameOf returns what a number stands for, "" where that is not there any more.
func nameOf(v *store.Snapshot, scope access.Scope, kind, number string) (string, error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return "", nil // is none of ours
	}
	var name string
	switch kind {
	case accountWord:
		var a domain.Account
		a, err = v.Account(domain.AccountID(n))
		name = a.Login
	case orgWord:
		var o domain.Org
		o, err = v.Org(scope, domain.OrgID(number))
		name = o.Name
	default:
		name, err = v.ShownText(domain.TextID(n))
	}
	if fault.CodeOf(err) == fault.NotFound {
		return "", nil
	}
	return name, err
}
