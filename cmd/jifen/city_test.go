package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/demo"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit/pgtest"
)

// Bounds of what is measured.
const (
	cityCallers  = 32               // who post at once
	citySpell    = 6 * time.Second  // for which they post
	cityStreets  = 16               // in which they post, where there are as many
	cityPages    = 300              // that are asked
	cityPatience = 30 * time.Second // for one answer
)

// city is a database on a server of its own that waits for the disk, with one street or many.
type city struct {
	t       *testing.T
	program string
	address string
	sql     *sql.DB
	client  *http.Client
	server  int // the process of the server
	streets []cityStreet
	posted  int
}

// cityStreet is a street in which the measurement works.
type cityStreet struct {
	id, token string
	login     string // whose token it is
	members   []string
	branches  []string
}

// TestCity measures entries, pages, rankings and recomputations with one street of 1,485
// members, or of JIFEN_CITY_STREET, and with JIFEN_CITY members in streets of that size,
// and prints a table.
func TestCity(t *testing.T) {
	size, err := strconv.Atoi(os.Getenv("JIFEN_CITY"))
	if err != nil || size < 50 {
		t.Skip("JIFEN_CITY says of how many members, 50 at least: make benchcity")
	}
	street, err := strconv.Atoi(os.Getenv("JIFEN_CITY_STREET"))
	if err != nil {
		street = demo.FullSize
	}
	c := foundCity(t, min(size, street))
	small := c.measure(1)
	copies := size/street - 1
	if copies < 1 {
		return
	}
	begun := time.Now()
	repeatStreet(t, c.sql, copies)
	fmt.Printf("%d copies of the street: %.0f s\n", copies, time.Since(begun).Seconds())
	large := c.measure(min(copies, cityStreets))
	for i, l := range large {
		fmt.Printf("grown %-50s × %.2f\n", l.name, l.value/small[i].value)
	}
}

// foundCity makes the first street as jifen demo does.
func foundCity(t *testing.T, members int) *city {
	t.Helper()
	server := pgtest.NewCluster(t, "max_connections = 200\nshared_buffers = 1GB\nmax_wal_size = 8GB\n"+
		"work_mem = 32MB\nmaintenance_work_mem = 512MB\nsynchronous_commit = on")
	c := &city{t: t, program: built(t), address: server.Database("city"),
		client: &http.Client{Timeout: cityPatience, Transport: &http.Transport{MaxIdleConnsPerHost: cityCallers}}}
	t.Chdir(t.TempDir()) // where the key lies
	begun := time.Now()
	ran(t, c.program, "demo", "--db", c.address, "--members", strconv.Itoa(members))
	fmt.Printf("jifen demo, %d members: %.0f s\n", members, time.Since(begun).Seconds())
	var err error
	if c.sql, err = sql.Open("pgx", c.address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.sql.Close() })
	first, err := os.ReadFile(filepath.Join(server.Data(), "postmaster.pid"))
	if err == nil {
		line, _, _ := strings.Cut(string(first), "\n")
		c.server, err = strconv.Atoi(line)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// number asks the database for one number.
func (c *city) number(query string, args ...any) (n float64) {
	c.t.Helper()
	if err := c.sql.QueryRowContext(c.t.Context(), query, args...).Scan(&n); err != nil {
		c.t.Fatalf("%s: %v", query, err)
	}
	return n
}

func (c *city) strings(query string, args ...any) (out []string) {
	c.t.Helper()
	rows, err := c.sql.QueryContext(c.t.Context(), query, args...)
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			c.t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		c.t.Fatal(err)
	}
	return out
}

