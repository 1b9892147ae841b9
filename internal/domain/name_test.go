package domain_test

import (
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// TestANameIsWhatItLooksLike refuses what nobody sees and what looks like something else, in
// a sentence with the number of the character, and lets through names as people have them.
func TestANameIsWhatItLooksLike(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"示例甲", " 示例甲 ", "古丽·示例", "示例街第一党支部", "Aygul", "Айгуль", "José", "2026年七一党课（上）", "䶮㛃", "﨎示例", "示例　甲",
	} {
		if got, err := domain.Name("姓名", good, 50); err != nil || got != strings.TrimSpace(good) {
			t.Errorf("%q gives %q, %v", good, got, err)
		}
	}
	for bad, want := range map[string]string{
		"示\u202e例": "看不见的符号（U+202E）", "示\u200b例": "看不见的符号（U+200B）", "示\u2066例": "看不见的符号（U+2066）",
		"示\ufeff例": "U+FEFF", "示\u00ad例": "U+00AD", "示\ufe0f例": "U+FE0F", "示\u3164例": "U+3164", "示\u00a0例": "U+00A0",
		"示\n例": "U+000A", "示\x00例": "U+0000", "示\ue000例": "U+E000", "\u2f08示例": "长得一样", "\uf9d1示例": "长得一样",
		"Pаris": "混着两种字母", "Αdmin": "混着两种字母", "e\u0301": "长得一样", "\xff": "读不出来", "": "1 到 5 个字", "示例示例示例": "1 到 5 个字",
	} {
		_, err := domain.Name("姓名", bad, 5)
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) ||
			!strings.Contains(err.Error(), "姓名") {
			t.Errorf("%q: %v, want %q", bad, err, want)
		}
	}
}
