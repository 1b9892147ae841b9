package spreadsheet

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"jifen/internal/fault"
)

// saveAs is the hint for a file of the wrong kind.
const saveAs = "用表格软件打开，另存为“CSV UTF-8（逗号分隔）”"

// decode makes sure that a file is text in UTF-8 and returns it without BOM.
func decode(name string, raw []byte) ([]byte, error) {
	switch {
	case len(raw) > maxBytes:
		return nil, fault.New(fault.Invalid, "%s 超过 64 MB", name).WithHint("分成几个文件，一次用一个")
	case begins(raw, "PK\x03\x04"), begins(raw, "\xD0\xCF\x11\xE0"):
		return nil, fault.New(fault.Invalid, "%s 是 Excel 工作簿，不是 CSV 文件", name).WithHint(saveAs)
	case begins(raw, "\xFF\xFE"), begins(raw, "\xFE\xFF"):
		return nil, fault.New(fault.Invalid, "%s 存成了 UTF-16（Unicode 文本）", name).WithHint(saveAs)
	}
	text := bytes.TrimPrefix(raw, []byte(bom))
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return nil, fault.New(fault.Invalid, "%s 第 %d 行有空字节，这不是文本文件", name, lineOf(text, i)).WithHint(saveAs)
	}
	if i := firstInvalid(text); i >= 0 {
		return nil, fault.New(fault.Invalid, "%s 第 %d 行的文字不是 UTF-8 编码，文件多半存成了 GBK", name, lineOf(text, i)).WithHint(saveAs)
	}
	if len(bytes.TrimFunc(text, blank)) == 0 {
		return nil, fault.New(fault.Invalid, "%s 是空的", name).WithHint("第一行写列名，下面一行一条")
	}
	if !bytes.ContainsRune(text, '\n') { // old spreadsheets for Mac end lines with CR alone
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return text, nil
}

func begins(raw []byte, magic string) bool { return bytes.HasPrefix(raw, []byte(magic)) }

// firstInvalid returns where UTF-8 breaks off, −1 if it does not.
func firstInvalid(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
}

func lineOf(text []byte, at int) int { return 1 + bytes.Count(text[:at], []byte("\n")) }

// separator returns what parts the cells: a comma, or what the header has
// instead of any.
func separator(text []byte) rune {
	for line := range bytes.Lines(text) {
		header := string(line)
		if trim(header) == "" {
			continue
		}
		for _, sep := range ",\t;" {
			if strings.ContainsRune(header, sep) {
				return sep
			}
		}
		break
	}
	return ','
}

// crowded returns the line of the first row with more cells than a spreadsheet
// can have, 0 for none. The CSV reader would take memory for all of them before
// anybody could count.
func crowded(text []byte, separator rune) int {
	line, start, cells, quoted := 1, 1, 0, false
	for _, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n':
			line++
			if !quoted {
				start, cells = line, 0
			}
		case rune(c) == separator && !quoted:
			if cells++; cells > maxRawCells {
				return start
			}
		}
	}
	return 0
}
