package web_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"jifen/internal/app/entries"
	"jifen/internal/testkit"
	"jifen/internal/testkit/effort"
	"jifen/internal/testkit/expect"
	assets "jifen/web"
)

// browser opens a real Chromium of a size. Where there is none, or where style
// and script are not built, the test fails if CI is set; elsewhere it is skipped
// and names what it lacks.
func browser(t *testing.T, width, height int64) context.Context {
	t.Helper()
	effort.Whole(t, "it opens a browser")
	lacks := func(what string) {
		t.Helper()
		if os.Getenv("CI") == "true" {
			t.Fatal(what)
		}
		t.Skip(what)
	}
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		lacks("no Chromium on PATH: install chromium and run this again")
	}
	if built, err := assets.ReadManifest(assets.Assets()); err != nil || !built.Built() {
		lacks("the style and the script of the pages are not built: make build")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(int(width), int(height)),
		chromedp.Flag("disable-quic", true), chromedp.Flag("lang", "zh-CN"))
	allocated, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	// What the content security policy refuses is remembered on every page.
	const watch = `window.refused=[];document.addEventListener('securitypolicyviolation',e=>` +
		`window.refused.push(e.violatedDirective+' '+e.blockedURI))`
	run(t, ctx, chromedp.EmulateViewport(width, height), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(watch).Do(ctx)
		return err
	}))
	return ctx
}

