package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"jifen/internal/app/audit"
	"jifen/internal/backup"
	"jifen/internal/fault"
	"jifen/internal/jobs"
	"jifen/internal/metrics"
	"jifen/internal/server"
	"jifen/internal/store"
)

// serveCommand is jifen serve.
type serveCommand struct {
	DB           string   `required:"" name:"db" placeholder:"文件" help:"数据库文件"`
	Listen       string   `default:"127.0.0.1:8080" placeholder:"地址" help:"在哪个地址上开网站"`
	BehindProxy  bool     `help:"前面有一层把 https 转过来的代理"`
	Proxy        []string `placeholder:"地址" help:"代理的地址或网段，几个用逗号隔开；不写就是本机上的"`
	InsecureHTTP bool     `name:"insecure-http" help:"不经 https 就让别的电脑访问（只在可信的内网里用）"`
	Backups      string   `placeholder:"文件夹" help:"每天备份一份到这个文件夹，放在另一个盘上"`
	Keep         int      `default:"14" placeholder:"份数" help:"备份留最近几份，1 到 1000"`
	ReadFrom     string   `placeholder:"地址" help:"PostgreSQL 的只读副本：页面、名单、导出由它回答，写和判由主库"`
	Metrics      string   `placeholder:"地址" help:"另开一个地址，把运行的数字给 Prometheus，例如 127.0.0.1:9464"`
	AccessLog    string   `placeholder:"文件" help:"每一个请求记一行到这个文件，没有姓名、没有地址"`
	Privacy      string   `placeholder:"文件" help:"“个人信息告知”一页的文字；不写是程序自带的，见 jifen privacy --help"`

	providerFlags
}

// Help shows what it does.
func (*serveCommand) Help() string {
	return `打开网站，直到按 Ctrl+C 停下。同一个数据库文件同时只能开一个；别的命令可以一起用，
要停下它才能用的，命令自己会说。

写了 --backups，每天 2 点备份成“jifen-日期.db”，逐环查过才算数；启动时当天还没有备份，马上做一份。网站照常用。
没有做成，每过一小时再试；系统管理员、街道党工委的每一页上面都会写出来，“运行状况”里有原因。
当天的根每天写进数据库旁边的“数据库文件名.roots”，备份旁边也各有一份，见 jifen verify --help。
文件夹要在另一个盘上：和数据库同一个盘，盘坏了两样都没有。只删名字正好是“jifen-日期.db”的旧备份。
密钥不会放进去，要自己另外备份，放在别处，见 jifen backup --help。

写了 --metrics，那个地址的 /metrics 印出请求、写入、备份这些运行的数字，没有姓名、没有分；不经网站的地址。
每个数字的意思和该报警的，写在 docs/operation.md。

前面有代理的写 --behind-proxy：只走 https，请求从哪里来，认代理写在 X-Forwarded-For 里的最后一个地址；代理不在这台电脑上的，
再写 --proxy 代理的地址，别的电脑写的不认。

写了 --read-from（只给 PostgreSQL），页面、名单、导出由那个副本回答；登录、权限、写入和判断一条能不能写，还是问主库。
自己刚写的马上看得到：副本最多等 0.2 秒，没有跟上就由主库回答。副本坏了、落后 30 秒以上，也由主库回答，好了自己再用。

写了 --oidc-issuer 等四样，登录页多一个“用统一认证登录”（OpenID Connect）：在那边登记的回调地址是“--public-address 的地址/login/provider/callback”。
一个人在那边是谁，由安全管理员写在他的帐号上；没有写的登录不了，也不会自己开帐号。那边坏了，用帐号和密码照常登录。

例子：
  jifen serve --db data/jifen.db
  jifen serve --db data/jifen.db --backups /backup --keep 30
  jifen serve --db data/jifen.db --metrics 127.0.0.1:9464
  jifen serve --db data/jifen.db --listen 0.0.0.0:8080 --insecure-http
  jifen serve --db data/jifen.db --listen 10.0.0.7:8080 --behind-proxy --proxy 10.0.0.5
  jifen serve --db data/jifen.db --behind-proxy --public-address https://jifen.example.cn \
    --oidc-issuer https://login.example.cn --oidc-client jifen --oidc-secret-file data/oidc.secret
  jifen serve --db postgres://jifen@db1/jifen --read-from postgres://jifen@db2/jifen
`
}

