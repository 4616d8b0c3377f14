package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"

	"github.com/unleaked/unleaked/report"
	"github.com/unleaked/unleaked/sweep"
)

// What the test program is when it is started by a test: the program itself, or a runner that is a process of its own.
const (
	asProgram = "UNLEAKED_TEST_PROGRAM"
	asRunner  = "UNLEAKED_TEST_RUNNER" // holds its port
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(asProgram) != "":
		main()
	case os.Getenv(asRunner) != "":
		port, err := strconv.Atoi(os.Getenv(asRunner))
		if err == nil {
			_, err = prism.CreateJobServer(context.Background(), prism.Options{Port: port})
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		select {}
	}
	os.Exit(m.Run())
}

func write(t *testing.T, name, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(name), 0o700)
	if err == nil {
		err = os.WriteFile(name, []byte(text), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// organisation makes repositories of every kind in a folder, and returns their names: one declares what others ship, one
// token is a hot key in forty of them, two are called the same by their remotes, and two cannot be read.
func organisation(t *testing.T, dir string) []string {
	t.Helper()
	hot := "web:production." + strings.Repeat("0f1e2d3c", 7)
	edge := "web:production." + strings.Repeat("5a6b7c8d", 7)
	front := "shop:production." + strings.Repeat("1f2e3d4c", 7)
	var names []string
	add := func(name string, files map[string]string) string {
		path := filepath.Join(dir, name)
		for file, text := range files {
			write(t, filepath.Join(path, file), text)
		}
		names = append(names, path)
		return path
	}
	commit := func(path string) {
		git(t, path, "init", "-q", "-b", "main")
		git(t, path, "add", "-A")
		git(t, path, "commit", "-q", "-m", "work")
	}
	infra := add("infra", map[string]string{"docker-compose.yml": "services:\n  unleash:\n    image: unleashorg/unleash-server:7\n" +
		"    environment:\n      INIT_BACKEND_API_TOKENS: " + hot + "\n"})
	commit(infra)
	git(t, infra, "remote", "add", "origin", "https://github.example/lumen/infra.git")
	web := add("web", map[string]string{
		"package.json": `{ "name": "web", "dependencies": { "unleash-proxy-client": "^3.7.0" } }`,
		"src/flags.js": "import { UnleashClient } from 'unleash-proxy-client';\nexport default new UnleashClient({\n" +
			"  url: 'https://unleash.lumen.example/api/frontend',\n  clientKey: '" + hot + "',\n  appName: 'web',\n});\n",
	})
	commit(web)
	for _, fork := range []string{"web", "fork"} {
		if fork != "web" {
			git(t, dir, "clone", "-q", web, fork)
			names = append(names, filepath.Join(dir, fork))
			git(t, filepath.Join(dir, fork), "remote", "remove", "origin")
		}
		git(t, filepath.Join(dir, fork), "remote", "add", "origin", "git@github.example:lumen/web.git")
	}
	add("edge", map[string]string{"docker-compose.yml": "services:\n  edge:\n    image: unleashorg/unleash-edge:19\n    environment:\n" +
		"      UPSTREAM_URL: https://unleash.lumen.example\n      TOKENS: " + edge + "\n      PRETRUSTED_TOKENS: " + front + "\n"})
	add("declares", map[string]string{"unleash.env": "INIT_FRONTEND_API_TOKENS=" + front + "\nINIT_BACKEND_API_TOKENS=" + edge + "\n"})
	for i := range 40 {
		add(fmt.Sprintf("copy%02d", i), map[string]string{"settings.env": "UNLEASH_API_TOKEN=" + hot + "\n",
			"README.md": "Number " + strconv.Itoa(i) + "\n"})
	}
	add("clean", map[string]string{"README.md": "Nothing.\n"})
	add("broken", map[string]string{"a.zip": "PK\x03\x04 and no more"})
	return append(names, filepath.Join(dir, "nowhere"), names[0]+"/")
}

// wanted is the report of `unleaked sweep` over the same names.
func wanted(t *testing.T, names []string, key []byte, o sweep.Options, format string) string {
	t.Helper()
	o.Key, o.Public, o.Version = key, true, version()
	res, err := sweep.Run(context.Background(), names, o)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := report.Write(&b, format, res, report.Options{Version: version()}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pipeline runs the program and returns its exit status.
func pipeline(t *testing.T, args ...string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("%v %v\n%s", err, ctx.Err(), out)
	}
	if t.Failed() || cmd.ProcessState.ExitCode() == 2 {
		t.Logf("%s", out)
	}
	return cmd.ProcessState.ExitCode()
}

func same(t *testing.T, file, want string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the sweep writes:\n%s\nbut\n%s", filepath.Base(file), got, want)
	}
}

// runner starts prism as a process of its own, and returns its address.
func runner(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asRunner+"="+strconv.Itoa(port))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address := "127.0.0.1:" + strconv.Itoa(port)
	for range 600 {
		if c, err := net.DialTimeout("tcp", address, time.Second); err == nil {
			c.Close()
			return address
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("prism does not listen")
	return ""
}

// TestSameAsSweep runs the pipeline on the embedded runner and on one that is a process of its own. What it writes is what
// the sweep of one machine writes, byte for byte; what could not be read is in a list; the exit status says so.
func TestSameAsSweep(t *testing.T) {
	dir := t.TempDir()
	names := organisation(t, dir)
	key := bytes.Repeat([]byte{9}, sweep.KeySize)
	keyFile, list := filepath.Join(dir, "key"), filepath.Join(dir, "list.txt")
	write(t, keyFile, hex.EncodeToString(key)+"\n")
	write(t, list, "# all\n\n"+strings.Join(names, "\n")+"\n")
	for _, way := range []struct {
		name  string
		flags func() []string
		from  sweep.NameFrom
	}{
		{"embedded", func() []string { return nil }, sweep.ByPath},
		{"remote", func() []string {
			return []string{"--runner", "universal", "--endpoint", runner(t), "--environment_type", "LOOPBACK"}
		}, sweep.ByRemote},
	} {
		t.Run(way.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			args := append([]string{"--list", list, "--output", out, "--key-file", keyFile, "--public", "--format", "json", "--format",
				"sarif", "--name-from", string(way.from)}, way.flags()...)
			if status := pipeline(t, args...); status != 2 {
				t.Errorf("exit status %d of a sweep that could not read everything", status)
			}
			for _, format := range []string{"json", "sarif"} {
				same(t, filepath.Join(out, "report."+format), wanted(t, names, key, sweep.Options{NameFrom: way.from}, format))
			}
			failures, err := os.ReadFile(filepath.Join(out, "failures.txt"))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"broken", "nowhere"} {
				if !strings.Contains(string(failures), filepath.Join(dir, name)+"\t") {
					t.Errorf("%s is not among the failures:\n%s", name, failures)
				}
			}
			if n := strings.Count(string(failures), "\n"); n != 2 {
				t.Errorf("%d failures:\n%s", n, failures)
			}
		})
	}
}

// TestStatus holds the exit status, and that the list of failures is there also where there is none.
func TestStatus(t *testing.T) {
	dir := t.TempDir()
	names := organisation(t, dir)
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{names[0]}, 1},
		{[]string{"--fail-on", "none", names[0]}, 0},
		{[]string{filepath.Join(dir, "clean")}, 0},
		{[]string{"--allow-incomplete", filepath.Join(dir, "nowhere")}, 0},
		{[]string{}, 2},
		{[]string{"--state", dir, names[0]}, 2},
	} {
		out := filepath.Join(t.TempDir(), "out")
		if got := pipeline(t, append([]string{"--output", out}, c.args...)...); got != c.want {
			t.Errorf("%q ends with %d, not %d", c.args, got, c.want)
		}
		if _, err := os.Stat(filepath.Join(out, "failures.txt")); c.want < 2 && err != nil {
			t.Errorf("%q: %v", c.args, err)
		}
	}
}