// hire makes a clerk with a token for so many streets, the last ones.
func (c *city) hire(streets int) {
	c.t.Helper()
	ctx := context.Background()
	h, err := openHouse(ctx, c.address, false)
	if err != nil {
		c.t.Fatal(err)
	}
	defer h.db.Close() //nolint:errcheck // nothing is written any more
	c.streets = nil
	for _, id := range c.strings("SELECT id::text FROM orgs WHERE level = '街道' ORDER BY id DESC LIMIT $1", streets) {
		s := cityStreet{id: id,
			branches: c.strings("SELECT b.id::text FROM orgs s JOIN orgs b ON b.path LIKE s.path || '%' AND b.level = '支部' "+
				"WHERE s.id = $1::bigint AND EXISTS (SELECT 1 FROM members m WHERE m.home_id = b.id) ORDER BY b.id", id),
			members: c.strings("SELECT m.id FROM orgs s JOIN orgs b ON b.path LIKE s.path || "+
				"'%' JOIN members m ON m.home_id = b.id "+
				"WHERE s.id = $1::bigint AND m.left_on IS NULL ORDER BY m.id", id),
		}
		var account domain.AccountID
		if err := h.db.Write(ctx, func(tx *store.Tx) (err error) {
			s.login = fmt.Sprint("m", id, "x", c.posted)
			if account, err = tx.InsertAccount(domain.Account{Login: s.login, Name: s.login}, 0); err != nil {
				return err
			}
			if err := tx.InsertTrace(domain.AuditEvent{Action: "开帐号"}); err != nil {
				return err
			}
			return tx.InsertAssignment(account, domain.RoleStreet, domain.OrgID(id), false, 0)
		}); err != nil {
			c.t.Fatal(err)
		}
		s.token, err = h.signing().MakeToken(ctx, access.Program("演示"), account, "measure",
			time.Hour*24, domain.TokenScope{})
		if err != nil {
			c.t.Fatal(err)
		}
		c.streets = append(c.streets, s)
	}
}

// measured is one number of the table.
type measured struct {
	name  string
	value float64
}

// measure prints and returns what the city takes as it is, for work in so many streets.
func (c *city) measure(streets int) (out []measured) {
	c.t.Helper()
	c.hire(streets)
	members, entries := c.number("SELECT count(*) FROM members"), c.number("SELECT count(*) FROM entries")
	bytes := c.number("SELECT pg_database_size(current_database())")
	fmt.Printf("\n%.0f members, %.0f entries, %.2f GB, %.0f bytes a member; %d streets are worked in\n",
		members, entries, bytes/1e9, bytes/members, len(c.streets))
	add := func(name, unit string, value float64) {
		out = append(out, measured{name, value})
		fmt.Printf("%-50s %10.2f %s\n", name, value, unit)
	}
	for _, n := range []int{1, 2, 4} {
		c.record(n, add)
	}
	c.pages(add)
	c.lock(add)
	return out
}

// record lets everybody post through so many programs.
func (c *city) record(programs int, add func(name, unit string, value float64)) {
	c.t.Helper()
	var running []*served
	for range programs {
		running = append(running, serveFor(c.t, c.program, c.address))
	}
	var done, refused atomic.Int64
	spell := func(length time.Duration) {
		var wait sync.WaitGroup
		ctx, stop := context.WithTimeout(c.t.Context(), length)
		defer stop()
		base := c.posted
		c.posted += 1 << 20
		for caller := range cityCallers {
			wait.Go(func() {
				s := &c.streets[caller%len(c.streets)]
				for i := 0; ctx.Err() == nil; i++ {
					note := fmt.Sprint("量 ", base+i, " ", caller)
					if post(c.client, running[caller%programs].url, s.token, s.members[(caller*37+i)%len(s.members)], note) {
						done.Add(1)
					} else {
						refused.Add(1)
					}
				}
			})
		}
		wait.Wait()
	}
	spell(citySpell / 3) // what is held is read in
	done.Store(0)
	wal, room := c.number("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"),
		c.number("SELECT pg_database_size(current_database())")
	database, own, begun := processorBelow(c.t, c.server), programsTook(c.t, running), time.Now()
	spell(citySpell)
	took, n := time.Since(begun).Seconds(), float64(max(1, done.Load()))
	database, own = processorBelow(c.t, c.server)-database, programsTook(c.t, running)-own
	wal = c.number("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn") - wal
	room = c.number("SELECT pg_database_size(current_database())") - room
	for _, s := range running {
		s.kill(c.t)
	}
	if refused.Load() > 0 {
		c.t.Errorf("%d entries were refused", refused.Load())
	}
	name := fmt.Sprintf("entries, %d processes: ", programs)
	add(name+"rate", "/s", n/took)
	add(name+"processor of the database", "ms each", database/n*1000)
	add(name+"processor of the programs", "ms each", own/n*1000)
	add(name+"processors in use", "", (database+own)/took)
	add(name+"log written", "KB each", wal/n/1e3)
	add(name+"room taken", "KB each", room/n/1e3)
}

