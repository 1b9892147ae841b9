package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jifen"
	"jifen/internal/access"
	"jifen/internal/fault"
	"jifen/internal/store/engine"
	"jifen/internal/store/migrations"
)

// The marks of our files, in ASCII: "jifn", and "jife" of those that were made
// before the first release.
const (
	applicationID = 0x6a69666e
	unreleasedID  = 0x6a696665
)

// Migration is a change of a database to the shape of schema.sql.
type Migration struct {
	From, To int64
	Steps    []string // 0002_name, in order; none where nothing is to be done
	Left     []string // steps that wait until no program of before is at work any more
	Copy     string   // the verified copy of what was before; "" where it was only tried
	Granted  []string // users of a server who were given their rights for the new tables
}

// shape is a schema with its version, and the steps to it from older ones.
type shape struct {
	driver  engine.Driver
	schema  string
	version int64
	steps   []migrations.Step

	reached func(point string) // is told how far a migration has come; tests end it there
}

// present returns the shape of schema.sql, for a database of the kind that an address
// names.
func present(path string) (*shape, error) {
	d, err := DriverOf(path)
	if err != nil {
		return nil, err
	}
	schema, dialect := jifen.Schema, migrations.SQLite
	if OnServer(path) {
		schema, dialect = jifen.SchemaPostgres+jifen.CataloguePostgres, migrations.Postgres
	}
	steps, err := migrations.Steps(dialect)
	return shapeOf(d, schema, steps), err
}

func shapeOf(d engine.Driver, schema string, steps []migrations.Step) *shape {
	return &shape{d, schema, int64(migrations.Baseline + len(steps)), steps, func(string) {}}
}

// Extent holds how far a migration goes.
type Extent struct {
	Write    bool // or everything is tried on a copy, and the database is left as it is
	Contract bool // on a server: also the steps after which programs of before cannot go on
}

// Migrate brings a database to the present shape, as Open does with a file before it is
// worked on. On a server it stops before a step that contracts, unless told otherwise.
func Migrate(ctx context.Context, opts Options, far Extent) (Migration, error) {
	sh, err := present(opts.Path)
	if err != nil {
		return Migration{}, err
	}
	return sh.migrateFile(ctx, opts, far)
}

func (sh *shape) migrateFile(ctx context.Context, opts Options, far Extent) (m Migration, err error) {
	opts.Create = false
	e, err := sh.openEngine(ctx, opts)
	if err != nil {
		return m, err
	}
	is, err := e.Identity(ctx)
	if err == nil && is.Empty {
		err = emptyFile(Shown(opts.Path))
	}
	if err == nil {
		err = sh.newer(is, Shown(opts.Path))
	}
	if err == nil {
		m, err = sh.migrate(ctx, e, opts, is.Version, far)
	}
	if err == nil && far.Write {
		m.Granted, err = grantAgain(ctx, e)
	}
	return m, errors.Join(err, e.Close())
}

// olderHosted refuses a visitor who would have to migrate what another program serves.
func olderHosted(is, want int64, path string) error {
	return fault.New(fault.Unavailable, "正在用 %s 的是旧版本的程序（结构 %d），本程序是结构 %d 的，不能一起用", path, is, want).
		WithHint("用和网站同一个版本的 jifen；或者停下网站，换成新版本再开")
}

func emptyFile(path string) error {
	return fault.New(fault.Invalid, "%s 是空的，不是 jifen 的数据库", path).WithHint("看看文件名对不对")
}

// openEngine opens a database that is empty or recognised.
func (sh *shape) openEngine(ctx context.Context, opts Options) (engine.Engine, error) {
	by := opts.Driver
	if by == nil {
		by = sh.driver
	}
	return by.Open(ctx, engine.Options{
		Path: opts.Path, Create: opts.Create, Now: opts.Now, ReadFrom: opts.ReadFrom, Company: opts.Company,
		Accept: func(is engine.Identity) error {
			if !is.Empty {
				if err := sh.recognise(ctx, is, Shown(opts.Path)); err != nil {
					return err
				}
			}
			if is.Hosted && is.Version < sh.version {
				return olderHosted(is.Version, sh.version, opts.Path)
			}
			if len(opts.Keys) == 0 { // told last: a file that is none of ours has no key
				return ErrNoKey
			}
			return nil
		},
	})
}

