package ruletest

import (
	"slices"

	"jifen/internal/yamldoc"
)

// notTaken is the expectation that entries are refused: 不收: [项目], once for
// each.
const notTaken = "不收"

// claim reads one entry. What the rules refuse of an item that the case expects
// to be refused is no mistake of the case, and nothing that happened.
func (t *trial) claim(expect *yamldoc.Node, i int, n *yamldoc.Node) {
	found, taken, name := len(t.found), len(t.record.Entries), n.Get("项目").Text
	t.entry(i, n)
	if expect == nil || expect.Damaged { // it may be expected
		t.found = t.found[:found]
		return
	}
	list := expect.Get(notTaken)
	if list == nil || len(t.found) == found ||
		!slices.ContainsFunc(list.Items, func(m *yamldoc.Node) bool { return m.Text == name }) {
		return
	}
	t.found, t.record.Entries = t.found[:found], t.record.Entries[:taken]
	t.refused = append(t.refused, name)
}
