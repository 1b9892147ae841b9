package main

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"time"

	"github.com/alexedwards/argon2id"

	"jifen/internal/accounts"
	"jifen/internal/ledger"
	"jifen/internal/server"
	"jifen/internal/site"
	"jifen/internal/standings"
	"jifen/internal/store"
	"jifen/internal/ui"
	"jifen/web"
)

// zone is the organisation's: China has had one, without summer time, since
// 1992.
func zone() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

// house is everything that stands on one database.
type house struct {
	db        *store.DB
	accounts  *accounts.Service
	standings *standings.Service
	ledger    *ledger.Service
}

// openHouse opens a database and builds the use cases over it.
func openHouse(ctx context.Context, path string, create bool) (*house, error) {
	db, err := store.Open(ctx, store.Options{Path: path, Create: create, Now: time.Now, Random: rand.Reader})
	if err != nil {
		return nil, err
	}
	h := &house{db: db, standings: standings.New(db)}
	h.ledger = ledger.New(db, h.standings, zone())
	if h.accounts, err = accounts.New(db, rand.Reader, argon2id.DefaultParams); err != nil {
		return nil, joinClose(err, db)
	}
	return h, nil
}

// today is the day it is for the organisation.
func today() time.Time { return time.Now().In(zone()) }

// buildServer builds the web site over a house.
func buildServer(h *house, logs io.Writer, tls bool) (*server.Server, error) {
	log := slog.New(slog.NewTextHandler(logs, nil))
	manifest, err := web.ReadManifest(web.Assets())
	if err != nil {
		return nil, err
	}
	pages, err := ui.New(web.Templates(), manifest)
	if err != nil {
		return nil, err
	}
	var s *site.Site
	srv := server.New(server.Options{
		Accounts: h.accounts, Sessions: accounts.NewSessions(h.db, time.Now), Random: rand.Reader, Now: time.Now, Log: log, TLS: tls,
		Refuse: func(c *server.Context, err error) { s.Refuse(c, err) },
	})
	s = site.New(site.Options{
		DB: h.db, Accounts: h.accounts, Ledger: h.ledger, Standings: h.standings, Pages: pages, Session: srv,
		Random: rand.Reader, Now: time.Now, Zone: zone(), Log: log, Version: version, Since: time.Now(), TLS: tls,
	})
	return srv, srv.Mount(s.Routes(web.Assets()))
}
