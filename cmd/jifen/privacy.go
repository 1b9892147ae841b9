package main

import (
	"io"

	"jifen/internal/fault"
	"jifen/internal/web"
	"jifen/internal/web/ui"
)

// privacyCommand is jifen privacy.
type privacyCommand struct{}

// Help shows what it does.
func (*privacyCommand) Help() string {
	return `印出网站上“个人信息告知”那一页的文字：记什么、为什么、留多久、谁看得到、可以要求什么。
要按本单位的写，存成文件改好，开网站时用 --privacy 写上它。以 # 开头的行是标题，以 - 开头的是一条，其余的是一段。

例子：
  jifen privacy > 告知.txt
  jifen serve --db data/jifen.db --privacy 告知.txt
`
}

// Run prints the text that comes with the program.
func (*privacyCommand) Run(c *console) error {
	_, err := io.WriteString(c.out, web.Privacy())
	return err
}

// privacyOf reads the privacy notice of a file; "" is the one that comes with the program.
func privacyOf(path string) ([]ui.PrivacyPart, error) {
	if path == "" {
		return web.ParsePrivacy(web.Privacy())
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	text, err := io.ReadAll(io.LimitReader(f, web.MaxPrivacy+1))
	if err != nil {
		return nil, unreadable(path, err)
	}
	parts, err := web.ParsePrivacy(string(text))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "%s：%s", path, fault.From(err).Message).
			WithHint("%s", fault.From(err).Hint)
	}
	return parts, nil
}
