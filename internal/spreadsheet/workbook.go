package spreadsheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

// saveXLSX is the hint for a workbook of the wrong kind.
const saveXLSX = "用表格软件打开，另存为“Excel 工作簿（.xlsx）”"

// workbook is an .xlsx file opened for reading: what all of its sheets share.
//
// It is read here and not by excelize, which holds a sheet in memory as it
// claims to be, not as it is (7 KB can claim 900 MB), and takes a sheet whose
// end is missing for a short one.
type workbook struct {
	name    string
	files   map[string]*zip.File // by path, lower case
	left    uint64               // bytes that may still be unpacked
	sheets  []sheetPart
	strings []string
	styles  []style      // by number of a cell's style
	spent   int          // cells with content, of all sheets
	macros  bool         // it has macros, which nobody runs here
	passed  []string     // sheets that are none of cells, such as charts
	epoch   calendar.Day // day 0 of the dates stored as numbers
}

// sheetPart is one sheet before it is read.
type sheetPart struct {
	name   string
	path   string
	hidden bool
	grid   *grid // where it has been read already
}

// openWorkbook reads all of an .xlsx file but its sheets. name stands in
// messages.
func openWorkbook(name string, raw []byte) (*workbook, error) {
	if err := isWorkbook(name, raw); err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, broken(name, err)
	}
	w := &workbook{name: name, files: make(map[string]*zip.File, len(archive.File)), left: maxBytes}
	for _, f := range archive.File {
		w.files[partPath(f.Name)] = f
	}
	if w.files["content.xml"] != nil && w.files["[content_types].xml"] == nil {
		return w, w.openDocument()
	}
	main, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	if err := w.shared(main); err != nil {
		return nil, err
	}
	if w.macros && strings.ToLower(path.Ext(name)) == ".xlsx" {
		return nil, fault.New(fault.Invalid, "%s 里有宏，却存成了 .xlsx，来路不明", name).WithHint(saveXLSX)
	}
	return w, nil
}

