package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// TestAClosedAccountIsNobodysHand: an account is closed on the web site only,
// so the file is opened beside the command line.
func TestAClosedAccountIsNobodysHand(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	jifen := func(want int, args ...string) string {
		t.Helper()
		var out, complaints bytes.Buffer
		if got := run(args, &out, &complaints, givenSecret); got != want {
			t.Fatalf("%q: %d\n%s", args, got, complaints.String())
		}
		return complaints.String()
	}
	jifen(exitDone, "init", "--db", path, "--street", "示例街道")
	jifen(exitDone, "user", "add", "--as", "anquan", "--db", path, "--login", "jiedao", "--name", "示例干事", "--role",
		"街道党工委", "--org", "示例街道", "--no-member")
	jifen(exitDone, "user", "role", "agree", "--as", "guanli", "--db", path, "--login", "jiedao")
	said := jifen(exitNo, "member", "show", "P0001", "--db", path, "--as", "jiedao")
	if !strings.Contains(said, "没有这名党员") {
		t.Fatal(said)
	}
	err := database{path}.with(func(ctx context.Context, h *house) error {
		guanli, err := h.signing().ActorOf(ctx, "anquan")
		if err != nil {
			return err
		}
		a, err := h.signing().Find(ctx, guanli, "jiedao")
		if err != nil {
			return err
		}
		return h.signing().Close(ctx, guanli, a.ID, true)
	})
	if err != nil {
		t.Fatal(err)
	}
	said = jifen(exitNo, "member", "show", "P0001", "--db", path, "--as", "jiedao")
	if !strings.Contains(said, "帐号“jiedao”已经停用") {
		t.Error(said)
	}
}
