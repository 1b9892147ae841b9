package web_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// misfits unfolds what is folded and is what does not fit the window of the page that is open: the page itself where
// it moves sideways, what one presses or fills in that stands outside of it and cannot be
// moved into sight, and buttons that a finger misses.
const misfits = `(() => {
  for (const d of document.querySelectorAll('details')) d.open = true
  const out = [], root = document.documentElement, over = root.scrollWidth - root.clientWidth
  if (over > 0) out.push('moves sideways by ' + over)
  for (const e of document.querySelectorAll('a, button, input, select, textarea, summary')) {
    const r = e.getBoundingClientRect()
    if (r.width === 0 || r.height === 0 || e.closest('.scroll, .skip, .visually-hidden')) continue
    const name = e.localName + ' ' + (e.textContent.trim() || e.name || '').slice(0, 20)
    const outside = r.left < -1 || r.right > root.clientWidth + 1
    if (outside) out.push(name + ' stands at ' + Math.round(r.left) + '–' + Math.round(r.right))
    const low = e.matches('.btn, .form-control, .form-select') && r.height < 43
    if (low) out.push(name + ' is ' + Math.round(r.height) + ' high')
  }
  return out
})()`

// TestEveryPageFitsAPhone opens every page as everybody whom it answers, on a phone, a small
// phone and in large print.
func TestEveryPageFitsAPhone(t *testing.T) {
	t.Parallel()
	w := fill(t)
	ctx := browser(t, 390, 844)
	pages := w.pages()
	for _, login := range append([]string{""}, everybody()...) {
		v := w.visit(t, login)
		run(t, ctx, takes(v))
		for _, route := range slices.Sorted(maps.Keys(pages)) {
			for _, address := range pages[route] {
				if status, _, _ := v.get(address); status != http.StatusOK {
					continue
				}
				var phone, small, large []string
				run(t, ctx, chromedp.Navigate(w.site.URL+address), chromedp.Evaluate(misfits, &phone),
					chromedp.EmulateViewport(320, 640), chromedp.Evaluate(misfits, &small),
					chromedp.EmulateViewport(390, 844), chromedp.Evaluate("document.documentElement.classList.add('large')", nil),
					chromedp.Evaluate(misfits, &large))
				for window, found := range map[string][]string{"390": phone, "320": small, "390 in large print": large} {
					if len(found) > 0 {
						t.Errorf("%s as %q, %s wide: %s", address, login, window, strings.Join(found, "; "))
					}
				}
			}
		}
	}
}