func run(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// enter presses Enter as a keyboard does: what the key puts down comes with the
// key, so that a page which takes the key for itself gets nothing more.
func enter() chromedp.Action {
	press := func(kind input.KeyType) *input.DispatchKeyEventParams {
		return input.DispatchKeyEvent(kind).WithKey("Enter").WithCode("Enter").WithWindowsVirtualKeyCode(13)
	}
	return chromedp.Tasks{press(input.KeyDown).WithText("\r"), press(input.KeyUp)}
}

// text returns what a person reads on the page, and fails on anything that the
// policy refused, or a page wider than the window.
func text(t *testing.T, ctx context.Context) string {
	t.Helper()
	var body string
	var refused []string
	var overflow int
	run(t, ctx, chromedp.WaitReady("footer"), chromedp.Text("body", &body, chromedp.ByQuery),
		chromedp.Evaluate("window.refused", &refused),
		chromedp.Evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth", &overflow))
	if len(refused) > 0 {
		t.Errorf("the content security policy refused %v", refused)
	}
	if overflow > 0 {
		t.Errorf("the page is %d pixels wider than the window", overflow)
	}
	return body
}

func signIn(t *testing.T, ctx context.Context, w *town, login string) {
	t.Helper()
	run(t, ctx, chromedp.Navigate(w.site.URL+"/login"), chromedp.SendKeys("#login", login),
		chromedp.SendKeys("#password", testkit.Password),
		chromedp.Click("main button[type=submit]"), chromedp.WaitNotPresent("#password"))
}

func TestSecretarysEveningInABrowser(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewSized(t, 40))
	if _, err := w.Entries.Post(t.Context(), w.Clerk,
		entries.EntryInput{Member: "E5", Item: "好事", On: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t, 1280, 900)
	signIn(t, ctx, w, "secretary")
	// An activity of 40: two are marked absent by typing initials and Enter.
	run(t, ctx, chromedp.Click(`a[href$="/activity"]`), chromedp.WaitVisible("#find"),
		chromedp.SendKeys("#find", "slha"), enter(), chromedp.SendKeys("#find", "slja"), enter(), // E7 and E9
		chromedp.Click(`.bar-bottom button[type=submit]`), chromedp.WaitVisible(`form[action$="/undo"]`))
	expect.Contains(t, text(t, ctx), "到会 38 人，缺席 2 人", "待确认")
	want(t, w, map[string]string{"E7": "75", "E9": "75", "E8": "80.5"})
	// One entry is taken back.
	run(t, ctx, chromedp.Navigate(w.site.URL+"/members/E5?open=1"), chromedp.Click(`a[href="/entries/1/reverse"]`),
		chromedp.WaitVisible("#reason"),
		chromedp.SendKeys("#reason", "重复录入"), chromedp.Click(`form[action$="/reverse"] button[type=submit]`),
		chromedp.WaitNotPresent("#reason"))
	expect.Contains(t, text(t, ctx), "已撤销")
	want(t, w, map[string]string{"E5": "80.5"})
	run(t, ctx, chromedp.Click(`form[action="/logout"] button`), chromedp.WaitVisible("#password"))
	text(t, ctx)
}

// want compares totals as the database has them.
func want(t *testing.T, w *town, totals map[string]string) {
	t.Helper()
	for id, total := range totals {
		_, body, _ := w.visit(t, "clerk").get("/members/" + id)
		if !strings.Contains(body, ">"+total+"<") {
			t.Errorf("%s has no total %s", id, total)
		}
	}
}

// TestASheetIsFilledInDownwards by the keyboard: Enter goes to the next person and
// sends nothing; the form is sent by its button and undone on the bar.
func TestASheetIsFilledInDownwards(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewSized(t, 5))
	ctx := browser(t, 1280, 900)
	signIn(t, ctx, w, "secretary")
	address := w.site.URL + "/branches/" + string(w.East.ID) + "/entries?item=服务"
	run(t, ctx, chromedp.Navigate(address), chromedp.SendKeys("#cell-1-0", "20"), enter(), chromedp.KeyEvent("30"),
		enter(), chromedp.KeyEvent("10"),
		chromedp.Click(`main form[method=post] button[type=submit]`), chromedp.WaitVisible(`button[value=save]`))
	expect.Contains(t, text(t, ctx), "3 人，总分合计加 6 分", "80 → 83")
	run(t, ctx, chromedp.Click(`button[value=save]`), chromedp.WaitVisible(`form[action^="/entries/undo"]`))
	expect.Contains(t, text(t, ctx), "“服务”记了 3 人")
	want(t, w, map[string]string{"E2": "82", "E3": "83", "E4": "81", "E5": "80"})
	run(t, ctx, chromedp.Click(`form[action^="/entries/undo"] button`),
		chromedp.WaitNotPresent(`form[action^="/entries/undo"]`))
	expect.Contains(t, text(t, ctx), "3 笔撤销了")
	want(t, w, map[string]string{"E2": "80", "E3": "80", "E4": "80"})
}

// TestAGuestIsMarkedByTheKeyboard: he is not there until he is found and marked.
func TestAGuestIsMarkedByTheKeyboard(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewSized(t, 30))
	w.Host(t, "W28", "W29") // slca and slda, as their namesakes of the east are
	ctx := browser(t, 390, 844)
	signIn(t, ctx, w, "secretary")
	run(t, ctx, chromedp.Navigate(w.site.URL+"/branches/"+string(w.East.ID)+"/activity"), chromedp.WaitVisible("#find"),
		chromedp.SendKeys("#find", "示例西28"), enter(),
		chromedp.Click(`.bar-bottom button[type=submit]`), chromedp.WaitVisible(`form[action$="/undo"]`))
	got := text(t, ctx)
	expect.Contains(t, got, "31 人", "其中 2 人待确认", "示例西28")
	expect.Lacks(t, got, "示例西29")
}

func TestMembersLookOnAPhone(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.Entries.Post(t.Context(), w.Clerk,
		entries.EntryInput{Member: "E2", Item: "酌情", On: testkit.Day(t, "2026-05-01"), Points: "-3"}, ""); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t, 390, 844)
	signIn(t, ctx, w, "member")
	run(t, ctx, chromedp.Navigate(w.site.URL+"/me?open=1"))
	for _, large := range []bool{false, true} {
		got := text(t, ctx)
		for _, word := range []string{"我的积分", "77", "离好", "还差 3 分", "酌情", "支部名次"} {
			if !strings.Contains(got, word) {
				t.Errorf("large %v: %s is not on the page:\n%s", large, word, got)
			}
		}
		if !large {
			run(t, ctx, chromedp.Click(`button[name=large]`), chromedp.WaitVisible("html.large body"))
		}
	}
}