// Run serves until it is told to stop.
func (s *serveCommand) Run(c *console) error {
	if err := s.check(); err != nil {
		return err
	}
	shareCores()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	open := world()
	open.Company, open.ReadFrom = store.Host, s.ReadFrom
	h, err := openIn(ctx, open, s.DB, backup.KeyPath(s.DB), false)
	if err != nil {
		return err
	}
	sayReplica(c.err, h.db.Stats().Replica)
	err = s.over(ctx, h, c.err)
	// What stands now is written down outside the database: see jifen verify.
	if _, written := open.WriteRoot(context.WithoutCancel(ctx), h.db, s.DB); err == nil {
		err = written
	}
	return joinClose(err, h.db)
}

// leastThreads limits from below how many threads compute side by side, whatever there is of
// cores.
const leastThreads = 4

// shareCores has as many threads compute that the system shares the cores among them. Go lets
// a goroutine compute for 10 ms where others wait: on two cores, one of which hashes a
// password, whoever returned from the disk waited for that.
func shareCores() {
	if os.Getenv("GOMAXPROCS") == "" && runtime.GOMAXPROCS(0) < leastThreads {
		runtime.GOMAXPROCS(leastThreads)
	}
}

// over opens the site over a house, writes its root down every day, and keeps copies
// where that is asked for.
func (s *serveCommand) over(ctx context.Context, h *house, say io.Writer) (err error) {
	log := slog.New(slog.NewTextHandler(say, nil))
	o := backup.Options{
		World: world(), DB: h.db, Database: s.DB, More: []jobs.Job{
			quickCheckJob(h, s.DB), wholeCheckJob(h, s.DB), reviewJob(h), retentionJob(h),
		}, Program: programName(),
		Log: log,
	}
	if s.Backups != "" {
		if o.Folder, err = folderFor(s.DB, s.Backups, s.Keep); err != nil {
			return err
		}
	}
	k, err := backup.NewKeeper(o)
	if err != nil {
		return err
	}
	if err := begins(ctx, h, log); err != nil {
		return err
	}
	sayShorter(ctx, h, s.DB, log)
	h.standings.OnDamage = func(n int) {
		log.Error("存着的得分有的不是程序存的，已按记录重新算", "n", n, "hint", "用 jifen verify 查")
	}
	w := siteParts{signing: h.signing(), log: log, tls: s.BehindProxy, limits: server.StandardLimits(), keeper: k,
		later: audit.NewLater(h.db, log), replica: s.ReadFrom != ""}
	if w.proxies, err = s.proxies(); err != nil {
		return err
	}
	if w.privacy, err = privacyOf(s.Privacy); err != nil {
		return err
	}
	if w.provider, err = s.provider(); err != nil {
		return err
	}
	var numbers *metrics.Metrics
	if s.Metrics != "" {
		numbers = newMetrics(h, &w, k)
	}
	var requests *accessLog
	if s.AccessLog != "" {
		if requests, err = openAccessLog(s.AccessLog); err != nil {
			return err
		}
		defer func() { err = joinClose(err, requests) }()
	}
	w.observe = observer(numbers, requests)
	srv, err := buildServer(h, w)
	if err != nil {
		return err
	}
	return beside(ctx, k, h.db, func() error {
		end, err := s.publish(ctx, numbers, say)
		if err != nil {
			return err
		}
		defer end()
		return besideLines(ctx, w.later, func() error { return serve(ctx, srv, s.Listen, say) })
	})
}

// observer returns what takes in how requests were answered; nil where nothing does.
func observer(numbers *metrics.Metrics, requests *accessLog) func(server.Observation) {
	if numbers == nil && requests == nil {
		return nil
	}
	return func(o server.Observation) {
		if numbers != nil {
			numbers.Request(o.Route, o.Status, o.Took)
		}
		if requests != nil {
			requests.request(&o)
		}
	}
}

// besideLines writes the lines of what was looked at, a second after it at most, while work
// goes on, and at its end those that are left.
func besideLines(ctx context.Context, later *audit.Later, work func() error) error {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	var running sync.WaitGroup
	running.Go(func() { later.Run(ctx, ticker.C) })
	err := work()
	stop()
	running.Wait()
	return err
}

// begins writes into the log what somebody must see to, and refuses to begin on a database
// that cannot be read or written.
func begins(ctx context.Context, h *house, log *slog.Logger) error {
	notes, err := h.db.Ready(ctx)
	for _, note := range notes {
		log.Warn(note)
	}
	return err
}

// programName tells this program from others on its database: by the computer's name
// for whoever reads it, and by chance for programs.
func programName() string {
	host, _ := os.Hostname() // for reading only
	return host + "-" + rand.Text()[:8]
}

// wake separates two looks at what is due.
const wake = time.Minute

// look separates two looks at the replica that is read from.
const look = time.Second

// lookAtReplica looks at the replica at every tick until ctx ends.
func lookAtReplica(ctx context.Context, db *store.DB, tick <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
			db.LookAtReplica(ctx)
		}
	}
}

