package ruleset

import (
	"regexp"

	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// writtenRange is two numbers with a sign between them that papers write for 至.
var writtenRange = regexp.MustCompile(`^(-?[0-9]+(?:\.[0-9]{1,2}` +
	`)?)\s*分?\s*(?:-|－|—+|–|~|～|到|至)\s*(-?[0-9]+(?:\.[0-9]{1,2})?)\s*分?$`)

// suggestRange recognises a range that is written otherwise than 1至20, and
// returns it as it should stand: 1-5 is no formula that gives −4.
func suggestRange(text string) (written string, ok bool) {
	m := writtenRange.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	lo, ok1 := domain.ParseHundredths(m[1])
	hi, ok2 := domain.ParseHundredths(m[2])
	if !ok1 || !ok2 || lo == hi {
		return "", false
	}
	if lo > hi {
		m[1], m[2] = m[2], m[1]
	}
	return m[1] + "至" + m[2], true
}

// refuseRange refuses what is meant as a range; it reports whether it did.
func (l *loader) refuseRange(n *yamldoc.Node) bool {
	written, ok := suggestRange(n.Text)
	if ok {
		l.fail(n, "“"+n.Text+"”不是范围的写法", "写成 "+written+"，两头都包括；要的是一个数，就写那个数")
	}
	return ok
}
