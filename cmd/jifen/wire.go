package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"time"

	"jifen/internal/access"
	"jifen/internal/api"
	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/audit"
	"jifen/internal/app/entries"
	"jifen/internal/app/exports"
	"jifen/internal/app/machine"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/app/periods"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/backup"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/oidc"
	"jifen/internal/server"
	"jifen/internal/server/bind"
	"jifen/internal/store"
	"jifen/internal/vault"
	"jifen/internal/web"
	"jifen/internal/web/ui"
	assets "jifen/web"
)

// zone is the organisation's: China has had one, without summer time, since
// 1992.
func zone() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

// house is everything that stands on one database.
type house struct {
	activities *activities.Service
	entries    *entries.Service

	db        *store.DB
	vault     *vault.Vault
	standings *standings.Service
	ledger    *members.Recorder
	members   *members.Service
	enactment *rules.Service
	orgs      *orgs.Service
	periods   *periods.Service
	exports   *exports.Service

	acting []*access.Actor // who proved that he acts by this command
	about  domain.MemberID // the member whom the command is about; "" for none
}

// openHouse opens a database under the key beside it, which nobody else may read,
// and builds the use cases over it. A file that is not there cannot be worked on,
// which is no answer.
func openHouse(ctx context.Context, path string, create bool) (*house, error) {
	return openUnder(ctx, path, backup.KeyPath(path), create)
}

// openUnder is openHouse with a key that lies elsewhere.
func openUnder(ctx context.Context, path, key string, create bool) (*house, error) {
	return openIn(ctx, world(), path, key, create)
}

// openIn is openUnder in a world that is given.
func openIn(ctx context.Context, w backup.World, path, key string, create bool) (*house, error) {
	if err := backup.OwnersOnly(key); err != nil {
		return nil, err
	}
	how := w.Open
	if create {
		how = w.Create
	}
	db, v, err := how(ctx, path, key)
	if err != nil {
		return nil, missing(err)
	}
	if err := recordMigration(ctx, db, path, os.Stderr); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	h := &house{db: db, vault: v, standings: standings.New(db, zone())}
	h.ledger = members.NewRecorder(db, h.standings, zone(), entries.Kind(h.standings), activities.Kind(h.standings))
	h.ledger.Vault = v
	h.ledger.List = func(ctx context.Context) error {
		return backup.ListErasures(ctx, db, backup.ErasuresPath(path))
	}
	if err := repeatErasures(ctx, h, path, os.Stderr); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	h.members = members.New(db, h.standings, h.ledger, zone())
	h.members.RolesWaiting = accounts.AwaitsAgreement
	h.activities = activities.New(db, h.standings, zone())
	h.entries = entries.New(db, h.standings, h.ledger.Requests, zone())
	h.enactment = rules.New(db, h.standings, zone())
	h.orgs = orgs.New(db, h.standings, zone(), h.ledger.Waiting)
	h.periods = periods.New(db, h.standings, zone())
	h.exports = exports.New(h.standings, h.members)
	return h, nil
}

// openReadOnly opens a database to be looked at and nothing else, under the key
// beside it where there is one.
func openReadOnly(ctx context.Context, path string) (*store.ReadOnly, error) {
	db, err := world().OpenReadOnly(ctx, path, backup.KeyPath(path))
	return db, missing(err)
}

// missing makes of a database that is not there one that cannot be worked on.
func missing(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Code == fault.NotFound {
		return fault.Wrap(err, fault.Unavailable, "%s", f.Message).WithHint("%s", f.Hint)
	}
	return err
}

// signing builds what signs people in.
func (h *house) signing() *accounts.Service {
	return accounts.New(h.db, rand.Reader, accounts.NewHasher(accounts.StandardCost()))
}

// world returns the clock and the chance with which databases are copied.
func world() backup.World { return backup.World{Now: today, Random: rand.Reader} }

// today is the day it is for the organisation.
func today() time.Time { return time.Now().In(zone()) }

