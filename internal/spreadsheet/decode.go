package spreadsheet

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"jifen/internal/fault"
)

// saveAs is the hint for a file of the wrong kind.
const saveAs = "用表格软件打开，另存为“CSV UTF-8（逗号分隔）”"

// decode returns a text in UTF-8 without BOM, and a note where its encoding was found out.
func decode(name string, raw []byte) (text []byte, note string, err error) {
	switch {
	case len(raw) > maxBytes:
		return nil, "", fault.New(fault.Invalid, "%s 超过 64 MB", name).WithHint("分成几个文件，一次用一个")
	case begins(raw, "PK\x03\x04"), begins(raw, "\xD0\xCF\x11\xE0"):
		return nil, "", fault.New(fault.Invalid, "%s 是 Excel 工作簿，不是 CSV 文件", name).WithHint(saveAs)
	case picture(raw):
		return nil, "", fault.New(fault.Invalid, "%s 其实是图片，不是表格", name).WithHint("照图片录成表格，再来")
	}
	text, note, err = unicodeText(name, raw)
	if err != nil {
		return nil, "", err
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return nil, "", fault.New(fault.Invalid, "%s 第 %d 行有空字节，这不是文本文件", name, lineOf(text, i)).WithHint(saveAs)
	}
	if len(bytes.TrimFunc(text, blank)) == 0 {
		return nil, "", fault.New(fault.Invalid, "%s 是空的", name).WithHint("第一行写列名，下面一行一条")
	}
	if !bytes.ContainsRune(text, '\n') { // old spreadsheets for Mac end lines with CR alone
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return text, note, nil
}

// unicodeText returns a text in UTF-8, whichever encoding it is in.
func unicodeText(name string, raw []byte) (text []byte, note string, err error) {
	if order := utf16Order(raw); order != nil {
		if text, ok := fromUTF16(raw, order); ok {
			return text, "这个文件存成了 UTF-16，照它读的", nil
		}
		return nil, "", fault.New(fault.Invalid, "%s 存成了 UTF-16（Unicode 文本），里面有读不出来的字", name).WithHint(saveAs)
	}
	text = bytes.TrimPrefix(raw, []byte(bom))
	i := firstInvalid(text)
	if i < 0 {
		return text, "", nil
	}
	if text, ok := fromGBK(text); ok {
		return text, "这个文件存成了 GBK（ANSI），照它读的；有字不对的，另存为 CSV UTF-8 再来", nil
	}
	return nil, "", fault.New(fault.Invalid, "%s 第 %d 行的文字不是 UTF-8 编码，也不像 GBK", name, lineOf(text, i)).WithHint(saveAs)
}

// utf16Order returns the order of bytes of a text in UTF-16, nil where it is in none: it says
// so itself, or every second byte of its signs is nought.
func utf16Order(raw []byte) binary.ByteOrder {
	switch {
	case begins(raw, "\xFF\xFE"):
		return binary.LittleEndian
	case begins(raw, "\xFE\xFF"):
		return binary.BigEndian
	case len(raw)%2 != 0:
		return nil
	}
	var noughts [2]int
	for i, c := range raw {
		if c == 0 {
			noughts[i%2]++
		}
	}
	const least = 20 // one sign of a Latin letter, a digit or a comma in so many bytes
	order := binary.ByteOrder(binary.LittleEndian)
	switch {
	case noughts[1] > len(raw)/least && noughts[0] == 0:
	case noughts[0] > len(raw)/least && noughts[1] == 0:
		order = binary.BigEndian
	default:
		return nil
	}
	if text, ok := fromUTF16(raw, order); !ok || !bytes.ContainsAny(text, ",;\t\n") {
		return nil
	}
	return order
}

func fromUTF16(raw []byte, order binary.ByteOrder) ([]byte, bool) {
	if len(raw)%2 != 0 {
		return nil, false
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	text := []byte(strings.TrimPrefix(string(utf16.Decode(units)), bom))
	return text, !bytes.ContainsRune(text, utf8.RuneError)
}

// fromGBK decodes GB 18030, of which GBK is a part. Texts in another encoding decode too, into
// characters that nobody uses: ok is false then, and for UTF-8 that was damaged.
func fromGBK(raw []byte) (text []byte, ok bool) {
	usual, pairs := 0, 0
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] < 0x80 {
			continue
		}
		pairs++
		if lead := raw[i]; raw[i+1] >= 0xA1 && (lead >= 0xB0 && lead <= 0xF7 || lead >= 0xA1 && lead <= 0xA9) {
			usual++ // of GB 2312
		}
		i++
	}
	const most = 10 // so many times as many usual characters as others make a text
	if pairs == 0 || (pairs-usual)*most > pairs*3 || multibyte(raw) > pairs/3 {
		return nil, false
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	return text, err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}

// multibyte counts the characters of a text that are more than one byte of valid UTF-8.
func multibyte(text []byte) int {
	n := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if size > 2 && r != utf8.RuneError {
			n++
		}
		text = text[size:]
	}
	return n
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

// separator returns what parts the cells: what a first line sep=; says, or a comma, or what the
// header has instead of any. That line is taken out of the text, but not out of the count.
func separator(text []byte) ([]byte, rune) {
	for line := range bytes.Lines(text) {
		header := trim(string(line))
		if header == "" {
			continue
		}
		if said, ok := strings.CutPrefix(strings.ToLower(strings.Trim(header, `"`)), "sep="); ok &&
			len(said) <= 1 || header == "sep=\t" {
			i := bytes.Index(text, []byte("="))
			sep := ','
			if i+1 < len(text) && strings.ContainsRune(",;|\t", rune(text[i+1])) {
				sep = rune(text[i+1])
			}
			return append(bytes.Repeat([]byte("\n"), bytes.Count(text[:i], []byte("\n"))),
				text[bytes.Index(text, line)+len(bytes.TrimRight(line, "\r\n")):]...), sep
		}
		for _, sep := range ",\t;|" {
			if strings.ContainsRune(header, sep) {
				return text, sep
			}
		}
		break
	}
	return text, ','
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
