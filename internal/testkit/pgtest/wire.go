package pgtest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Wire is a way to a database that a test can cut at a statement, and on which it counts
// what is asked.
type Wire struct {
	tb      testing.TB
	dir     string
	network string // of the server
	place   string
	address *url.URL

	mu      sync.Mutex
	cut     string // the statement at which a connection is cut
	reaches bool   // it goes to the server, and only the answer is lost
	cuts    int    // that were made
	asked   int    // questions that the server was to answer
}

// NewWire listens before the server of an address until the test's end.
func NewWire(tb testing.TB, address string) *Wire {
	tb.Helper()
	u, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	w := &Wire{tb: tb, address: u, network: "tcp"}
	host, port := u.Query().Get("host"), u.Port()
	if host == "" {
		host = u.Hostname()
	}
	if port == "" {
		port = "5432"
	}
	w.place = net.JoinHostPort(host, port)
	if strings.HasPrefix(host, "/") {
		w.network, w.place = "unix", filepath.Join(host, ".s.PGSQL."+port)
	}
	if w.dir, err = os.MkdirTemp("", "pgw"); err != nil { // a socket's path is short
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(w.dir) })
	//nolint:noctx // ends with the test
	listener, err := net.Listen("unix", filepath.Join(w.dir, ".s.PGSQL.5432"))
	if err != nil {
		tb.Fatal(err)
	}
	var ends sync.WaitGroup
	ends.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			ends.Go(func() { w.carry(client) })
		}
	})
	tb.Cleanup(func() { _ = listener.Close(); ends.Wait() })
	return w
}

// Address returns how a database is reached through the wire.
func (w *Wire) Address() string {
	u := *w.address
	u.Host = ""
	u.RawQuery = url.Values{"host": {w.dir}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// Cut lets the connection end at the next statement that is so, once: before it reaches
// the server, or when the server has answered it and the answer has not arrived.
func (w *Wire) Cut(statement string, reaches bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut, w.reaches = statement, reaches
}

// Cuts returns how often a connection was cut.
func (w *Wire) Cuts() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.cuts
}

// Asked returns how many questions were sent that the server was to answer.
func (w *Wire) Asked() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}

// carry carries one connection.
func (w *Wire) carry(client net.Conn) {
	defer client.Close() //nolint:errcheck // nobody is left to be told
	//nolint:noctx // ends with the test
	server, err := net.Dial(w.network, w.place)
	if err != nil {
		return
	}
	defer server.Close() //nolint:errcheck // as above
	var lost sync.Once
	silent := make(chan struct{}) // nothing goes to the client any more
	var back sync.WaitGroup
	back.Go(func() {
		defer client.Close() //nolint:errcheck // as above
		carryBack(server, client, silent)
	})
	from := bufio.NewReader(client)
	for first := true; ; first = false {
		message, err := readMessage(from, first)
		if err != nil {
			break
		}
		cut, reaches := w.look(message)
		if cut && !reaches {
			break
		}
		if cut {
			lost.Do(func() { close(silent) })
		}
		if _, err := server.Write(message); err != nil {
			break
		}
		if cut { // the other way ends when the server has answered
			back.Wait()
			break
		}
	}
	_ = server.Close()
	back.Wait()
}

// look counts a message of a client and reports whether the connection is cut at it.
func (w *Wire) look(message []byte) (cut, reaches bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if message[0] == 'Q' || message[0] == 'S' {
		w.asked++
	}
	if w.cut == "" || message[0] != 'Q' || string(bytes.TrimRight(message[5:], "\x00")) != w.cut {
		return false, false
	}
	w.cut = ""
	w.cuts++
	return true, w.reaches
}

// carryBack carries what the server says, until it has answered what the client is not
// to hear of.
func carryBack(server io.Reader, client io.Writer, silent <-chan struct{}) {
	from := bufio.NewReader(server)
	for {
		message, err := readMessage(from, false)
		if err != nil {
			return
		}
		select {
		case <-silent:
			if message[0] == 'Z' { // ready for the next question
				return
			}
			continue
		default:
		}
		if _, err := client.Write(message); err != nil {
			return
		}
	}
}

// readMessage reads one message; the first of a client has no letter before its length.
func readMessage(from *bufio.Reader, first bool) ([]byte, error) {
	head := 5
	if first {
		head = 4
	}
	start, err := from.Peek(head)
	if err != nil {
		return nil, err
	}
	length := int(binary.BigEndian.Uint32(start[head-4:])) + head - 4
	message := make([]byte, length)
	_, err = io.ReadFull(from, message)
	return message, err
}