// migrate brings an open database from a version to the shape: it is copied, all
// is tried on a copy of the copy and its chains are verified there, the copy is
// kept beside the file, and only then the steps are made, each in a transaction
// with its version. Whatever ends it in between, the file is whole, of the
// version before a step or after it.
func (sh *shape) migrate(
	ctx context.Context, e engine.Engine, opts Options, from int64, far Extent,
) (m Migration, err error) {
	steps := sh.after(from)
	waiting := slices.IndexFunc(steps, func(s migrations.Step) bool { return s.Contracts })
	if waiting < 0 || far.Contract || !OnServer(opts.Path) { // whoever opens a file is alone with it
		waiting = len(steps)
	}
	m = Migration{From: from, To: from + int64(waiting), Steps: namesOf(steps[:waiting]), Left: namesOf(steps[waiting:])}
	if len(m.Steps) == 0 {
		return m, nil
	}
	if OnServer(opts.Path) { // it is copied there, by its own means
		if far.Write {
			err = sh.apply(ctx, e, Shown(opts.Path), steps[:waiting])
		}
		return m, err
	}
	folder, err := workFolder(opts.Path)
	if err != nil {
		return m, err
	}
	defer func() { _ = os.RemoveAll(folder) }() // empty, or what is left of a failure that is being reported
	copied := filepath.Join(folder, "copy.db")
	if err := sh.copyBefore(ctx, e, opts.Path, copied); err != nil {
		return m, err
	}
	sh.reached("copied")
	if err := sh.try(ctx, opts, copied, filepath.Join(folder, "trial.db"), from); err != nil {
		return m, err
	}
	sh.reached("tried")
	if !far.Write {
		return m, nil
	}
	m.Copy = fmt.Sprintf("%s.v%d-%s", opts.Path, from, opts.Now().Format("2006-01-02"))
	if err := keepFile(copied, m.Copy); err != nil {
		return m, noCopy(err, opts.Path)
	}
	sh.reached("kept")
	err = sh.apply(ctx, e, opts.Path, steps)
	sh.reached("done")
	return m, err
}

func namesOf(steps []migrations.Step) (names []string) {
	for _, s := range steps {
		names = append(names, fmt.Sprintf("%04d_%s", s.Version, s.Name))
	}
	return names
}

// after returns the steps that a database of a version has before it.
func (sh *shape) after(from int64) []migrations.Step {
	return sh.steps[min(max(0, from-migrations.Baseline), int64(len(sh.steps))):]
}

// copyBefore looks at every page of the database and copies it.
func (sh *shape) copyBefore(ctx context.Context, e engine.Engine, path, to string) error {
	var wrong []string
	err := e.LongRead(ctx, func(r engine.Reader) (err error) {
		wrong, err = r.Integrity()
		return err
	})
	if err == nil && len(wrong) > 0 {
		return fault.New(fault.Invalid, "%s 坏了 %d 处，没有改造：%s", path, len(wrong), wrong[0]).
			WithHint("从备份里恢复一份，再来改造")
	}
	if err == nil {
		err = e.Copy(ctx, to)
	}
	return noCopy(err, path)
}

// noCopy wraps an error of the copy that is made before a migration.
func noCopy(err error, path string) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	return fault.Wrap(err, f.Code, "改造以前要先备份，没有备份成，%s 没有动：%s", path, f.Message).
		WithHint("备份放在数据库旁边，要有和它一样大的地方两份；腾出来再来")
}

