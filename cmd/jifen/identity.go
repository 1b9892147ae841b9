package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/oidc"
	"jifen/internal/web/ui"
)

// providerFlags say at which provider of identities people sign in too.
type providerFlags struct {
	OIDCIssuer     string `name:"oidc-issuer" placeholder:"网址" help:"统一认证（OpenID Connect）的地址；写了，登录页多一个“用统一认证登录”"`
	OIDCClient     string `name:"oidc-client" placeholder:"编号" help:"本网站在统一认证那里的编号"`
	OIDCSecretFile string `name:"oidc-secret-file" placeholder:"文件" help:"本网站在统一认证那里的密钥，写在只有自己能读的文件里"`
	PublicAddress  string `name:"public-address" placeholder:"网址" help:"别人打开本网站的网址，统一认证登录好了回到这里"`
}

// wholeProvider refuses a provider of which something is not written.
func (f *providerFlags) wholeProvider() error {
	written := 0
	for _, text := range []string{f.OIDCIssuer, f.OIDCClient, f.OIDCSecretFile, f.PublicAddress} {
		if text != "" {
			written++
		}
	}
	switch written {
	case 0:
		return nil
	case 4:
		for _, address := range []string{f.OIDCIssuer, f.PublicAddress} {
			if err := oidc.CheckAddress(address); err != nil {
				return misused(err)
			}
		}
		return nil
	}
	return misused(fault.New(fault.Invalid, "用统一认证登录，要写的没有写全").
		WithHint("--oidc-issuer、--oidc-client、--oidc-secret-file、--public-address 四样一起写，或者都不写"))
}

// provider returns the provider of identities, nil where none is named.
func (f *providerFlags) provider() (*oidc.Provider, error) {
	if f.OIDCIssuer == "" {
		return nil, nil //nolint:nilnil // none is no mistake
	}
	secret, err := secretIn(f.OIDCSecretFile)
	if err != nil {
		return nil, err
	}
	return oidc.New(oidc.Settings{Issuer: f.OIDCIssuer, Client: f.OIDCClient, Secret: secret,
		Back: strings.TrimSuffix(f.PublicAddress, "/") + ui.ProviderBackPath,
		Now:  today, Random: rand.Reader})
}

// identityCommand is jifen user identity.
type identityCommand struct {
	aboutAccount
	Issuer  string `placeholder:"网址" help:"统一认证的地址，和 serve 的 --oidc-issuer 一字不差"`
	Subject string `placeholder:"标识" help:"统一认证给他的标识（sub）"`
	None    bool   `name:"none" help:"取消关联"`
}

// Help shows how it is used.
func (*identityCommand) Help() string {
	return `写明一个帐号的本人在统一认证那里是谁，以后他可以用统一认证登录。标识是统一认证给的，本人点“用统一认证登录”，页面上会写出来。
先核对是本人：写错了，别人就用他的帐号登录。关联、取消以后，这个帐号登录着的地方都退出来。一个标识只关联一个帐号。

例子：
  jifen user identity --db data/jifen.db --as anquan --login jiedao --issuer https://login.example.cn --subject 3f0c2a
  jifen user identity --db data/jifen.db --as anquan --login jiedao --none
`
}

// Run records who the holder of an account is at a provider.
func (k *identityCommand) Run(c *console) error {
	switch {
	case k.None && k.Issuer+k.Subject != "":
		return misused(fault.New(fault.Invalid, "写了标识，又写取消").WithHint("两样只要一样"))
	case !k.None && (k.Issuer == "" || k.Subject == ""):
		return misused(fault.New(fault.Invalid, "要写 --issuer 和 --subject，或者 --none").WithHint("见 jifen user identity --help"))
	case !k.None:
		if err := oidc.CheckAddress(k.Issuer); err != nil {
			return misused(err)
		}
	}
	return k.do(c, func(ctx context.Context, h *house, actor *access.Actor, a domain.Account) error {
		who := domain.Identity{Issuer: k.Issuer, Subject: k.Subject}
		if err := h.signing().SetIdentity(ctx, actor, a.ID, who); err != nil {
			return err
		}
		words := "不再关联统一认证"
		if !k.None {
			words = "关联了统一认证的标识 " + k.Subject
		}
		_, err := fmt.Fprintf(c.out, "帐号 %s：%s\n", a.Login, words)
		return err
	})
}
