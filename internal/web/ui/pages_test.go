package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"jifen/internal/fault"
	"jifen/internal/testkit/expect"
	assets "jifen/web"
)

// built returns a manifest such as the build writes.
func built() assets.Manifest {
	return assets.Manifest{assets.Style: "app-0123456789.css", assets.Script: "app-9876543210.js"}
}

func pages(t *testing.T) *Pages {
	t.Helper()
	p, err := New(assets.Templates(), built())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rendered renders a view and fails unless it is whole.
func rendered(t *testing.T, p *Pages, v View) string {
	t.Helper()
	var b strings.Builder
	if err := p.Render(&b, v); err != nil {
		t.Fatalf("%T: %v (%v)", v, err, err.(interface{ Unwrap() error }).Unwrap())
	}
	text := b.String()
	if !strings.HasSuffix(strings.TrimSpace(text), "</html>") {
		t.Fatalf("%T breaks off: …%s", v, text[max(0, len(text)-200):])
	}
	return text
}

func TestSamplesShowWhatTheyHold(t *testing.T) {
	t.Parallel()
	p := pages(t)
	want := map[string][]string{
		"login": {"过 4 秒再试", "连错 5 次", "最长 15 分钟", `value="shili"`, "大字版"},
		"me": {"96.5", "暂评", "还差 <strong>8.5</strong> 分（105 分起）", "2 人并列", "〔第六条〕", "不计的记录", "还没到下一档", "就业",
			"支部书记会在 <span class=\"day\">2026-10-07</span> 前", "基础 68 &#43; 评议 18.5 &#43; 贡献 10 = 总分 96.5",
			`href="/me/records/entry.11"><span class="line-day">2026-03-12</span> 缺席组织生活</a>`, `href="/me/records/entry.7"`,
			"撤销过的", `href="/me/records/entry.25"`, "记到了别人名下", "只列出最近撤销的 50 条"},
		"branches/branch": {"42 人，&#43;84 分", `action="/activities/88/undo"`, "谈话提醒", "2026-07-15", "已过期", "2026年第2季度",
			"连续 4 个月", "不计分：豁免：不参加积分", "并列", `class="own"`, "标杆"},
		"members/member": {`href="/entries/23/reverse"`, `href="/entries/new?branch=3&amp;member=P0023"`, "出生日期",
			"1961-05-01", `href="/members/P0023/links"`, `href="/members/P0023/records/entry.12"`},
		"members/links": {`href="/members/P0023"`, "有 2 条和封存时不一样", "只列出最近记下的 200 条", "志愿服务，2026-03-01", "示例街第一党支部 第 12 环",
			"0a1b2c3d4e5f", "相符", "这一行被改过", "不在链上", "程序", `href="/members/P0023/records/entry.12"><strong>记录</strong>`,
			`href="/members/P0023/records/activity.88"`, "<td><strong>情况</strong>"},
		"members/record": {`href="/members/P0023"`, "有 2 处和封存时不一样", "已撤销，不计分", "2026年 表彰", "级别 国家", "〔<a href=\"/rules?on=",
			`href="/entries/31/reverse"`, `href="/activities/88"`, `href="/members/P0023/records/entry.29"`,
			"支部委员会退回（赵示例，2026-09-03 09:00）", "证书没有交来看", "示例街第一党支部 第 13 环，指纹 <span class=\"day\">0a1b2c3d4e5f</span>，和封存时一样",
			"现在算这一条", "写的话被改过", "不在链上", "现在等社区党委同意"},
		"members/texts": {`href="/members/P0023/changes"`, `name="text" value="31" checked`, "删除第 31 号", "到会的人共用",
			"已按“本人要求”删除（2026-09-01）", "没有说删哪一段", `value="本人要求"`},
		"members/erase": {`href="/members/P0023/texts"`, "姓名 2 处", "写过的话 7 段", "有别人的姓名里也有这个姓名", `value="P0032"`,
			"照着写 P0023"},
		"branches/activity": {`name="status.P1" value="到会" checked`, `name="status.P8" value="缺席" checked`,
			`data-find="lsl lvsl lusl"`, `data-count="到会">40<`, `min="2026-08-29"`},
		"activities/activity": {"&#43;84 分，其中 2 人待确认</strong>", "别的支部的，分记在那边", `action="/activities/88/undo"`, "撤销整场", "待确认",
			"第 1 次"},
		"entries/new": {`name="field.媒体报道" value="是" checked`, "1 至 20 分", "分值要在 1 至 20 之间", "“时长”写了“八”，不是数",
			`hx-get="/entries/new"`},
		"entries/preview": {"91.5 → 96.5", "本来是 &#43;9", "只余 5 分", `name="field.金额" value="1200"`, `value="save"`,
			`value="edit"`},
		"branches/preview": {"3 人，总分合计加 4.5 分；另有 1 人要别人同意后才计分", "80.0 → 80.5", "本来是 &#43;2", "多出的 1.5 分不计",
			"合格 → <strong>优秀</strong>", "要等支部委员会同意", "这一天已经记过 1 笔同样的", "第九条（一）", ">时长 20小时。</span>", "“时长”写了“很久”，不是数",
			`name="cell.0.P1" value="20"`, `value="save"`, `value="edit"`},
		"entries/reverse": {"写清楚为什么撤销", `action="/entries/23/reverse"`, "撤销后总分 <strong>91.5</strong>"},
		"claims": {`name="claim" value="31.1" checked`, "等社区党委同意", "写清楚为什么退回", "等别人定的", "后面还有 7 条", "您报的",
			"证书看不清", `action="/claims/33/withdraw"`},
		"members/changes":  {"示例街楼宇网络党支部", `value="end-secondary"`, `name="branch" value="9"`, `value="secondary"`},
		"members/handover": {"示例街第二党支部", "总分 <strong>96.5</strong>", "等支部委员会同意", "转入支部（签字）"},
		"orgs":             {`href="/orgs/3"`, "还没有人管", "赵示例", "2026-05-01</span> 撤销"},
		"orgs/org": {`action="/orgs/2"`, "示例村 → 示例街社区", "设一个支部", `value="rename"`, `value="close"`,
			`<option value="两新" selected>`},
		"me/claims": {`href="/me/claims/new?follows=29"`, `action="/me/claims/31/withdraw"`,
			`action="/me/drafts/3/drop"`, "证书没有交来看", "退回", "草稿"},
		"branches": {`name="branch" value="3"`, "没有记过", "1 条过期", "553", "迟了", "已锁定"},
		"ranking":  {"并列", "60 分以下", "升 3 名", "降 1 名", "新上榜", "/ranking/export", "都相同的并列"},
		"trail": {"/trail?before=1180", "查看个人明细", "程序", "10.0.0.7", "没有权限",
			`href="/trail/export?`, `<option value="refused">被拒绝的`},
		"exports":  {`name="table" value="statements"`, `action="/exports/file"`, "Excel 表格", "存成 CSV", "示例街社区"},
		"me/looks": {"支部书记", `<td class="num">2</td>`},
		"accounts": {"连错密码，登录要等到 19:30:05", "已停用", "没有角色", "换一个帐号名",
			`<strong>数据库备份没有做成。</strong> <a href="/health">看原因和办法</a>`},
		"accounts/account": {`action="/accounts/2/close"`, `action="/accounts/2/password"`, `action="/accounts/2/roles"`},
		"token": {"jf_abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst", "只显示这一次", "支部书记，只看",
			`href="/account"`},
		"accounts/slip": {"abcd-efgh-jkmn-pqrs", "只显示这一次", "2026-10-28 前有效", "https://jifen.example/activate"},
		"health":        {"有 1 项要处理", "程序每过一小时再试一次", "<strong>数据库备份没有做成。</strong></p>"},
		"problem":       {"没有这名党员", "01J8Z3", "没有找到"},
	}
	for _, v := range written() {
		text := rendered(t, p, v)
		for _, w := range append(want[v.Template()], "<title>"+v.Title(), `<html lang="zh-CN"`, "app-0123456789.css",
			"app-9876543210.js") {
			if !strings.Contains(text, w) {
				t.Errorf("%s does not show %q", v.Template(), w)
			}
		}
		delete(want, v.Template())
	}
	for name := range want {
		t.Errorf("no sample of %s", name)
	}
}

// TestAMembersOwnFormIsAClaim: the same form, sent elsewhere, that can be put
// aside and says why the last one came back.
func TestAMembersOwnFormIsAClaim(t *testing.T) {
	t.Parallel()
	text := rendered(t, pages(t), sampleOwnEntry())
	for _, w := range []string{`action="/me/claims"`, `name="follows" value="29"`, `name="draft" value="3"`, "证书没有交来看",
		`value="draft"`, `hx-get="/me/claims/new"`} {
		if !strings.Contains(text, w) {
			t.Errorf("it does not show %q", w)
		}
	}
	if strings.Contains(text, `name="member"`) {
		t.Error("it asks for the member")
	}
}

// TestEmptyListsSayThatTheyAreEmpty renders every view with nothing in it: a view that
// lists something has a sentence for nothing, of the class empty, or the one named here.
func TestEmptyListsSayThatTheyAreEmpty(t *testing.T) {
	t.Parallel()
	p := pages(t)
	want := map[string]string{
		"me": "没有总分", "me/looks": "还没有别人看过",
		"branches/branch": "还没有党员", "members/member": "还没有登记", "branches/activity": "还没有党员",
		"activities/activity": "没有记出勤", "entries/new": "没有可以记的党员", "claims": "没有待您确认的", "me/claims": "还没有申报过",
		"branches": "这里没有支部",
		"ranking":  "还没有可以排的", "trail": "没有符合的", "accounts": "没有符合的帐号", "health": "还没有检查过", "rules/rules": "还没有启用的办法",
		"rules/drafts": "没有草案", "members/changes": "还没有登记过", "branches/entries": "没有填的人不记", "members/links": "还没有封存的记录",
		"branches/preview": "没有一行能记",
		"members/handover": "没有登记过情况", "orgs": "这里没有组织", "orgs/org": "没有更过名", "members/record": "没有记下经过",
		"members/texts": "没有写过什么话", "exports": "没有可以导出的表",
	}
	for _, name := range []string{ // these list nothing
		"login", "entries/preview", "entries/reverse", "accounts/account", "account", "accounts/slip",
		"problem", "rules/draft", "members/erase", "question",
	} {
		want[name] = ""
	}
	for _, v := range views() {
		words, known := want[v.Template()]
		if !known && lists(reflect.TypeOf(v)) {
			words = `class="empty"`
		}
		if text := rendered(t, p, v); !strings.Contains(text, words) {
			t.Errorf("%s.html, of a view with nothing in it, does not say %q", v.Template(), words)
		}
	}
}

// lists reports whether a view has a list of something that is no choice of a form.
func lists(view reflect.Type) bool {
	for i := range view.NumField() {
		of := view.Field(i).Type
		if of.Kind() == reflect.Slice && of.Elem() != reflect.TypeFor[Option]() {
			return true
		}
	}
	return false
}

// TestHostileWordsStayWords puts a script, quotes, a long name and rare
// characters into every text of every view.
func TestHostileWordsStayWords(t *testing.T) {
	t.Parallel()
	p := pages(t)
	evils := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `javascript:alert(1)`,
		"</textarea></title></select>", strings.Repeat("示", 200), "䶮㛃", "{{.}}", "\u202e\u0000\xff",
	}
	for _, evil := range evils {
		for _, sample := range samples() {
			v := spoilt(sample, evil)
			text := rendered(t, p, v)
			for _, bad := range []string{"<script>", "<img", "onerror=alert(1)>", `' onmouseover`, `href="javascript:`,
				`action="javascript:`, "</textarea></title>"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s lets %q through as %s", v.Template(), evil, bad)
				}
			}
			inspect(t, v.Template(), text)
		}
	}
	if text := rendered(t, p, spoilt(sampleBranch(), "䶮㛃")); !strings.Contains(text, "䶮㛃") {
		t.Error("rare characters are lost")
	}
}