// pages asks one program for lists of branches and streets.
func (c *city) pages(add func(name, unit string, value float64)) {
	c.t.Helper()
	s := c.streets[0]
	if _, err := c.sql.ExecContext(c.t.Context(), "DELETE FROM standings"); err != nil {
		c.t.Fatal(err)
	}
	p := serveFor(c.t, c.program, c.address)
	begun, database := programsTook(c.t, []*served{p}), processorBelow(c.t, c.server)
	recomputed := c.ask(p, s, s.id)
	add("street recomputed", "ms", recomputed)
	each := float64(len(s.members))
	add("street recomputed, processor of the program", "ms a member", (programsTook(c.t, []*served{p})-begun)*1000/each)
	add("street recomputed, processor of the database", "ms a member", (processorBelow(c.t, c.server)-database)*1000/each)
	for _, other := range c.streets[1:] { // what lists show of them is remembered too
		c.ask(p, other, other.id)
	}
	p.kill(c.t)
	p = serveFor(c.t, c.program, c.address)
	defer p.kill(c.t)
	add("ranking of the street, first", "ms", c.ask(p, s, s.id))
	add("ranking of the street, held", "ms", c.ask(p, s, s.id))
	begun, database = programsTook(c.t, []*served{p}), processorBelow(c.t, c.server)
	var times []float64
	for i := range cityPages {
		at := c.streets[i%len(c.streets)]
		times = append(times, c.ask(p, at, at.branches[i/len(c.streets)%len(at.branches)]))
	}
	slices.Sort(times)
	add("list of a branch, p50", "ms", times[len(times)/2])
	add("list of a branch, p99", "ms", times[len(times)*99/100])
	add("list of a branch, processor of the program", "ms each", (programsTook(c.t, []*served{p})-begun)*1000/cityPages)
	add("list of a branch, processor of the database", "ms each", (processorBelow(c.t, c.server)-database)*1000/cityPages)
}

// lock locks the year in every branch of the streets, and opens it again.
func (c *city) lock(add func(name, unit string, value float64)) {
	c.t.Helper()
	branches := 0
	begun, database := time.Now(), processorBelow(c.t, c.server)
	for _, s := range c.streets {
		branches += len(s.branches)
		c.period(s, "lock")
	}
	each := float64(branches)
	add("a branch locked", "ms", time.Since(begun).Seconds()*1000/each)
	add("a branch locked, processor of the database", "ms", (processorBelow(c.t, c.server)-database)*1000/each)
	for _, s := range c.streets {
		c.period(s, "open", "--reason", "再量一次")
	}
}

// period locks the year of a street or opens it.
func (c *city) period(s cityStreet, step string, more ...string) {
	c.t.Helper()
	name := c.strings("SELECT name FROM orgs WHERE id = $1::bigint", s.id)[0]
	ran(c.t, c.program, append([]string{"period", step, "--db", c.address, "--as", s.login, "--org", name,
		"--period", strconv.Itoa(today().Year())}, more...)...)
}

// ask asks for the ranking of an organisation and returns how long that took, in milliseconds.
func (c *city) ask(p *served, s cityStreet, org string) float64 {
	c.t.Helper()
	address := "http://" + p.url + "/api/v1/rankings?" + url.Values{"org": {org}}.Encode()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	begun := time.Now()
	resp, err := c.client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // read to its end
	if err != nil || resp.StatusCode != http.StatusOK {
		c.t.Fatalf("%s: %s %v\n%s", address, resp.Status, err, text)
	}
	return float64(time.Since(begun).Microseconds()) / 1000
}

// programsTook returns the processor time that programs have taken, in seconds.
func programsTook(t *testing.T, running []*served) (sum float64) {
	t.Helper()
	for _, s := range running {
		took, _ := processorOf(t, s.cmd.Process.Pid)
		sum += took
	}
	return sum
}

// processorBelow returns the processor time of a process, of those that it has begun
// and of those of them that have ended, in seconds.
func processorBelow(t *testing.T, parent int) float64 {
	t.Helper()
	sum, ended := processorOf(t, parent)
	sum += ended
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", parent, parent))
	if err != nil {
		t.Fatal(err)
	}
	for _, child := range strings.Fields(string(children)) {
		pid, err := strconv.Atoi(child)
		if err != nil {
			t.Fatal(err)
		}
		took, _ := processorOf(t, pid)
		sum += took
	}
	return sum
}

// processorOf returns the processor time of a process and of its children that have
// ended, in seconds; 0 of one that has just ended itself.
func processorOf(t *testing.T, pid int) (own, ended float64) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0
	}
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	for i, into := range map[int]*float64{11: &own, 12: &own, 13: &ended, 14: &ended} {
		ticks, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			t.Fatal(err)
		}
		*into += ticks / 100 // of a hundredth of a second, on Linux
	}
	return own, ended
}
