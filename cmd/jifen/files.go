package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"jifen/internal/fault"
	"jifen/internal/formula"
	"jifen/internal/ruleversions"
	"jifen/internal/spreadsheet"
	"jifen/internal/yamldoc"
)

// reason says in Chinese why the system refused a file.
func reason(err error) string { return fault.Reason(err) }

// unreadable makes the error of a file that cannot be read.
func unreadable(path string, err error) error { return fault.Unreadable(path, err) }

// unwritable makes the error of a file that cannot be written.
func unwritable(path string, err error) error { return fault.Unwritable(path, err) }

// open opens a file for reading. A folder opens too, but reading it fails in
// other words on every system, so it is refused here.
func open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		_ = f.Close() // nothing was written
		return nil, unreadable(path, syscall.EISDIR)
	}
	return f, nil
}

// readText reads a rule file or a case file, at most one byte more than such a
// file may have, so that the loader can refuse it in its own words.
func readText(path string) ([]byte, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	text, err := io.ReadAll(io.LimitReader(f, yamldoc.MaxBytes+1))
	if err != nil {
		return nil, unreadable(path, err)
	}
	return text, nil
}

// readTable reads a table from a file of tables; "" is no file and gives nil. Of several sheets
// it reads the named one, or the one whose headings are wanted.
func readTable(path, sheet string, wanted func([]string) bool) (*spreadsheet.Table, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // the callee takes nil for a sheet that was not given
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	book, err := spreadsheet.Read(path, f)
	if err != nil {
		return nil, err
	}
	return book.Table(sheet, wanted)
}

// tableOf is readTable for an import, which takes only what a spreadsheet saves.
func tableOf(path, sheet string, wanted func([]string) bool) (*spreadsheet.Table, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	// the last three are told how to save anew
	case ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".ods", ".xls", ".et", ".xlsb":
		return readTable(path, sheet, wanted)
	}
	return nil, misused(fault.New(fault.Invalid, "“%s”不是 .xlsx 也不是 .csv 文件", path).
		WithHint("用表格软件另存为 Excel 工作簿（.xlsx），或者 CSV"))
}

// openRules loads the rule files of one scheme; their mistakes go to the
// complaints.
func openRules(c *console, paths []string) (*ruleversions.Versions, error) {
	files, broken, err := ruleversions.Open(paths, readText)
	if err != nil {
		return nil, err
	}
	errors := 0
	for _, res := range broken {
		errors += res.Errors()
		_, _ = io.WriteString(c.err, res.Format()) // as for say
	}
	if files == nil {
		return nil, fault.New(fault.Invalid, "%s 有 %d 处错误，没有算分", strings.Join(paths, "、"), errors)
	}
	return files, nil
}

// suggest returns up to five words of a vocabulary that a word may have meant:
// those that hold it or are held by it, and the nearest by spelling.
func suggest(word string, vocabulary []string) []string {
	var out []string
	seen := map[string]bool{"": true}
	add := func(w string) {
		if !seen[w] && len(out) < 5 {
			seen[w] = true
			out = append(out, w)
		}
	}
	add(formula.Nearest(word, vocabulary))
	for _, v := range vocabulary {
		if word != "" && (strings.Contains(v, word) || (len(v) > 3 && strings.Contains(word, v))) {
			add(v)
		}
	}
	return out
}
