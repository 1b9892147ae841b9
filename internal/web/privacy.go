package web

import (
	_ "embed"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"jifen/internal/fault"
	"jifen/internal/server"
	"jifen/internal/web/ui"
)

// MaxPrivacy bounds the text of a privacy notice, in bytes.
const MaxPrivacy = 64 << 10

//go:embed privacy.txt
var privacy string

// Privacy returns the text of the privacy notice (告知) that comes with the program.
func Privacy() string { return privacy }

// ParsePrivacy reads the text of a privacy notice: lines that begin with # are headings,
// with - items of a list, others paragraphs. fault.Invalid for no text and for too much.
func ParsePrivacy(text string) (out []ui.PrivacyPart, err error) {
	switch {
	case len(text) > MaxPrivacy:
		return nil, fault.New(fault.Invalid, "告知的文字太长").WithHint("最多 %d KB", MaxPrivacy>>10)
	case !utf8.ValidString(text):
		return nil, fault.New(fault.Invalid, "告知的文字不是 UTF-8").WithHint("另存为 UTF-8 的纯文本")
	}
	part := func() *ui.PrivacyPart {
		if len(out) == 0 {
			out = append(out, ui.PrivacyPart{})
		}
		return &out[len(out)-1]
	}
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		line = strings.TrimSpace(line)
		heading, isHeading := strings.CutPrefix(line, "#")
		item, isItem := strings.CutPrefix(line, "-")
		switch {
		case line == "":
		case isHeading:
			out = append(out, ui.PrivacyPart{Heading: strings.TrimSpace(strings.TrimLeft(heading, "#"))})
		case isItem:
			p := part()
			p.Items = append(p.Items, strings.TrimSpace(item))
		default:
			p := part()
			p.Words = append(p.Words, line)
		}
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "告知的文件是空的").WithHint("先印出程序自带的再改：jifen privacy > 告知.txt")
	}
	return out, nil
}

// privacyRoutes lists the page that says what is kept of people.
func (s *Site) privacyRoutes() []route {
	return []route{{get, ui.PrivacyPath, server.Anyone, s.PrivacyNotice}}
}

// PrivacyNotice shows what is kept of people, why, for how long, who sees it and what they
// may ask for.
func (s *Site) PrivacyNotice(c *gin.Context) error {
	s.render(c, http.StatusOK, ui.Privacy{Frame: s.frame(c, nil), Parts: s.Privacy})
	return nil
}
