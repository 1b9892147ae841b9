package api_test

import (
	"strings"
	"testing"

	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestFactsOfManyOverTheAPI: foreseen, recorded all or none, and read again.
func TestFactsOfManyOverTheAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Follow(t, strings.NewReplacer("类别:", "默认: {补录: 30天}\n属性: {照顾: 是否, 特长: [书法, 无]}\n类别:",
		"基础: {起点: 80", "基础: {起点: {特长 == \"书法\": 85, 其余: 80}").Replace(testkit.Rules))
	secretary, clerk := h.token(t, "secretary"), h.token(t, "clerk")
	east := "/branches/" + string(h.East.ID) + "/facts?attribute=特长"
	expect.Contains(t, h.answer(t, 200, "GET", east+"&lacking=1", secretary, ""), `"unrecorded":2`, `"member":"E2"`)
	const row = `{"attribute":"特长","from":"2026-05-20","rows":[{"member":"E2","value":"书法"}]`
	expect.Contains(t, h.answer(t, 200, "POST", "/facts", secretary, row+`,"preview":true}`), `"moved":1`,
		`"preview":true`,
		`"before":{"total":"80"`, `"after":{"total":"85"`)
	expect.Contains(t, h.answer(t, 200, "GET", east, secretary, ""), `"unrecorded":2`)
	expect.Contains(t, h.answer(t, 422, "POST", "/facts", secretary,
		`{"attribute":"特长","from":"2026-05-20","rows":[{"member":"E2","value":"唱歌"}]}`), "可写：书法、无")
	expect.Contains(t, h.answer(t, 422, "POST", "/facts", clerk,
		`{"attribute":"特长","from":"2026-01-01","rows":[{"member":"E2","value":"书法"}]}`), "为什么晚了")
	expect.Contains(t, h.answer(t, 201, "POST", "/facts", secretary, row+`}`), `"recorded":1`, `"moved":1`)
	expect.Contains(t, h.answer(t, 200, "GET", east, secretary, ""), `"unrecorded":1`, `"value":"书法","since":"2026-05-20"`)
	h.answer(t, 404, "GET", "/branches/"+string(h.West.ID)+"/facts?attribute=特长", secretary, "")
}