// spoilt returns a copy of a view in which every text is evil.
func spoilt(v View, evil string) View {
	out := reflect.New(reflect.TypeOf(v)).Elem()
	out.Set(reflect.ValueOf(v))
	spoil(out, evil)
	return out.Interface().(View)
}

func spoil(v reflect.Value, evil string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(evil)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name == "Anchor" { // evil, and still told apart
				v.Field(i).SetString(evil + v.Field(i).String())
				continue
			}
			spoil(v.Field(i), evil)
		}
	case reflect.Slice:
		fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len()) // samples may share what they hold
		reflect.Copy(fresh, v)
		v.Set(fresh)
		for i := range v.Len() {
			spoil(v.Index(i), evil)
		}
	case reflect.Map:
		fresh := reflect.MakeMap(v.Type())
		for _, k := range v.MapKeys() {
			fresh.SetMapIndex(k, reflect.ValueOf(evil))
		}
		v.Set(fresh)
	case reflect.Pointer:
		if !v.IsNil() {
			fresh := reflect.New(v.Type().Elem())
			fresh.Elem().Set(v.Elem())
			spoil(fresh.Elem(), evil)
			v.Set(fresh)
		}
	default:
	}
}

// TestViewsAndTemplatesPair looks for views without a template, templates
// without a view, and views that New was not told of.
func TestViewsAndTemplatesPair(t *testing.T) {
	t.Parallel()
	var listed, named []string
	for _, v := range views() {
		listed = append(listed, reflect.TypeOf(v).Name())
		named = append(named, v.Template()+".html")
	}
	slices.Sort(listed)
	if found := embedders(t); !slices.Equal(found, listed) {
		t.Errorf("structs with a Frame that no list of views() has: %q; listed twice or without a Frame: %q",
			lacking(found, listed), lacking(listed, found))
	}
	var files []string
	err := fs.WalkDir(assets.Templates(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && name != "layout.html" && !strings.HasPrefix(name, "parts/") {
			files = append(files, name)
		}
		return err
	})
	slices.Sort(named)
	slices.Sort(files)
	if err != nil || !slices.Equal(files, named) {
		t.Errorf("templates that no view names: %q; views without a template: %q (%v)", lacking(files, named),
			lacking(named, files), err)
	}
}

