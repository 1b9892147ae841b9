package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/alecthomas/kong"

	"jifen/internal/fault"
)

// The exit codes.
const (
	exitDone   = 0
	exitNo     = 1 // the answer is no
	exitUsage  = 2 // wrong usage
	exitCannot = 3 // a file that cannot be read or written

	exitBroken = 2 // of jifen doctor, as monitoring expects it: something does not work
)

// commands is the command line. Its help texts are tags, its examples the
// Help methods of the commands.
type commands struct {
	Rules struct {
		Check    checkCommand    `cmd:"" help:"检查规则文件和用例文件，一次说出全部问题"`
		Test     casesCommand    `cmd:"" help:"用写好的用例试算规则"`
		Doc      docCommand      `cmd:"" help:"把规则文件排印成办法，可以打印张贴"`
		Diff     diffCommand     `cmd:"" help:"说出两份规则文件意思上的改动"`
		Schema   schemaCommand   `cmd:"" help:"印出规则文件的 JSON Schema，给编辑器用"`
		Rehearse rehearseCommand `cmd:"" help:"在真实的记录上预演：谁的分会变，是哪一条使它变的"`
		Enact    enactCommand    `cmd:"" help:"在数据库里启用一份规则文件"`
	} `cmd:"" help:"检查、试算、排印、比较、启用规则文件"`
	Score  scoreCommand `cmd:"" help:"按一份规则和几张表算分、排名、预警"`
	Demo   demoCommand  `cmd:"" help:"造一条街道的演示数据，人和事都是编的"`
	Init   initCommand  `cmd:"" help:"真正启用：建数据库、街道和管理员帐号"`
	Serve  serveCommand `cmd:"" help:"打开网站"`
	Import struct {
		Members membersCommand `cmd:"" help:"导入党员名册，先预览再写入"`
		Entries entriesCommand `cmd:"" help:"导入纸质台账的记录，先预览再写入"`

		Attendance attendanceCommand `cmd:"" help:"导入纸质的签到表，先预览再写入"`
	} `cmd:"" help:"导入"`
	Export struct {
		Ranking rankingCommand  `cmd:"" help:"把排名导出成 Excel 表"`
		Members registerCommand `cmd:"" help:"把名册连同办法里的属性导出成 Excel 表"`
		Table   tableCommand    `cmd:"" help:"把记录、出勤、申报、得分、明细、预警导出成 Excel 表或 CSV"`
		Form    formCommand     `cmd:"" help:"照上级的表样填好"`
	} `cmd:"" help:"导出"`
	Period struct {
		Lock lockCommand `cmd:"" help:"锁定一期，不能再记"`
		Open openCommand `cmd:"" help:"重开锁定的一期"`
	} `cmd:"" help:"锁定、重开考核期"`
	User struct {
		Add   addCommand   `cmd:"" help:"开帐号，印出激活条"`
		Token tokenCommand `cmd:"" help:"给程序发凭证"`

		Tokens      tokensCommand      `cmd:"" help:"列出一个帐号的凭证"`
		RevokeToken revokeTokenCommand `cmd:"" help:"作废一个凭证"`
		List        accountsCommand    `cmd:"" help:"列出帐号：谁用、什么角色"`
		Holder      holderCommand      `cmd:"" help:"写明一个帐号由哪名党员用，或者不是党员"`
		Identity    identityCommand    `cmd:"" help:"写明一个帐号的本人在统一认证那里是谁"`
		Unlock      unlockCommand      `cmd:"" help:"密码连错要等的，让他不用再等"`
		Reset       resetCommand       `cmd:"" help:"重发激活条，旧密码作废"`

		Role struct {
			Add giveCommand `cmd:"" help:"给帐号加一个角色"`
			End endCommand  `cmd:"" help:"收回帐号的一个角色"`

			Waiting waitingCommand `cmd:"" help:"列出等另一个人同意的角色"`
			Agree   agreeCommand   `cmd:"" help:"同意别人提出的角色"`
			Refuse  refuseCommand  `cmd:"" help:"不同意别人提出的角色，或撤回自己提出的"`
		} `cmd:"" help:"给角色、收回角色"`
	} `cmd:"" help:"帐号、角色和凭证"`
	Settings struct {
		Show settingsCommand `cmd:"" help:"列出登录设置：多久退出、密码多长、多久要换"`
		Set  setCommand      `cmd:"" help:"改登录设置，马上生效"`
	} `cmd:"" help:"登录设置"`
	Org struct {
		List listCommand  `cmd:"" help:"列出街道、社区、支部"`
		Add  foundCommand `cmd:"" help:"设一个新的社区或支部"`

		Rename renameCommand    `cmd:"" help:"组织更名"`
		Close  closeOrgCommand  `cmd:"" help:"撤销一个组织"`
		Reopen reopenOrgCommand `cmd:"" help:"恢复撤销的组织"`
		Others othersCommand    `cmd:"" help:"别处改了支部登记的：撤销、更正、退回"`
	} `cmd:"" help:"街道、社区、支部"`
	Member struct {
		Fact   factCommand         `cmd:"" help:"登记一名党员的情况，从一天起"`
		Exempt exemptCommand       `cmd:"" help:"登记豁免，或结束豁免"`
		Move   moveCommand         `cmd:"" help:"转接组织关系到另一个支部"`
		Leave  leaveCommand        `cmd:"" help:"登记转出本街道"`
		Tie    tieCommand          `cmd:"" help:"登记在别的支部参加活动，或不再参加"`
		Texts  textsCommand        `cmd:"" help:"列出写过的和一名党员有关的话"`
		Erase  eraseCommand        `cmd:"" help:"删除写过的话，写明理由；记录照旧"`
		Forget erasePersonCommand  `cmd:"" help:"删除一个走了的人的个人信息，写明理由；分和记录照旧"`
		Undo   undoCommand         `cmd:"" help:"撤销登记过的一条，写明理由；那一条划掉留着"`
		Rename renamePersonCommand `cmd:"" help:"更正姓名，或登记改了名；从前的查得到"`
		Show   showCommand         `cmd:"" help:"一名党员登记过什么，谁什么时候登记的"`
	} `cmd:"" help:"登记一名党员的变动，看登记过什么"`
	Backup  backupCommand  `cmd:"" help:"备份数据库，网站开着也行；查过才算数"`
	Restore restoreCommand `cmd:"" help:"从备份恢复成一个新的数据库"`
	Daily   dailyCommand   `cmd:"" help:"给定时任务用：每天备份一份，留最近几份"`
	Copy    copyCommand    `cmd:"" help:"把数据库从文件抄到 PostgreSQL，或者抄回文件"`
	Key     struct {
		Rotate rotateCommand `cmd:"" help:"换一把密钥：以后的记录用新的封存，号码重新加密"`

		RotateSign rotateSigningCommand `cmd:"" help:"换一把签名的钥匙：以后的根用新的签，以前的照旧查得出"`
	} `cmd:"" help:"数据库的密钥"`
	Trail struct {
		Months monthsCommand `cmd:"" help:"列出审计的每个月：几行，可不可以清理"`
		Drop   dropCommand   `cmd:"" help:"清理满六个月的一个月，两个人办"`

		Export trailExportCommand `cmd:"" help:"把审计的一段导出成 Excel 表"`
	} `cmd:"" help:"审计"`
	Verify  verifyCommand  `cmd:"" help:"查数据库有没有被改过"`
	Doctor  doctorCommand  `cmd:"" help:"看运行的情况：密钥、时钟、磁盘、备份，每一样怎么办"`
	Migrate migrateCommand `cmd:"" help:"把旧结构的数据库改造成现在的，先试后做"`
	Routes  routesCommand  `cmd:"" help:"列出网站的每个地址和要什么权限"`
	Privacy privacyCommand `cmd:"" help:"印出“个人信息告知”一页的文字，照着改成本单位的"`
	Version versionCommand `cmd:"" help:"显示版本"`
}

