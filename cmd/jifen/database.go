package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/backup"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// database is the flag of every command that works on one.
type database struct {
	DB string `required:"" name:"db" placeholder:"文件" help:"数据库文件"`
}

// with opens the database for one piece of work and closes it, also beside a running
// server. A refusal of what is there already is an answer, not a file in the way.
func (d database) with(work func(ctx context.Context, h *house) error) error {
	return d.open(store.Visitor, work)
}

// alone is with for work beside which nobody may write a file: it changes the key, the shape
// or the files around it, which a server has read.
func (d database) alone(work func(ctx context.Context, h *house) error) error {
	return d.open(store.Alone, work)
}

func (d database) open(company store.Company, work func(ctx context.Context, h *house) error) error {
	ctx := context.Background()
	w := world()
	w.Company = company
	h, err := openIn(ctx, w, d.DB, backup.KeyPath(d.DB), false)
	if err != nil {
		return err
	}
	err = joinClose(work(ctx, h), h.db)
	var f *fault.Error
	if errors.As(err, &f) && f.Code == fault.Conflict {
		said := *f
		said.Code = fault.Invalid
		return &said
	}
	return err
}

// makeDatabase makes a new database with its key: beside its place, moved there
// when fill is done, because half of one is of no use.
func makeDatabase(ctx context.Context, path string, fill func(h *house) error) error {
	if store.OnServer(path) {
		return makeOnServer(ctx, path, fill)
	}
	switch _, err := os.Lstat(path); {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return unwritable(path, err)
	case err == nil:
		return fault.New(fault.Conflict, "已经有 %s，没有动它", path).WithHint("换一个文件名")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return unwritable(path, err)
	}
	folder, err := os.MkdirTemp(filepath.Dir(path), filepath.Base(path)+".new.")
	if err != nil {
		return unwritable(path, err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // empty, or what is left of a failure that is being reported
	temp := filepath.Join(folder, "db")
	h, err := openUnder(ctx, temp, backup.KeyPath(path), true)
	if err != nil {
		return err
	}
	if err := joinClose(fill(h), h.db); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return unwritable(path, err)
	}
	return nil
}

// makeOnServer makes the tables of an empty database on a server and fills them.
func makeOnServer(ctx context.Context, address string, fill func(h *house) error) error {
	h, err := openUnder(ctx, address, backup.KeyPath(address), true)
	if err != nil {
		return err
	}
	if !h.db.Made() {
		return joinClose(fault.New(fault.Conflict, "数据库 %s 里已经有东西，没有动它", store.FileName(address)).
			WithHint("换一个空的数据库"), h.db)
	}
	if err := joinClose(fill(h), h.db); err != nil {
		return fmt.Errorf("%w（数据库 %s 里留下了一部分：删掉它，另建一个空的再来）", err, store.FileName(address))
	}
	return nil
}

// highest returns the highest of some organisations: the street of a database, or
// what somebody sees of it. Of several streets one has to be named.
func highest(orgs []domain.Org) (domain.Org, error) {
	var streets []domain.Org
	var names []string
	for _, o := range orgs {
		if o.Level == domain.Street {
			streets, names = append(streets, o), append(names, o.Name)
		}
	}
	switch len(streets) {
	case 0:
		return orgs[0], nil
	case 1:
		return streets[0], nil
	}
	return domain.Org{}, fault.New(fault.Invalid, "数据库里有 %d 个街道", len(streets)).
		WithHint("用 --org 写明是哪一个：%s", strings.Join(names, "、"))
}

// org returns an organisation by name among those whose members an actor sees, the
// highest of them for "".
func (h *house) org(ctx context.Context, actor *access.Actor, name string) (domain.Org, error) {
	list, err := h.orgs.List(ctx, actor)
	if err == nil && len(list) == 0 && actor.LeadsGroup() { // who reads members, and no organisation
		err = kernel.Denied()
	}
	if err != nil {
		return domain.Org{}, err
	}
	return h.orgNamed(ctx, actor, list, name)
}

// nearbyOrg returns an organisation by name wherever it stands in the streets that an
// actor has to do with, the zero one for "": what he may do there is for the use case
// to judge.
func (h *house) nearbyOrg(ctx context.Context, actor *access.Actor, name string) (domain.Org, error) {
	if name == "" {
		return domain.Org{}, nil
	}
	list, err := h.orgs.Nearby(ctx, actor)
	if err == nil && len(list) == 0 {
		err = kernel.Denied()
	}
	if err != nil {
		return domain.Org{}, err
	}
	return h.orgNamed(ctx, actor, list, name)
}

// managedOrg returns an organisation by name among those that an actor may change.
func (h *house) managedOrg(ctx context.Context, actor *access.Actor, name string) (domain.Org, error) {
	list, err := h.orgs.Managed(ctx, actor)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.Forbidden, "没有您能改的组织").WithHint("街道之下的，请街道党工委办理")
	}
	if err != nil {
		return domain.Org{}, err
	}
	return h.orgNamed(ctx, actor, list, name)
}

