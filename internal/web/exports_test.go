package web_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"jifen/internal/spreadsheet"
	"jifen/internal/testkit/expect"
)

func (matrix) Exports() string {
	return `
GET /exports: secretary community clerk
GET /exports/file: secretary community clerk
POST /exports/form: secretary community clerk
`
}

// TestTablesAreGivenOutFromThePage: the page offers what may be had of the own branch, and each
// button leads to a file that can be read.
func TestTablesAreGivenOutFromThePage(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	status, body, _ := v.get("/exports")
	expect.Equal(t, "the page", status, http.StatusOK)
	expect.Contains(t, body, w.East.Name, `name="table" value="entries"`, `name="table" value="register"`)
	expect.Lacks(t, body, w.West.Name)
	for _, table := range []string{"ranking", "register", "people", "points", "statements"} {
		status, body, _ = v.get("/exports/file?org=" + string(w.East.ID) + "&period=&format=xlsx&asof=&known=&table=" + table)
		expect.Equal(t, table+" as a workbook", status, http.StatusOK)
		read, err := spreadsheet.ReadXLSX(table+".xlsx", bytes.NewReader([]byte(body)))
		expect.NoError(t, table+" as a workbook", err)
		status, body, _ = v.get("/exports/file?org=" + string(w.East.ID) + "&period=&format=csv&asof=&known=&table=" + table)
		expect.Equal(t, table+" as text", status, http.StatusOK)
		plain, err := spreadsheet.ReadCSV(table+".csv", strings.NewReader(body))
		expect.NoError(t, table+" as text", err)
		expect.Equal(t, "the headings of "+table, strings.Join(read.Header, " "), strings.Join(plain.Header, " "))
		if len(plain.Rows) == 0 {
			t.Errorf("%s is empty", table)
		}
	}
	status, body, _ = v.get("/exports/file?org=" + string(w.East.ID) + "&table=nothing")
	expect.Equal(t, "a table that is none", status, http.StatusNotFound)
	expect.Contains(t, body, "没有这种表")
	status, _, _ = v.get("/exports/file?org=" + string(w.West.ID) + "&table=people")
	expect.Equal(t, "another branch", status, http.StatusNotFound)
	status, _, _ = v.get("/exports?org=" + string(w.West.ID))
	expect.Equal(t, "the page of another branch", status, http.StatusNotFound)
}
