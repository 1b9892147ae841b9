package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"jifen/internal/domain"
)

// desk is the browser of an office, at which one sits down after the other.
type desk struct {
	t   *testing.T
	ctx context.Context
	w   *town
	// visitors are those who have sat there.
	visitors map[string]*visitor
	login    string
}

// newDesk opens the browser.
func newDesk(t *testing.T, w *town) *desk {
	t.Helper()
	return &desk{t: t, ctx: browser(t, 1280, 900), w: w, visitors: map[string]*visitor{}}
}

// takes lets the browser go on as a visitor who has signed in, or nobody.
func takes(v *visitor) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		if err := network.ClearBrowserCookies().Do(ctx); err != nil {
			return err
		}
		at, err := url.Parse(v.town.site.URL)
		if err != nil {
			return err
		}
		for _, c := range v.client.Jar.Cookies(at) {
			if err := network.SetCookie(c.Name, c.Value).WithURL(v.town.site.URL).Do(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// sits lets somebody go on, who signs in where he has not.
func (d *desk) sits(login string) {
	d.t.Helper()
	if d.login == login {
		return
	}
	if d.visitors[login] == nil {
		d.visitors[login] = d.w.visit(d.t, login)
	}
	d.login = login
	run(d.t, d.ctx, takes(d.visitors[login]))
}

// opens goes to a page and returns the status of its answer.
func (d *desk) opens(path string) int {
	d.t.Helper()
	answer, err := chromedp.RunResponse(d.ctx, chromedp.Navigate(d.w.site.URL+path))
	if err != nil {
		d.t.Fatalf("%s as %s: %v", path, d.login, err)
	}
	return int(answer.Status)
}

// has reports whether something stands on the page.
func (d *desk) has(selector string) (found bool) {
	d.t.Helper()
	run(d.t, d.ctx, chromedp.Evaluate("document.querySelector("+strconv.Quote(selector)+") !== null", &found))
	return found
}

// fills writes a value into an input, chooses it in a list, or ticks a box.
func (d *desk) fills(selector, value string) {
	d.t.Helper()
	if !d.has(selector) {
		d.t.Fatalf("%s has nothing to fill in at %s on:\n%s", d.login, selector, text(d.t, d.ctx))
	}
	if value == "✓" {
		run(d.t, d.ctx, chromedp.Click(selector, chromedp.ByQuery))
		return
	}
	run(d.t, d.ctx, chromedp.SetValue(selector, value, chromedp.ByQuery))
}

// presses presses a button or follows a link, and fails unless a page comes of it.
func (d *desk) presses(selector string) {
	d.t.Helper()
	if !d.has(selector) {
		d.t.Fatalf("%s has nothing to press at %s on:\n%s", d.login, selector, text(d.t, d.ctx))
	}
	answer, err := chromedp.RunResponse(d.ctx, chromedp.Click(selector, chromedp.ByQuery))
	if err != nil {
		d.t.Fatalf("%s presses %s: %v", d.login, selector, err)
	}
	if s := answer.Status; s != http.StatusOK && s != http.StatusUnprocessableEntity {
		d.t.Fatalf("%s presses %s: %d\n%s", d.login, selector, answer.Status, text(d.t, d.ctx))
	}
}

// reads checks that words stand on the page.
func (d *desk) reads(words ...string) {
	d.t.Helper()
	page := text(d.t, d.ctx)
	for _, w := range words {
		if !strings.Contains(page, w) {
			d.t.Errorf("%s does not read %q on:\n%s", d.login, w, page)
		}
	}
}

// recorded returns what was recorded of a member, in words.
func (d *desk) recorded(id domain.MemberID) (lines []string) {
	d.t.Helper()
	h, err := d.w.Members.History(d.t.Context(), d.w.Clerk, id)
	if err != nil {
		d.t.Fatal(err)
	}
	for i := range h.Items {
		item := &h.Items[i]
		words := item.What + " " + item.Value + " " + string(item.State)
		if item.Reversal != nil {
			words += " 撤销了"
		}
		lines = append(lines, strings.TrimSpace(strings.ReplaceAll(words, "  ", " ")))
	}
	return lines
}

// since returns what was recorded of a member beside some lines.
func (d *desk) since(id domain.MemberID, was []string) string {
	d.t.Helper()
	was = slices.Clone(was)
	return strings.Join(slices.DeleteFunc(d.recorded(id), func(line string) bool {
		i := slices.Index(was, line)
		if i >= 0 {
			was = slices.Delete(was, i, i+1)
		}
		return i >= 0
	}), "；")
}

// orgNamed returns the id of an organisation.
func (d *desk) orgNamed(name string) domain.OrgID {
	d.t.Helper()
	tree, err := d.w.Orgs.Tree(d.t.Context(), d.w.Clerk)
	if err != nil {
		d.t.Fatal(err)
	}
	for i := range tree {
		if tree[i].Name == name {
			return tree[i].ID
		}
	}
	return "none"
}
