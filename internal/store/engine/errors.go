package engine

import (
	"context"
	"database/sql"
	"errors"

	"jifen/internal/fault"
)

// Class is the meaning of an error of a database to who asked.
type Class int

// The classes of errors.
const (
	Unforeseen Class = iota
	Duplicate        // something of that kind is there already
	Busy             // somebody else holds it, or the question was given up
	Full             // no room left
	Broken           // the disk, or what is on it, is not to be trusted
)

// ErrBroken is in every fault of class Broken.
var ErrBroken = errors.New("what is on the disk cannot be trusted")

// Fault gives an error of a database its code and its sentence, by its class: no
// row is not_found, a duplicate conflict, a full, broken or busy database
// unavailable, everything unforeseen internal. Faults pass as they are.
func Fault(err error, classify func(error) Class) error {
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
	switch classify(err) {
	case Duplicate:
		return fault.Wrap(err, fault.Conflict, "已经有了，不能重复")
	case Busy:
		return fault.Wrap(err, fault.Unavailable, "数据库正忙").WithHint("过一会儿再试")
	case Full:
		return fault.Wrap(err, fault.Unavailable, "磁盘满了，没有写入").WithHint("请系统管理员腾出空间")
	case Broken:
		return fault.Wrap(errors.Join(ErrBroken, err), fault.Unavailable, "磁盘出错，没有写入").WithHint("请系统管理员查看")
	default:
		return fault.Wrap(err, fault.Internal, "程序出错，没有写入")
	}
}
