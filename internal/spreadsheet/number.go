package spreadsheet

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"

	"jifen/internal/calendar"
)

// format names a way to show a number, as far as the number's meaning depends on it.
type format uint8

// The formats.
const (
	asNumber format = iota
	asMonth         // year and month: the day was filled in by the spreadsheet
	asDay
	asMonthDay // month and day: the year was filled in by the spreadsheet
	asInstant  // day and time
	asTime
	asElapsed // hours and minutes, as many as there are
	asPercent
	asTenThousands // a number of 万 or 亿 that stands there without them
)

// style names what a cell's style says of its content.
type style struct {
	format format
	struck bool // struck out
}

// stylesPart reads which format each style of cells has.
type stylesPart struct {
	plain
	styles *[]style
	codes  map[string]string // of the workbook's own formats, by id
	fonts  []bool            // whether each strikes out
	font   bool              // within the typefaces of cells
	cells  bool              // within the styles of cells
}

func (p *stylesPart) open(name string, attrs []xml.Attr) error {
	switch name {
	case "numFmt":
		p.codes[attr(attrs, "numFmtId")] = attr(attrs, "formatCode")
	case "fonts":
		p.font = true
	case "font":
		if p.font {
			p.fonts = append(p.fonts, false)
		}
	case "strike":
		if p.font && len(p.fonts) > 0 {
			v := attr(attrs, "val")
			p.fonts[len(p.fonts)-1] = v != "0" && v != "false"
		}
	case "cellXfs":
		p.cells = true
	case "xf":
		if !p.cells {
			break
		}
		id := attr(attrs, "numFmtId")
		f := builtin(id)
		if code, own := p.codes[id]; own {
			f = formatOf(code)
		}
		font, _ := strconv.Atoi(attr(attrs, "fontId"))
		*p.styles = append(*p.styles, style{f, font >= 0 && font < len(p.fonts) && p.fonts[font]})
	}
	return nil
}

func (p *stylesPart) shut(name string) error {
	switch name {
	case "cellXfs":
		p.cells = false
	case "fonts":
		p.font = false
	}
	return nil
}

// builtin returns the formats that have a number and no code; 27 to 58 are
// those of a Chinese spreadsheet.
func builtin(id string) format {
	switch id {
	case "9", "10":
		return asPercent
	case "46":
		return asElapsed
	case "16", "28", "29", "51", "53", "54", "58":
		return asMonthDay
	case "14", "15", "30", "31":
		return asDay
	case "17", "27", "36", "50", "52", "57":
		return asMonth
	case "18", "19", "20", "21", "32", "33", "34", "35", "45", "47", "55", "56":
		return asTime
	case "22":
		return asInstant
	}
	return asNumber
}

// formatOf reads a format's code, such as yyyy"年"m"月"d"日";@.
func formatOf(code string) format {
	signs := formatSigns(code)
	has := func(set string) bool { return strings.ContainsAny(signs, set) }
	year, day, clock := has("y") || has("e") && !has("0#?"), has("d"), has("hs")
	switch {
	case has("["):
		return asElapsed
	case has("%") && !year && !day && !clock:
		return asPercent
	case !year && !day && !clock && strings.ContainsAny(code, "万亿") && !strings.ContainsAny(signs, ",!"):
		return asTenThousands
	case signs == "general" || !year && !day && has("0#?"):
		return asNumber
	case clock && (year || day):
		return asInstant
	case clock:
		return asTime
	case day && !year && has("m"):
		return asMonthDay
	case day:
		return asDay
	case year || has("m"):
		return asMonth
	}
	return asNumber
}