// console holds what a command writes to, and asks.
type console struct {
	out     io.Writer // results
	err     io.Writer // complaints
	secret  secrets
	command string // that runs, as the trail names it: "jifen member show"
}

// secrets returns a secret that is to prove that somebody acts with an account: what a
// file holds, or for "" what he types.
type secrets func(ctx context.Context, h *house, login, file string) (string, error)

// errReported ends a command whose answer is no and has been said in full.
var errReported = errors.New("the answer is no")

// usageError is wrong usage: what is wrong and what to write instead.
type usageError struct{ fault *fault.Error }

// Error returns what is wrong and what to write instead.
func (e usageError) Error() string { return e.fault.Error() }

// misused makes an error out of a value that does not fit its flag.
func misused(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return usageError{f}
	}
	return usageError{fault.Wrap(err, fault.Invalid, "命令写得不对")}
}

// run runs one command line, the program's name not included, and returns the
// exit code.
func run(args []string, stdout, stderr io.Writer, secret secrets) int {
	out := bufio.NewWriterSize(stdout, 1<<16)
	err := dispatch(args, &console{out: out, err: stderr, secret: secret})
	if flushed := out.Flush(); flushed != nil {
		if !errors.Is(flushed, syscall.EPIPE) { // whoever closed the pipe has seen enough
			say(stderr, fault.New(fault.Unavailable, "结果写不出去：%s", reason(flushed)))
		}
		return exitCannot
	}
	if err == nil {
		return exitDone
	}
	var usage usageError
	switch {
	case errors.Is(err, errReported):
		return exitNo
	case errors.Is(err, errBroken):
		return exitBroken
	case errors.As(err, &usage):
		say(stderr, usage.fault)
		return exitUsage
	}
	say(stderr, err)
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.NotFound, fault.TooMany:
		return exitNo
	default:
		return exitCannot
	}
}

// dispatch parses a command line and runs what it asks for.
func dispatch(args []string, c *console) error {
	if len(args) == 0 || args[0] == "help" {
		args = append(args[min(1, len(args)):len(args):len(args)], "--help")
	}
	var grammar commands
	helped := false
	parser, err := kong.New(&grammar, kong.Name("jifen"), kong.Writers(c.out, c.err), kong.Help(printHelp),
		kong.Exit(func(int) { helped = true }),
		kong.PostBuild(func(k *kong.Kong) error {
			k.Model.HelpFlag.Help = "显示这份说明"
			return nil
		}))
	if err != nil {
		return fault.Wrap(err, fault.Internal, "命令行的定义有错：%v", err)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return nil
	}
	var refused *kong.ParseError
	if errors.As(err, &refused) {
		return misuse(refused)
	}
	if err != nil {
		return misused(err)
	}
	c.command = parsed.Selected().FullPath()
	return parsed.Run(c)
}

// say writes an error for a person.
func say(w io.Writer, err error) {
	var f *fault.Error
	if !errors.As(err, &f) {
		f = fault.Wrap(err, fault.Internal, "程序出错：%v", err)
	}
	text := "错误：" + f.Message + "\n"
	if f.Hint != "" {
		text += "  改法：" + f.Hint + "\n"
	}
	_, _ = fmt.Fprint(w, text) // nobody is left to be told that the complaint could not be made
}
