package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"jifen/internal/fault"
)

// serveCommand is jifen serve.
type serveCommand struct {
	DB           string `required:"" name:"db" placeholder:"文件" help:"数据库文件"`
	Listen       string `default:"127.0.0.1:8080" placeholder:"地址" help:"在哪个地址上开网站"`
	BehindProxy  bool   `help:"前面有一层把 https 转过来的代理"`
	InsecureHTTP bool   `name:"insecure-http" help:"不经 https 就让别的电脑访问（只在可信的内网里用）"`
}

// Help says what it does.
func (*serveCommand) Help() string {
	return `打开网站，直到按 Ctrl+C 停下。同一个数据库文件同时只能开一个。

例子：
  jifen serve --db data/jifen.db
  jifen serve --db data/jifen.db --listen 0.0.0.0:8080 --insecure-http
`
}

// Run serves until it is told to stop.
func (s *serveCommand) Run(c *console) error {
	if err := s.check(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	h, err := openHouse(ctx, s.DB, false)
	if err != nil {
		return err
	}
	srv, err := buildServer(h, c.err, s.BehindProxy)
	if err != nil {
		return joinClose(err, h.db)
	}
	err = serve(ctx, srv, s.Listen, c.err)
	// What stands now is written down outside the database: see jifen verify.
	if _, written := writeRoot(context.WithoutCancel(ctx), h, rootsPath(s.DB)); err == nil {
		err = written
	}
	return joinClose(err, h.db)
}

// check refuses to send passwords over a network in the clear unless told to.
func (s *serveCommand) check() error {
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return misused(fault.Wrap(err, fault.Invalid, "“%s”不是地址", s.Listen).WithHint("写成 127.0.0.1:8080 这样"))
	}
	ip := net.ParseIP(host)
	if (host == "localhost" || ip != nil && ip.IsLoopback()) || s.BehindProxy || s.InsecureHTTP {
		return nil
	}
	return misused(fault.New(fault.Invalid, "在 %s 上开网站，密码会在网上明着传", s.Listen).
		WithHint("前面加一层 https 代理并写 --behind-proxy；确在可信的内网里，写 --insecure-http"))
}

// Timeouts of the server; nobody's slow line holds a place for ever.
const (
	readTimeout  = 30 * time.Second
	writeTimeout = 60 * time.Second
	idleTimeout  = 2 * time.Minute
	grace        = 10 * time.Second
)

// serve answers until ctx ends, then lets requests at hand finish.
func serve(ctx context.Context, handler http.Handler, address string, say io.Writer) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "%s 用不了：%s", address, reason(err)).WithHint("换一个端口，例如 --listen 127.0.0.1:8081")
	}
	srv := &http.Server{
		Handler: handler, ReadHeaderTimeout: readTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	fmt.Fprintf(say, "网站开在 http://%s ，按 Ctrl+C 停下。\n", listener.Addr()) //nolint:errcheck // nobody is left to be told
	done := make(chan error, 1)
	go func() { done <- srv.Serve(listener) }()
	select {
	case err := <-done:
		return fault.Wrap(err, fault.Unavailable, "网站停了：%v", err)
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := srv.Shutdown(ending); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fault.Wrap(err, fault.Unavailable, "没有好好停下：%v", err)
	}
	return nil
}

// joinClose closes what was opened and keeps the first thing that went wrong.
func joinClose(err error, closer io.Closer) error {
	if closed := closer.Close(); err == nil && closed != nil {
		return closed
	}
	return err
}
