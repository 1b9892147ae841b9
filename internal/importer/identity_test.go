package importer

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

// oneCell reads a register of one name.
func oneCell(name string) *RosterPreview {
	return ReadRoster(&spreadsheet.Table{Header: []string{"姓名"},
		Rows: []spreadsheet.Row{{Line: 2, Cells: []string{name}}}}, nil, nil)
}

func TestParseIdentity(t *testing.T) {
	t.Parallel()
	// The example that the standard itself prints.
	const published = "11010519491231002X"
	want := Identity{published, calendar.Of(1949, 12, 31), Female}
	for _, text := range []string{published, "11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ",
		"110105194912310\u200b02ｘ", "11010519491231002X\n"} {
		if got, err := ParseIdentity(text); err != nil || got != want {
			t.Errorf("%q: got %+v, %v", text, got, err)
		}
	}
}

// TestEverySlipIsNoticed: one wrong digit, or two neighbours exchanged.
func TestEverySlipIsNoticed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		born := calendar.Day(rapid.IntRange(int(calendar.Of(1900, 1, 1)), int(calendar.Of(2100, 12, 31))).Draw(t, "born"))
		order := rapid.StringMatching("[0-9]{3}").Draw(t, "order")
		n := rapid.StringMatching("[1-9][0-9]{5}").Draw(t, "place") + strings.ReplaceAll(born.String(), "-", "") + order
		n += string(checkDigit(n))
		want := Identity{n, born, Female}
		if strings.Contains("13579", order[2:]) {
			want.Gender = Male
		}
		if got, err := ParseIdentity(n); err != nil || got != want {
			t.Fatalf("%s: got %+v, %v", n, got, err)
		}
		i := rapid.IntRange(0, 17).Draw(t, "at")
		for _, c := range "0123456789X" {
			if wrong := n[:i] + string(c) + n[i+1:]; wrong != n && accepted(wrong) {
				t.Fatalf("%s is taken for %s", wrong, n)
			}
		}
		if i < 17 && n[i] != n[i+1] && accepted(n[:i]+n[i+1:i+2]+n[i:i+1]+n[i+2:]) {
			t.Fatalf("%s with %d and %d exchanged is taken", n, i, i+1)
		}
	})
}

func accepted(n string) bool {
	_, err := ParseIdentity(n)
	return err == nil
}

func TestParseIdentityRefuses(t *testing.T) {
	t.Parallel()
	numbered := func(n string) string { return n + string(checkDigit(n)) }
	for text, want := range map[string]string{
		"":                            "是 0 位",
		"370799900101123":             "15 位的旧号",
		"37079919900101123":           "是 17 位",
		"37079990010112X":             "是 15 位",
		"3707991990010112345":         "是 19 位",
		"37079919900101O230":          "数字以外的字",
		"37079919900101123Y":          "数字以外的字",
		"37079919900101-230":          "数字以外的字",
		"11010519491231002":           "是 17 位",
		"110105194912310020":          "末位对不上",
		numbered("07079919900101123"): "末位对不上",
		numbered("37079919900230123"): "出生日期不对",
		numbered("37079918991231123"): "出生日期不对",
		numbered("37079921010101123"): "出生日期不对",
		"身份证号码身份证号码身份证号码":                "是 15 位",
		"身份证号码身份证号码身份证号码身份证":             "数字以外的字",
		strings.Repeat("1", 2000):        "是 2000 位",
		"1101051949123100２Ｘ\uff21":       "是 19 位",
		"\xff1010519491231002X" + "\x00": "位",
	} {
		got, err := ParseIdentity(text)
		if got != (Identity{}) || fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) ||
			!strings.Contains(err.Error(), "18 位") {
			t.Errorf("%q: got %+v, %v; want %s", text, got, err, want)
		}
		if err != nil && len(text) > 10 && text[0] <= '9' && strings.Contains(err.Error(), text[:10]) {
			t.Errorf("“%v” tells the number", err)
		}
	}
}

func FuzzParseIdentity(f *testing.F) {
	f.Add("11010519491231002X")
	f.Add(" １１010519491231002x")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ParseIdentity(text)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if again, err := ParseIdentity(id.Number); err != nil || again != id || len(id.Number) != 18 {
			t.Fatalf("%q: %+v, then %+v, %v", text, id, again, err)
		}
	})
}
