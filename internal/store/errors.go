package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/mattn/go-sqlite3"

	"jifen/internal/fault"
)

// mapError gives an error of the database its code: no row is not_found, a
// broken uniqueness conflict, other constraints and everything unforeseen
// internal, a full or busy disk unavailable. Faults pass as they are.
func mapError(err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Wrap(err, fault.NotFound, "没有找到")
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.Wrap(err, fault.Unavailable, "没有完成：请求已中断或超时").WithHint("再试一次")
	}
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return fault.Wrap(err, fault.Internal, "程序出错")
	}
	switch e.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
		return fault.Wrap(err, fault.Conflict, "已经有了，不能重复")
	}
	switch e.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrInterrupt:
		return fault.Wrap(err, fault.Unavailable, "数据库正忙").WithHint("过一会儿再试")
	case sqlite3.ErrFull:
		return fault.Wrap(err, fault.Unavailable, "磁盘满了，没有写入").WithHint("请系统管理员腾出空间")
	case sqlite3.ErrIoErr, sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrReadonly:
		return fault.Wrap(err, fault.Unavailable, "磁盘出错，没有写入").WithHint("请系统管理员查看")
	}
	return fault.Wrap(err, fault.Internal, "程序出错，没有写入")
}