// try makes the steps on a copy of the copy and verifies every chain there.
func (sh *shape) try(ctx context.Context, opts Options, copied, trial string, from int64) error {
	if err := sh.driver.Copy(ctx, copied, trial); err != nil {
		return noCopy(err, opts.Path)
	}
	e, err := sh.driver.Open(ctx, engine.Options{Path: trial, Now: opts.Now})
	if err != nil {
		return err
	}
	quiet := *sh
	quiet.reached = func(string) {}
	if err = quiet.apply(ctx, e, opts.Path, sh.after(from)); err == nil {
		db := &DB{opts: opts, engine: e, chains: newChains(opts.Keys)}
		if err = db.underKey(ctx); err == nil {
			err = db.LongRead(ctx, func(v *Snapshot) error { return v.unbroken(opts.Path) })
		}
	}
	return errors.Join(err, e.Close())
}

// unbroken refuses a database with a chain that does not hold, and says where.
func (v *Snapshot) unbroken(path string) error {
	broken, err := v.Verify()
	if err != nil || len(broken) == 0 {
		return err
	}
	b := &broken[0]
	at := EntryKindWord(b.Kind) + fmt.Sprintf("第 %d 行", b.Row)
	if b.Chain != "" && !OfTrail(b.Chain) {
		name := "组织 " + string(b.Chain)
		if org, err := v.Org(access.System("the organisation of a broken chain is named"), b.Chain); err == nil {
			name = "“" + org.Name + "”"
		}
		at = fmt.Sprintf("%s的链第 %d 环（%s）", name, b.Seq, at)
	}
	return fault.New(fault.Invalid, "%s 的链断了，没有改造：%s：%s，一共 %d 处", path, at, b.Why, len(broken)).
		WithHint("用写它的那个版本的 jifen verify 逐处查；从备份里恢复一份没有断的，再来改造")
}

// apply makes steps, each in a transaction with its version. What comes of the last must be
// the schema, or where others are still to come a database that the program can work on.
func (sh *shape) apply(ctx context.Context, e engine.Engine, path string, steps []migrations.Step) error {
	for i, s := range steps {
		sh.reached(fmt.Sprintf("step %d", s.Version))
		c := engine.Change{Script: s.Script, Application: applicationID, Version: s.Version, Oldest: sh.oldest(s.Version)}
		if i == len(steps)-1 && s.Version >= sh.lowest() {
			c.Check = func(is engine.Identity) error { return sh.matches(ctx, is, path) }
		}
		if err := e.Apply(ctx, c); err != nil {
			return fault.Wrap(err, fault.CodeOf(err), "改造 %s 的第 %04d 步（%s）没有做成，这一步以前的都在：%s",
				path, s.Version, s.Name, messageOf(err))
		}
	}
	return nil
}

func messageOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Message
	}
	return err.Error()
}

// workPrefix begins the names of the folders in which a migration works.
func workPrefix(path string) string { return filepath.Base(path) + ".migrate." }

// clearWork removes what a migration left that was killed: nobody else is at work
// on the file.
func clearWork(path string) {
	entries, _ := os.ReadDir(filepath.Dir(path)) // what cannot be listed is not removed
	for _, left := range entries {
		if left.IsDir() && strings.HasPrefix(left.Name(), workPrefix(path)) {
			_ = os.RemoveAll(filepath.Join(filepath.Dir(path), left.Name())) // tried again the next time
		}
	}
}

// workFolder makes a folder beside a database.
func workFolder(path string) (string, error) {
	clearWork(path)
	folder, err := os.MkdirTemp(filepath.Dir(path), workPrefix(path))
	if err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "%s 旁边写不了，改造以前的备份没有地方放", path).
			WithHint("看看这个文件夹能不能写")
	}
	return folder, nil
}

// keepFile moves a file that was written to its place for good: it is on the disk
// when this returns. A copy of the same day and version gives way to it.
func keepFile(from, to string) error {
	f, err := os.OpenFile(from, os.O_RDWR, 0)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(from, to)
	}
	if err == nil {
		var dir *os.File
		if dir, err = os.Open(filepath.Dir(to)); err == nil {
			_ = dir.Sync() // not every system can, and the file itself is written
			err = dir.Close()
		}
	}
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "备份放不到 %s", to)
	}
	return nil
}

// Migrated returns how the database was brought to its shape when it was opened;
// nil where it had it.
func (db *DB) Migrated() *Migration { return db.migrated }
