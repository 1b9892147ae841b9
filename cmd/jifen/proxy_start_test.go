package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// started starts a program, waits for a line on its standard error that holds
// ready, and returns that line and what ends the program; the test's end does too. The
// context of a test ends before that, and with it nginx without its workers.
func started(t *testing.T, program *exec.Cmd, ready string) (line string, stop func()) {
	t.Helper()
	errs, err := program.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	lines, all, drained := bufio.NewScanner(errs), &strings.Builder{}, make(chan struct{})
	for !strings.Contains(lines.Text(), ready) {
		if !lines.Scan() {
			t.Fatalf("%s ended by itself (%v):\n%s", program.Path, program.Wait(), all)
		}
		all.WriteString(lines.Text() + "\n")
	}
	line = lines.Text()
	go func() {
		_, _ = io.Copy(io.Discard, errs)
		close(drained)
	}()
	ended := false
	stop = func() {
		if ended {
			return
		}
		ended = true
		if err := program.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		<-drained
		if err := program.Wait(); err != nil {
			t.Errorf("%s: %v", program.Path, err)
		}
	}
	t.Cleanup(stop)
	return line, stop
}

// freeAddress returns an address on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

func port(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }

// makeCertificate writes a certificate for the example's name that signs itself.
func (p *proxied) makeCertificate(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{exampleName}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	p.certificate, p.key = filepath.Join(p.folder, "certificate.pem"), filepath.Join(p.folder, "key.pem")
	write(t, p.certificate, string(certificate))
	write(t, p.key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	p.trusted = x509.NewCertPool()
	if !p.trusted.AppendCertsFromPEM(certificate) {
		t.Fatal("the certificate is none")
	}
}