// sayReplica names the replica that is read from, or the reason for which it is not.
func sayReplica(say io.Writer, r store.ReplicaStats) {
	switch {
	case r.Name == "":
	case r.Why != nil:
		why := fault.From(r.Why)
		fmt.Fprintf(say, "%s。%s。\n", why.Message, why.Hint) //nolint:errcheck // nobody is left to be told
	default:
		fmt.Fprintf(say, "页面、名单、导出由副本 %s 回答。\n", r.Name) //nolint:errcheck // nobody is left to be told
	}
}

// beside keeps what is kept while work goes on. When it has ended, so has the copy
// at hand: a part of one is not left behind.
func beside(ctx context.Context, k *backup.Keeper, db *store.DB, work func() error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ticker, looks := time.NewTicker(wake), time.NewTicker(look)
	defer ticker.Stop()
	defer looks.Stop()
	var running sync.WaitGroup
	running.Go(func() { k.Runner.Run(ctx, ticker.C) })
	running.Go(func() { lookAtReplica(ctx, db, looks.C) })
	err := work()
	stop()
	running.Wait()
	return err
}

// check refuses to send passwords, and the numbers of the program, over a network in
// the clear unless told to.
func (s *serveCommand) check() error {
	here, err := loopback(s.Listen)
	if err != nil {
		return err
	}
	if !here && !s.BehindProxy && !s.InsecureHTTP {
		return misused(fault.New(fault.Invalid, "在 %s 上开网站，密码会在网上明着传", s.Listen).
			WithHint("前面加一层 https 代理并写 --behind-proxy；确在可信的内网里，写 --insecure-http"))
	}
	if _, err := s.proxies(); err != nil {
		return err
	}
	if err := s.wholeProvider(); err != nil {
		return err
	}
	if s.Metrics == "" {
		return nil
	}
	if here, err = loopback(s.Metrics); err != nil {
		return err
	}
	if !here && !s.InsecureHTTP {
		return misused(fault.New(fault.Invalid, "在 %s 上，谁都能看到运行的数字", s.Metrics).
			WithHint("写成 127.0.0.1:9464，让 Prometheus 在这台电脑上取；确在可信的内网里，写 --insecure-http"))
	}
	return nil
}

// proxies returns whose word of where a request came from is taken: nobody's without
// a proxy, that of this computer's where none is named.
func (s *serveCommand) proxies() (out []netip.Prefix, err error) {
	named := s.Proxy
	switch {
	case !s.BehindProxy && len(named) > 0:
		return nil, misused(fault.New(fault.Invalid, "写了 --proxy，没有写 --behind-proxy").WithHint("前面有代理的，两个都写"))
	case !s.BehindProxy:
		return nil, nil
	case len(named) == 0:
		named = []string{"127.0.0.0/8", "::1/128"}
	}
	for _, text := range named {
		p, err := netip.ParsePrefix(text)
		if ip, one := netip.ParseAddr(text); err != nil && one == nil {
			p, err = ip.Unmap().Prefix(ip.Unmap().BitLen())
		}
		if err != nil {
			return nil, misused(fault.Wrap(err, fault.Invalid, "“%s”不是代理的地址", text).
				WithHint("写成 10.0.0.5 或 10.0.0.0/24 这样"))
		}
		out = append(out, p)
	}
	return out, nil
}

// loopback reports whether an address is reached from this computer only.
func loopback(address string) (bool, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false, misused(fault.Wrap(err, fault.Invalid, "“%s”不是地址", address).WithHint("写成 127.0.0.1:8080 这样"))
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback(), nil
}

// Timeouts and limits of the server; nobody's slow line holds a place for ever.
const (
	readTimeout  = 30 * time.Second
	writeTimeout = 60 * time.Second
	idleTimeout  = 2 * time.Minute
	maxHeaders   = 16 << 10
	grace        = 10 * time.Second
)

// serve answers until ctx ends, then lets requests at hand finish.
func serve(ctx context.Context, handler http.Handler, address string, say io.Writer) error {
	listener, err := listenOn(ctx, address, "--listen 127.0.0.1:8081")
	if err != nil {
		return err
	}
	srv := serverOf(ctx, handler)
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

// listenOn takes an address; other is what to write where it is taken.
func listenOn(ctx context.Context, address, other string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "%s 用不了：%s", address, reason(err)).
			WithHint("换一个端口，例如 %s", other)
	}
	return listener, nil
}

func serverOf(ctx context.Context, handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: readTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaders,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
}

// joinClose closes what was opened and keeps the first thing that went wrong.
func joinClose(err error, closer io.Closer) error {
	if closed := closer.Close(); err == nil && closed != nil {
		return closed
	}
	return err
}
