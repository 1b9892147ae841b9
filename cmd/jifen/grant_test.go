package main

import (
	"strings"
	"testing"

	"jifen/internal/testkit/expect"
	"jifen/internal/testkit/pgtest"
)

// TestTheProgramWorksWithoutTheOwnersRights makes a database as its owner, grants, and
// works on it as the user of the program.
func TestTheProgramWorksWithoutTheOwnersRights(t *testing.T) {
	owner := pgtest.Database(t)
	program := pgtest.AsProgram(t, owner)
	t.Chdir(t.TempDir()) // where the key lies
	for _, c := range []struct {
		args []string
		exit int
		want string
	}{
		{[]string{"init", "--db", program, "--street", "示例街道"}, exitCannot, "不许程序的用户"},
		{[]string{"init", "--db", owner, "--street", "示例街道"}, exitDone, "建好了"},
		{[]string{"org", "list", "--db", program, "--as", "guanli"}, exitCannot, "不许程序的用户"},
		{[]string{"migrate", "--db", program, "--grant", pgtest.Program}, exitCannot, "不许程序的用户"},
		{[]string{"migrate", "--db", owner, "--grant", "nobody"}, exitNo, "没有用户“nobody”"},
		{[]string{"migrate", "--db", owner, "--grant", pgtest.Program}, exitDone, "授权好了"},
		{[]string{"migrate", "--db", owner, "--write", "--grant", pgtest.Program}, exitDone, "授权好了"},
		{[]string{"migrate", "--db", owner, "--write"}, exitDone, "重新授权给：" + pgtest.Program},
		{[]string{"user", "token", "--db", program, "--as", "anquan", "--login", "guanli", "--name", "试验"}, exitDone, "jf_"},
		{[]string{"verify", "--db", program}, exitDone, "环环相扣"},
		{[]string{"migrate", "--db", "t.db", "--grant", "x"}, exitNo, "是文件"},
	} {
		var out, complaint strings.Builder
		exit := run(c.args, &out, &complaint, givenSecret)
		expect.Equal(t, strings.Join(c.args, " ")+": the exit code", exit, c.exit)
		expect.Contains(t, out.String()+complaint.String(), c.want)
	}
}
