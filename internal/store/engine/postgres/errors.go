package postgres

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// SQLSTATE codes (PostgreSQL, Appendix A) that mean something to us. Of a class only
// the first two letters are given.
const (
	uniqueViolation      = "23505"
	exclusionViolation   = "23P01"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	lockNotAvailable     = "55P03"
	readOnlyTransaction  = "25006"
	queryCanceled        = "57014"
	tooManyConnections   = "53300"
	diskFull             = "53100"
	outOfMemory          = "53200"
	insufficientRights   = "42501"
	wrongPassword        = "28P01"
	notAuthorised        = "28000"
	noSuchDatabase       = "3D000"
	shuttingDown         = "57P"
	connectionTrouble    = "08"
	wrongData            = "XX"
)

// codeOf returns the SQLSTATE of an error, "" if the server did not make it.
func codeOf(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// mapError makes the fault of an error of PostgreSQL.
func mapError(err error) error {
	var known *fault.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	code := codeOf(err)
	switch code {
	case readOnlyTransaction:
		return readOnly(err)
	case tooManyConnections:
		return fault.Wrap(err, fault.Unavailable, "数据库的连接用完了，没有做成").
			WithHint("请系统管理员调大 max_connections，或在前面放 pgbouncer")
	case wrongPassword, notAuthorised:
		return fault.Wrap(err, fault.Unavailable, "数据库不认程序的用户名或密码").
			WithHint("看看地址里的用户和密码，和数据库的 pg_hba.conf")
	case noSuchDatabase:
		return fault.Wrap(err, fault.Unavailable, "数据库服务器上没有地址里写的那个数据库").
			WithHint("看看地址；还没有建的，请数据库的管理员先建一个空的")
	case insufficientRights:
		return fault.Wrap(err, fault.Unavailable, "数据库不许程序的用户这样做").
			WithHint("请系统管理员按 docs/city.md 的“权限”一节授权")
	}
	switch {
	case lost(err):
		return gone(err)
	case code != "" && classify(err) == engine.Unforeseen:
		return fault.Wrap(err, fault.Internal, "数据库报错（代码 %s），没有做成", code).
			WithHint("请把这句话和请求编号告诉系统管理员")
	}
	return engine.Fault(err, classify)
}

// gone says that the server cannot be reached.
func gone(err error) error {
	return fault.Wrap(err, fault.Unavailable, "连不上数据库，没有做成").WithHint("过一会儿再试；一直这样请找系统管理员")
}

// readOnly says that the server is a standby, or is told to write nothing.
func readOnly(err error) error {
	const words = "数据库现在只能读，没有写入"
	if err == nil {
		return fault.New(fault.Unavailable, words).WithHint("主备正在切换的话，过一会儿再试")
	}
	return fault.Wrap(err, fault.Unavailable, words).WithHint("主备正在切换的话，过一会儿再试")
}

// lost reports whether the connection is gone with what was asked on it.
func lost(err error) bool {
	if err == nil {
		return false
	}
	if code := codeOf(err); code != "" {
		return strings.HasPrefix(code, shuttingDown) || strings.HasPrefix(code, connectionTrouble)
	}
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) {
		return true
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false // whoever asked has given it up
	}
	var network net.Error
	return errors.As(err, &network) && !network.Timeout() || brokenStream(err)
}

// again reports whether a transaction failed only because of others, so that the
// whole of it may be run again.
func again(err error) bool {
	code := codeOf(err)
	return code == serializationFailure || code == deadlockDetected || errors.Is(err, engine.ErrRace)
}

// classify returns the meaning of an error of PostgreSQL.
func classify(err error) engine.Class {
	switch code := codeOf(err); {
	case code == uniqueViolation, code == exclusionViolation:
		return engine.Duplicate
	case code == serializationFailure, code == deadlockDetected, code == lockNotAvailable, code == queryCanceled:
		return engine.Busy
	case code == diskFull, code == outOfMemory:
		return engine.Full
	case strings.HasPrefix(code, wrongData):
		return engine.Broken
	}
	return engine.Unforeseen
}