// formatSigns returns the letters and digits of a code's first section that are
// no text. Elapsed time, [h], is left as "[": it is an amount and no time of day.
func formatSigns(code string) string {
	var b strings.Builder
	code = strings.ToLower(code)
	for i := 0; i < len(code) && code[i] != ';'; i++ {
		switch c := code[i]; c {
		case '"':
			n := strings.IndexByte(code[i+1:], '"')
			if n < 0 {
				return b.String()
			}
			i += n + 1
		case '\\', '_', '*':
			i++
		case '[':
			n := strings.IndexByte(code[i:], ']')
			if n < 0 {
				return b.String()
			}
			if strings.Trim(code[i+1:i+n], "hms") == "" {
				b.WriteByte('[')
			}
			i += n
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// lossy is the least number of which a spreadsheet loses digits: it keeps 15 of them.
const lossy = 1e15

// numberText writes a stored number as the spreadsheet shows it, in plain
// decimals. Spreadsheets keep a float64 and show 15 digits of it; so does this,
// and from here on a number is text. lost says that digits are gone; ok is
// false for what is no number.
func numberText(stored string, f format, epoch calendar.Day) (text string, lost, ok bool) {
	n, err := strconv.ParseFloat(stored, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return "", false, false
	}
	switch text, dated := dateText(n, f, epoch); {
	case dated:
		return text, false, true
	case f == asElapsed && n >= 0 && n < lastSerial:
		return elapsedText(n), false, true
	case f == asPercent && math.Abs(n) < lossy:
		return percentText(n), false, true
	}
	if math.Abs(n) >= 1e30 || n != 0 && math.Abs(n) < 1e-15 {
		return strconv.FormatFloat(n, 'g', 15, 64), false, true
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(n, 'e', 14, 64), "e")
	point, _ := strconv.Atoi(exponent)
	return plainDecimal(digits, point), math.Abs(n) >= lossy && n == math.Trunc(n), true
}

// elapsedText writes days as hours and minutes, 36:00.
func elapsedText(days float64) string {
	seconds := int(math.Round(days * secondsPerDay))
	text := strconv.Itoa(seconds/3600) + ":" + pad2(seconds/60%60)
	if seconds%60 != 0 {
		text += ":" + pad2(seconds%60)
	}
	return text
}

// percentText writes a share as a number of hundredths, with all its digits.
func percentText(share float64) string {
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(share, 'e', 14, 64), "e")
	point, _ := strconv.Atoi(exponent)
	if share == 0 {
		point = -2
	}
	return plainDecimal(digits, point+2) + "%"
}

// plainDecimal writes d.ddd times ten to a power without the power.
func plainDecimal(digits string, power int) string {
	rest, negative := strings.CutPrefix(digits, "-")
	digits = strings.Replace(rest, ".", "", 1)
	whole := power + 1
	if whole <= 0 {
		digits, whole = strings.Repeat("0", 1-whole)+digits, 1
	}
	if whole > len(digits) {
		digits += strings.Repeat("0", whole-len(digits))
	}
	text := digits[:whole]
	if decimals := strings.TrimRight(digits[whole:], "0"); decimals != "" {
		text += "." + decimals
	}
	if negative && text != "0" {
		text = "-" + text
	}
	return text
}

// The days that a spreadsheet can show, and what a day has.
const (
	lastSerial    = 2_958_465 // 9999-12-31
	fakeLeapDay   = 60        // 1900-02-29, which never was; before it days count from one day later
	secondsPerDay = 24 * 60 * 60
)

// dateText writes a date stored as days since an epoch; false where the format
// or the number is of no date.
func dateText(n float64, f format, epoch calendar.Day) (string, bool) {
	if f == asNumber || f == asElapsed || f == asPercent || n < 0 || n > lastSerial {
		return "", false
	}
	serial, seconds := int(n), int(math.Round((n-math.Trunc(n))*secondsPerDay))
	if seconds == secondsPerDay {
		serial, seconds = serial+1, 0
	}
	clock := pad2(seconds/3600) + ":" + pad2(seconds/60%60)
	if seconds%60 != 0 {
		clock += ":" + pad2(seconds%60)
	}
	if f == asTime {
		return clock, true
	}
	d := epoch + calendar.Day(serial)
	if epoch == calendar.Of(1899, 12, 30) {
		switch {
		case serial < 1 || serial == fakeLeapDay:
			return "", false
		case serial < fakeLeapDay:
			d++
		}
	}
	switch text := d.String(); {
	case f == asMonth && strings.HasSuffix(text, "-01") && seconds == 0:
		return strings.TrimSuffix(text, "-01"), true
	case f == asInstant && seconds != 0:
		return text + " " + clock, true
	default:
		return text, true
	}
}

func pad2(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
