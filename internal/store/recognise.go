package store

import (
	"context"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
	"jifen/internal/store/migrations"
)

// oldest returns the oldest version whose program may work on a database of a version:
// that of the last step that contracts.
func (sh *shape) oldest(version int64) int64 {
	out := int64(migrations.Baseline)
	for _, s := range sh.steps {
		if s.Contracts && s.Version <= version {
			out = s.Version
		}
	}
	return out
}

// lowest returns the version from which on a database has all that the program works with:
// steps that contract and come last only take away.
func (sh *shape) lowest() int64 {
	out := sh.version
	for i := len(sh.steps) - 1; i >= 0 && sh.steps[i].Contracts; i-- {
		out--
	}
	return out
}

// fresh makes an empty database one of the shape.
func (sh *shape) fresh() engine.Change {
	return engine.Change{Script: sh.schema, Application: applicationID, Version: sh.version, Oldest: sh.oldest(sh.version)}
}

// recognise refuses a database that is not ours, of a newer program beside which this one
// cannot work, or not of the shape that its version says.
func (sh *shape) recognise(ctx context.Context, is engine.Identity, path string) error {
	switch {
	case is.Application == unreleasedID:
		return fault.New(fault.Invalid, "%s 是正式版以前的 jifen 建的库，结构和现在的不同，不能直接用", path).
			WithHint("用建它的那个旧程序导出名册和台账，再用 jifen init 建新库，用 jifen import 导入；这个文件留着")
	case is.Application != applicationID:
		return fault.New(fault.Invalid, "%s 不是 jifen 的数据库", path).WithHint("换一个文件名，或用 jifen demo 另建一个")
	case is.Version > sh.version && is.Oldest > sh.version:
		return fault.New(fault.Invalid, "%s 已经由更新版本的 jifen 改造（结构 %d），结构 %d 以前的程序不能再用；本程序是结构 %d 的",
			path, is.Version, is.Oldest, sh.version).WithHint("换用新版本的程序；别处还开着的旧程序也要换")
	case is.Version < migrations.Baseline:
		return fault.New(fault.Invalid, "%s 写的结构是 %d，没有这样的版本", path, is.Version).WithHint("从备份里恢复一份")
	case is.Version >= sh.lowest():
		return sh.matches(ctx, is, path)
	}
	return nil
}

// matches refuses a database whose catalogue is not that of the schema, or of another
// version one that lacks what the program works with.
func (sh *shape) matches(ctx context.Context, is engine.Identity, path string) error {
	want, err := sh.driver.Catalogue(ctx, sh.schema)
	if err != nil {
		return err
	}
	if is.Version == sh.version {
		if line := want.Same(is.Catalogue); line != "" {
			return fault.New(fault.Invalid, "%s 的结构和版本 %d 的不一样：被别的程序改过（%s）", path, is.Version, line).
				WithHint("从备份里恢复一份；没有备份，就留好这个文件，请程序的维护者看")
		}
		return nil
	}
	if line := want.Obstacle(is.Catalogue); line != "" {
		return fault.New(fault.Invalid, "%s 是结构 %d 的，本程序是结构 %d 的，两个合不来：%s", path, is.Version, sh.version, line).
			WithHint("换用新版本的程序；新版本也不认的，请程序的维护者看")
	}
	return nil
}

// newer refuses to change a database of a newer program, beside which this one may work.
func (sh *shape) newer(is engine.Identity, path string) error {
	if is.Version <= sh.version {
		return nil
	}
	return fault.New(fault.Invalid, "%s 是更新版本的 jifen 改造过的（结构 %d），本程序（结构 %d）能在上面记，不能改造、授权、抄走", path,
		is.Version, sh.version).WithHint("用新版本的程序来做")
}
