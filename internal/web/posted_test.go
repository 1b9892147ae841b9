package web_test

import (
	"image"
	"image/color"
	"image/draw"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"jifen/internal/testkit"
	"jifen/internal/web"
)

// TestARootIsPosted reads the code on the pages as a telephone does.
func TestARootIsPosted(t *testing.T) {
	t.Parallel()
	hex := strings.Repeat("0123456789abcdef", 4)
	root := &web.Root{At: "2026-06-01 02:00", Number: 12, Grouped: "3f9a 01bc 07c1", Note: "jifen/3f9a01bc\nnumber 12\n" +
		"at 2026-06-01T02:00:07+08:00\nsize 4711\nroot " + hex + "\nline " + hex + "\nbefore " + hex + "\n\n" +
		"— jifen/3f9a01bc " + strings.Repeat("Qk1hbb1V", 11) + "/w==\n"}
	w := openWith(t, testkit.New(t), func(o *web.Options) { o.Root = func() *web.Root { return root } })
	clerk, admin := w.visit(t, "clerk"), w.visit(t, "admin")
	for _, again := range []string{"", " once more", " of another root"} {
		if again == " of another root" {
			other := *root
			other.Number, other.Note = 13, strings.Replace(root.Note, "number 12", "number 13", 1)
			root = &other
		}
		for page, v := range map[string]*visitor{"/ranking": clerk, "/health": admin} {
			_, text, _ := v.get(page)
			if !strings.Contains(text, root.Grouped) || !strings.Contains(text, root.At) ||
				!strings.Contains(text, "第 "+strconv.FormatInt(root.Number, 10)+" 个根") {
				t.Errorf("%s%s does not say the root:\n%s", page, again, text)
			}
			if got := scanned(t, text); got != root.Note {
				t.Errorf("%s%s: the code holds %q, want %q", page, again, got, root.Note)
			}
		}
	}

	root = &web.Root{At: "2026-06-02 02:00", Grouped: "3f9a 01bc 07c1"}
	if _, text, _ := clerk.get("/ranking"); !strings.Contains(text, root.Grouped) || strings.Contains(text, "二维码") {
		t.Errorf("a root that nobody signed:\n%s", text)
	}
	root = nil
	if _, text, _ := clerk.get("/ranking"); strings.Contains(text, "3f9a 01bc") {
		t.Errorf("a root where there is none:\n%s", text)
	}
}

// scanned draws the code on a page and reads it.
func scanned(t *testing.T, page string) string {
	t.Helper()
	box := regexp.MustCompile(`viewBox="0 0 (\d+) (\d+)" role="img"`).FindStringSubmatch(page)
	path := regexp.MustCompile(`class="posted-black" d="([^"]*)"`).FindStringSubmatch(page)
	if box == nil || path == nil {
		t.Fatalf("no code on\n%s", page)
	}
	const scale = 4
	side := number(t, box[1]) * scale
	picture := image.NewGray(image.Rect(0, 0, side, side))
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	x, y := 0, 0
	for _, s := range regexp.MustCompile(`M(\d+) (\d+)\.5|m(\d+) 0|h(\d+)`).FindAllStringSubmatch(path[1], -1) {
		switch {
		case s[1] != "":
			x, y = number(t, s[1]), number(t, s[2])
		case s[3] != "":
			x += number(t, s[3])
		default:
			n := number(t, s[4])
			draw.Draw(picture, image.Rect(x*scale, y*scale, (x+n)*scale, (y+1)*scale), image.NewUniform(color.Black),
				image.Point{}, draw.Src)
			x += n
		}
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		t.Fatal(err)
	}
	return read.GetText()
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
