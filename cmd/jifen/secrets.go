package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/term"

	"jifen/internal/backup"
	"jifen/internal/fault"
)

// maxSecret limits the file of a secret, in bytes.
const maxSecret = 4096

// askSecret reads a secret from a file, or asks for it at the terminal.
func askSecret(ctx context.Context, _ *house, login, file string) (string, error) {
	if file != "" {
		return secretIn(file)
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", fault.New(fault.Invalid, "要写帐号“%s”的密码，可是没有终端可以问", login).
			WithHint("把密码或凭证写进只有自己能读的文件，加 --password-file 文件")
	}
	if _, err := fmt.Fprintf(os.Stderr, "帐号 %s 的密码：", login); err != nil {
		return "", err
	}
	defer func() { _, _ = fmt.Fprintln(os.Stderr) }() // what was typed had no echo, nor had its end
	return typed(ctx, int(os.Stdin.Fd()))
}

// typed reads what is typed at a terminal that does not show it. Whoever breaks off
// finds the terminal as it was.
func typed(ctx context.Context, terminal int) (string, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "终端读不了：%s", reason(err))
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(terminal)
		read <- line{text, err}
	}()
	select {
	case l := <-read:
		if l.err != nil {
			return "", fault.Wrap(l.err, fault.Invalid, "没有写密码，什么也没有做")
		}
		return string(l.text), nil
	case <-ctx.Done():
		if err := term.Restore(terminal, before); err != nil {
			return "", fault.Wrap(err, fault.Unavailable, "终端没有复原：%s", reason(err))
		}
		return "", fault.New(fault.Invalid, "没有写密码，什么也没有做")
	}
}

// secretIn reads the secret that a file holds in its first and only line, and that
// nobody but its owner may read.
func secretIn(path string) (string, error) {
	if err := backup.OwnersOnly(path); err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "密码文件 %s 别人也能读", path).WithHint("先 chmod 600 %s，只让它的主人读", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", unreadable(path, err)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return "", unreadable(path, err)
	}
	secret := strings.TrimRight(strings.TrimPrefix(string(text), "\ufeff"), "\r\n")
	if secret == "" || len(text) > maxSecret || strings.ContainsAny(secret, "\r\n") {
		return "", fault.New(fault.Invalid, "%s 里要有一行，就是密码或凭证", path).WithHint("别的都不要写")
	}
	return secret, nil
}