// lacking returns what is in a sorted list and not in another.
func lacking(list, other []string) []string {
	out := slices.Clone(list)
	for _, name := range other {
		if i := slices.Index(out, name); i >= 0 {
			out = slices.Delete(out, i, i+1)
		}
	}
	return out
}

// embedders returns the names of the package's structs that embed Frame.
func embedders(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range s.Fields.List {
					if id, ok := field.Type.(*ast.Ident); ok && len(field.Names) == 0 && id.Name == "Frame" {
						out = append(out, spec.Name.Name)
					}
				}
			}
			return true
		})
	}
	slices.Sort(out)
	return out
}

// TestAMissingTemplateStopsTheStart takes each file away in turn.
func TestAMissingTemplateStopsTheStart(t *testing.T) {
	t.Parallel()
	for _, v := range views() {
		files := fstest.MapFS{}
		if err := fs.WalkDir(assets.Templates(), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || name == v.Template()+".html" {
				return err
			}
			text, err := fs.ReadFile(assets.Templates(), name)
			files[name] = &fstest.MapFile{Data: text}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := New(files, built()); fault.CodeOf(err) != fault.Internal ||
			!strings.Contains(err.Error(), v.Template()) {
			t.Errorf("without %s.html: %v", v.Template(), err)
		}
		files[v.Template()+".html"] = &fstest.MapFile{Data: []byte(`{{define "other"}}{{end}}`)}
		if _, err := New(files, built()); fault.CodeOf(err) != fault.Internal {
			t.Errorf("%s.html without main: %v", v.Template(), err)
		}
	}
	if _, err := New(os.DirFS(t.TempDir()), built()); fault.CodeOf(err) != fault.Internal {
		t.Errorf("without a layout: %v", err)
	}
}

// TestHalfAPageIsNotWritten breaks a template in its middle.
func TestHalfAPageIsNotWritten(t *testing.T) {
	t.Parallel()
	p := pages(t)
	broken := withText(t, p, "problem", `{{define "main"}}before{{.NoSuchField}}{{end}}`)
	var b strings.Builder
	if err := broken.Render(&b, Problem{}); fault.CodeOf(err) != fault.Internal || b.Len() != 0 {
		t.Errorf("%v, and %d bytes written", err, b.Len())
	}
	if err := (&Pages{}).Render(&b, Problem{}); fault.CodeOf(err) != fault.Internal {
		t.Errorf("a page that is not there: %v", err)
	}
}

// withText returns pages of which one has another text.
func withText(t *testing.T, p *Pages, name, text string) *Pages {
	t.Helper()
	page, err := New(assets.Templates(), built())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := page.byName[name].Parse(text); err != nil {
		t.Fatal(err)
	}
	if p.byName[name] == page.byName[name] {
		t.Fatal("two Pages share a template")
	}
	return page
}

// TestWithoutAssetsThePageSaysSo renders with nothing built.
func TestWithoutAssetsThePageSaysSo(t *testing.T) {
	t.Parallel()
	p, err := New(assets.Templates(), assets.Manifest{})
	if err != nil {
		t.Fatal(err)
	}
	text := rendered(t, p, Problem{})
	expect.Contains(t, text, "页面样式还没有编译：在项目目录运行 make build")
	expect.Lacks(t, text, "/assets/")
	if strings.Contains(rendered(t, pages(t), Problem{}), "还没有编译") {
		t.Error("a page with its assets says that they are missing")
	}
}
