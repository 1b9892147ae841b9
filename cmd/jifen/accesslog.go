package main

import (
	"log/slog"
	"os"

	"jifen/internal/backup"
	"jifen/internal/fault"
	"jifen/internal/server"
)

// accessLog is a file with a line of every request: when, which row of the route table, how
// it was answered and how fast. It has no address, no login and no number of a person:
// who looked at whom stands in the trail.
type accessLog struct {
	file *os.File
	log  *slog.Logger
}

// openAccessLog opens a file to be added to, for its owner alone.
func openAccessLog(path string) (*accessLog, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600) //nolint:gosec // the path is the operator's
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "%s 写不了：%s", path, reason(err)).WithHint("写一个运行网站的用户能写的文件")
	}
	backup.Tighten(f)
	return &accessLog{f, slog.New(slog.NewTextHandler(f, nil))}, nil
}

// request adds a line.
func (l *accessLog) request(o *server.Observation) {
	route := o.Route
	if route == "" {
		route = "none"
	}
	l.log.Info("request", "id", o.ID, "route", route, "status", o.Status, "ms", o.Took.Milliseconds())
}

// Close implements io.Closer.
func (l *accessLog) Close() error { return l.file.Close() }