// orgNamed returns one of some organisations by name, see orgNamed.
func (h *house) orgNamed(
	ctx context.Context, actor *access.Actor, list []domain.Org, name string,
) (domain.Org, error) {
	former, err := h.orgs.FormerNames(ctx, actor)
	if err != nil {
		return domain.Org{}, err
	}
	return orgNamed(list, former, name)
}

// orgNamed returns one of some organisations by name, the highest for "". A name
// that two have is told apart by what stands above it: 幸福社区/第一支部. What one was called
// before finds it where none is called so now, as does another way to write it.
func orgNamed(orgs []domain.Org, former map[domain.OrgID][]string, name string) (domain.Org, error) {
	if len(orgs) == 0 {
		return domain.Org{}, fault.New(fault.NotFound, "数据库里还没有组织").WithHint("先用 jifen init 建")
	}
	if name == "" {
		return highest(orgs)
	}
	names := fullNames(orgs)
	var found []domain.Org
	var which, all []string
	for i, o := range orgs {
		all = append(all, o.Name)
		if strings.HasSuffix("/"+names[i], "/"+name) {
			found, which = append(found, o), append(which, names[i])
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return domain.Org{}, fault.New(fault.Invalid, "有 %d 个“%s”", len(found), name).
			WithHint("写成 %s", strings.Join(which, "、"))
	}
	if o, ok := orgCalled(orgs, former, name); ok {
		return o, nil
	}
	f := fault.New(fault.NotFound, "没有“%s”这个组织", name)
	if near := suggest(name, all); len(near) > 0 {
		return domain.Org{}, f.WithHint("是不是 %s？", strings.Join(near, "、"))
	}
	return domain.Org{}, f.WithHint("写街道、社区或支部的全名")
}

// orgCalled returns the one organisation whose name is another way to write a name, or that
// was called so before.
func orgCalled(orgs []domain.Org, former map[domain.OrgID][]string, name string) (found domain.Org, ok bool) {
	same := func(other string) bool { return domain.SameOrgName(other, name) }
	for _, is := range [...]func(*domain.Org) bool{
		func(o *domain.Org) bool { return same(o.Name) },
		func(o *domain.Org) bool { return slices.ContainsFunc(former[o.ID], same) },
	} {
		n := 0
		for i := range orgs {
			if is(&orgs[i]) {
				found = orgs[i]
				n++
			}
		}
		if n > 0 {
			return found, n == 1
		}
	}
	return domain.Org{}, false
}

// fullNames writes every organisation with those above it, parted by slashes.
func fullNames(orgs []domain.Org) []string {
	full := map[domain.OrgID]string{}
	out := make([]string, len(orgs))
	for i, o := range orgs { // in the order of the tree
		out[i] = strings.TrimPrefix(full[o.Parent]+"/"+o.Name, "/")
		full[o.ID] = out[i]
	}
	return out
}