// isWorkbook refuses by the first bytes what cannot be an .xlsx file.
func isWorkbook(name string, raw []byte) error {
	head := strings.ToLower(string(bytes.TrimLeft(raw[:min(len(raw), 1000)], "\xef\xbb\xbf \t\r\n")))
	switch {
	case len(raw) > maxBytes:
		return fault.New(fault.Invalid, "%s 超过 64 MB", name).WithHint("分成几个文件，一次用一个")
	case len(raw) == 0:
		return fault.New(fault.Invalid, "%s 是空的", name).WithHint("重新拷贝一份再试")
	case begins(raw, "PK\x03\x04"):
		return nil
	case begins(raw, "\xD0\xCF\x11\xE0") && bytes.Contains(raw,
		[]byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e")):
		return fault.New(fault.Invalid, "%s 加了密码，打不开", name).WithHint("用表格软件打开，去掉打开密码再保存")
	case begins(raw, "\xD0\xCF\x11\xE0"):
		return fault.New(fault.Invalid, "%s 是旧格式（.xls、.et）的工作簿", name).WithHint(saveXLSX)
	case picture(raw):
		return fault.New(fault.Invalid, "%s 其实是图片，不是表格", name).WithHint("照图片录成表格，再来")
	case begins(raw, "%PDF"):
		return fault.New(fault.Invalid, "%s 其实是 PDF，不是表格", name).WithHint("向对方要表格文件，或者照着录成表格")
	case strings.Contains(head, "urn:schemas-microsoft-com:office:spreadsheet"):
		return fault.New(fault.Invalid, "%s 是旧格式（XML 表格 2003）的工作簿", name).WithHint(saveXLSX)
	case strings.HasPrefix(head, "<") && (strings.Contains(head, "<html") || strings.Contains(head, "<table") ||
		strings.Contains(head, "<?xml")):
		return fault.New(fault.Invalid, "%s 其实是网页，不是 Excel 工作簿", name).WithHint(saveXLSX)
	}
	return fault.New(fault.Invalid, "%s 不是 Excel 工作簿（.xlsx）", name).WithHint(saveXLSX + "；CSV 文件的文件名要以 .csv 结尾")
}

// picture reports whether a file is a picture, whatever its name.
func picture(raw []byte) bool {
	for _, magic := range [...]string{"\x89PNG", "\xff\xd8\xff", "GIF8", "BM", "II*\x00", "MM\x00*", "RIFF"} {
		if begins(raw, magic) && (magic != "BM" || bytes.IndexByte(raw[:min(len(raw), 20)], 0) >= 0) {
			return true
		}
	}
	return false
}

// mainPart finds the part that lists the sheets.
func (w *workbook) mainPart() (string, error) {
	links, err := w.links("")
	if err != nil {
		return "", err
	}
	for _, l := range links {
		if strings.HasSuffix(l.kind, "/officeDocument") && w.files[l.target] != nil && path.Ext(l.target) == ".xml" &&
			strings.HasPrefix(l.target, "xl/") {
			return l.target, nil
		}
	}
	if w.files["xl/workbook.bin"] != nil {
		return "", fault.New(fault.Invalid, "%s 是二进制工作簿（.xlsb）", w.name).WithHint(saveXLSX)
	}
	return "", fault.New(fault.Invalid, "%s 里没有工作表，不是 Excel 工作簿（.xlsx）", w.name).WithHint(saveXLSX)
}

// shared reads what the sheets have in common.
func (w *workbook) shared(main string) error {
	links, err := w.links(main)
	if err != nil {
		return err
	}
	targets := map[string]string{}
	for _, l := range links {
		if strings.HasSuffix(l.kind, "/worksheet") {
			targets[l.id] = l.target
		}
		w.macros = w.macros || strings.HasSuffix(l.kind, "/vbaProject") || strings.HasSuffix(l.kind, "/xlMacrosheet")
		var h handler
		switch {
		case w.files[l.target] == nil:
			continue
		case strings.HasSuffix(l.kind, "/sharedStrings"):
			h = &stringsPart{list: &w.strings}
		case strings.HasSuffix(l.kind, "/styles"):
			h = &stylesPart{styles: &w.styles, codes: map[string]string{}}
		default:
			continue
		}
		if err := w.walk(l.target, h); err != nil {
			return err
		}
	}
	book := &bookPart{epoch: calendar.Of(1899, 12, 30)}
	if err := w.walk(main, book); err != nil {
		return err
	}
	w.epoch = book.epoch
	for _, s := range book.sheets {
		if s.path = targets[s.path]; w.files[s.path] != nil {
			w.sheets = append(w.sheets, s)
		} else {
			w.passed = append(w.passed, s.name)
		}
	}
	if len(w.sheets) == 0 {
		return broken(w.name, errors.New("no sheet"))
	}
	return nil
}

// walk reads one part. What is wrong with the file is fault.Invalid.
func (w *workbook) walk(part string, h handler) error {
	f := w.files[part]
	if f.UncompressedSize64 > w.left { // and no part gives more than it says
		return fault.New(fault.Invalid, "%s 解开后超过 64 MB", w.name).WithHint("删去用不着的工作表和行，或分成几个文件")
	}
	w.left -= f.UncompressedSize64
	src, err := f.Open()
	if err != nil {
		return broken(w.name, err)
	}
	defer src.Close() //nolint:errcheck // reading: whatever is wrong was said by Read
	err = walk(src, h)
	var told *fault.Error
	switch {
	case errors.As(err, &told):
		return told
	case err != nil:
		return broken(w.name, fmt.Errorf("%s: %w", part, err))
	}
	return nil
}

// count refuses a part with more cells than a file may have before anything of it is kept: to
// read them takes many times as long.
func (w *workbook) count(part string) error {
	const small = 8 << 20
	f := w.files[part]
	if f.UncompressedSize64 < small || f.UncompressedSize64 > w.left {
		return nil // what is too long is refused where it is read
	}
	src, err := f.Open()
	if err != nil {
		return broken(w.name, err)
	}
	defer src.Close() //nolint:errcheck // reading: whatever is wrong is said where it is read
	buffer, cells := make([]byte, 1<<16), 0
	for {
		n, err := io.ReadFull(src, buffer)
		for _, end := range [...]string{"</v>", "</is>", "</x:v>", "</text:p>"} {
			cells += bytes.Count(buffer[:n], []byte(end))
		}
		switch {
		case cells > maxFilled:
			return w.overfull()
		case err != nil:
			return nil //nolint:nilerr // as above
		}
	}
}

func (w *workbook) overfull() error {
	return fault.New(fault.Invalid, "%s 有内容的格子超过 %d 个", w.name, maxFilled).WithHint("分成几个文件，一次用一个")
}

// links reads the relations of a part, "" for those of the whole file.
func (w *workbook) links(part string) ([]link, error) {
	folder, file := path.Split(part)
	rels := folder + "_rels/" + file + ".rels"
	if w.files[rels] == nil {
		return nil, nil
	}
	h := &linksPart{folder: folder}
	err := w.walk(rels, h)
	return h.links, err
}

// link is a relation between two parts.
type link struct{ id, kind, target string }

type linksPart struct {
	plain
	folder string
	links  []link
}

func (p *linksPart) open(name string, attrs []xml.Attr) error {
	if name == "Relationship" && attr(attrs, "TargetMode") != "External" {
		target := attr(attrs, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(p.folder, target)
		}
		p.links = append(p.links, link{attr(attrs, "Id"), attr(attrs, "Type"), partPath(target)})
	}
	return nil
}

// partPath gives the path of a part its one form.
func partPath(name string) string {
	return strings.ToLower(strings.TrimLeft(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// bookPart reads the list of sheets; path holds the relation's id at first.
type bookPart struct {
	plain
	sheets []sheetPart
	epoch  calendar.Day
}

func (p *bookPart) open(name string, attrs []xml.Attr) error {
	switch name {
	case "workbookPr":
		if v := attr(attrs, "date1904"); v == "1" || v == "true" {
			p.epoch = calendar.Of(1904, 1, 1)
		}
	case "sheet":
		if state := attr(attrs, "state"); len(p.sheets) < maxSheets {
			p.sheets = append(p.sheets, sheetPart{name: attr(attrs, "name"), path: attr(attrs, "id"),
				hidden: strings.Contains(strings.ToLower(state), "hidden")})
		}
	}
	return nil
}

// broken says that a workbook cannot be read to its end.
func broken(name string, cause error) error {
	return fault.Wrap(cause, fault.Invalid, "%s 已损坏，读不全", name).WithHint("用表格软件打开看看，另存一份；打不开就请对方重新发")
}