// siteParts holds what a web site is built of beside the house.
type siteParts struct {
	signing *accounts.Service
	log     *slog.Logger
	tls     bool           // people reach it by https
	proxies []netip.Prefix // that stand before it
	limits  server.Limits
	later   *audit.Later             // writes the lines of what was looked at; nil writes none
	keeper  *backup.Keeper           // what is kept of the house every day; nil where nothing is
	observe func(server.Observation) // is told of every request; nil for nobody
	replica bool                     // who only reads may be answered by a replica
	now     func() time.Time         // nil for the computer's clock
	privacy []ui.PrivacyPart         // what people are told of what is kept of them
	// at which people sign in too; nil for none
	provider *oidc.Provider
}

// answered returns what is told of every answer to somebody, for the trail.
func (w *siteParts) answered() func(*access.Actor, *server.Route, int, domain.MemberID) {
	if w.later == nil {
		return nil
	}
	return func(actor *access.Actor, r *server.Route, status int, member domain.MemberID) {
		w.later.Answered(actor, r.Permission, r.Method, status, member)
	}
}

// buildServer builds the web site over a house.
func buildServer(h *house, w siteParts) (*server.Server, error) {
	signing, log, keeper, now := w.signing, w.log, w.keeper, w.now
	if now == nil {
		now = time.Now
	}
	manifest, err := assets.ReadManifest(assets.Assets())
	if err != nil {
		return nil, err
	}
	pages, err := ui.New(assets.Templates(), manifest)
	if err != nil {
		return nil, err
	}
	var s *web.Site
	var fresh func(context.Context) (context.Context, server.Freshness)
	if w.replica {
		fresh = freshness
	}
	srv := server.New(server.Options{
		Fresh:    fresh,
		Accounts: signing, Sessions: accounts.NewSessions(h.db, now), Random: rand.Reader, Now: now, Log: log,
		TLS: w.tls, Proxies: w.proxies, Limits: w.limits, Observe: w.observe,
		Kept:   bind.Kept,
		Ask:    func(c *server.Context, q server.Question) { s.Ask(c, q) },
		Refuse: func(c *server.Context, err error) { s.Refuse(c, err) }, Answered: w.answered(),
	})
	o := web.Options{
		Machine: machine.New(h.db, zone()), Accounts: signing, Ledger: h.ledger, Members: h.members, Enactment: h.enactment,
		Orgs: h.orgs, Locks: h.periods, Standings: h.standings, Exports: h.exports, Pages: pages, Session: srv,
		Activities: h.activities, Entries: h.entries,
		Random: rand.Reader, Now: now, Zone: zone(), Log: log, Version: version, Since: now(), TLS: w.tls,
		Privacy: w.privacy, Provider: w.provider,
	}
	if w.later != nil {
		o.Lost = w.later.Lost
	}
	if keeper != nil {
		o.Root = func() *web.Root { return (*web.Root)(keeper.Root()) }
		o.Daily = func() (out []web.DailyWork) {
			for _, w := range keeper.Daily() {
				out = append(out, web.DailyWork(w))
			}
			return out
		}
	}
	if keeper != nil && keeper.Copying() {
		o.Backups = func() web.Backup { return web.Backup(keeper.Copies()) }
	}
	s = web.New(o)
	programs := api.New(api.Options{
		Activities: h.activities, Entries: h.entries,
		Accounts: signing, Ledger: h.ledger, Members: h.members, Orgs: h.orgs, Standings: h.standings, Exports: h.exports,
		Actor: srv.Actor,
		Now:   now, Zone: zone(), Log: log, Machine: o.Machine,
	})
	return srv, srv.Mount(routes(s, programs))
}

// freshness returns a context whose reads are as new as what it returns with it says.
func freshness(ctx context.Context) (context.Context, server.Freshness) {
	f := &store.Freshness{}
	return store.WithFreshness(ctx, f), f
}

// routes is the whole route table.
func routes(s *web.Site, a *api.API) []server.Route {
	return append(s.Routes(assets.Assets()), a.Routes()...)
}
