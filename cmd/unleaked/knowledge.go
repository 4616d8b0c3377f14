package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/unleaked/unleaked/inventory"
	"github.com/unleaked/unleaked/rules"
	"github.com/unleaked/unleaked/scanner"
	"github.com/unleaked/unleaked/verify"
)

// inventoryFlags and verifyFlags are the names of the flags by which a scan learns what servers know. Hooks have no verifyFlags:
// a commit waits for no network.
var (
	inventoryFlags = []string{"inventory", "inventory-complete", "key-file"}
	verifyFlags    = []string{"verify", "server", "ca-file"}
)

// serversVariable holds servers for --verify, separated by commas.
const serversVariable = "UNLEAKED_SERVERS"

// A knowing is what the flags say about where certain answers come from.
type knowing struct {
	inventories []string
	complete    bool
	keyFile     string
	verify      choiceFlag
	servers     []string
	asked       []string // those of servers, or of the environment
	caFile      string
}

func (k *knowing) addInventory(f *pflag.FlagSet, n string) {
	f.StringArrayVar(&k.inventories, n, nil,
		"believe the inventory in `FILE` of what a token is: one of 'unleaked inventory hash', or what the server answered or dumped; give it again for several")
}

func (k *knowing) addComplete(f *pflag.FlagSet, n string) {
	f.BoolVar(&k.complete, n, false, "the inventories list every token there is: what none lists is dead, and low")
}

func (k *knowing) addKeyFile(f *pflag.FlagSet, n string) {
	f.StringVar(&k.keyFile, n, "", "the key in `FILE` that an inventory's guessable tokens are hashed with")
}

func (k *knowing) addVerify(f *pflag.FlagSet, n string) {
	k.verify = choiceFlag{choices: []string{"api", "traces", "plan"}, name: "HOW"}
	f.Var(&k.verify, n,
		"ask the servers of --server whether tokens are live. `HOW`: api (API tokens, without a trace), traces "+
			"(personal tokens too, which notes their use), plan (print what would be asked of whom)")
	f.Lookup(n).NoOptDefVal = "api"
}

func (k *knowing) addServer(f *pflag.FlagSet, n string) {
	f.StringArrayVar(&k.servers, n, nil, "a server to ask with --verify, `URL`; give it again for several (or "+serversVariable+")")
}

func (k *knowing) addCAFile(f *pflag.FlagSet, n string) {
	f.StringVar(&k.caFile, n, "", "also trust the certificates in `FILE` (PEM) when asking servers")
}

// oracle is who knows, nil where the flags name nobody. Nothing is sent before it is asked.
func (a *app) oracle(ctx context.Context, k *knowing) (scanner.Oracle, error) {
	var list oracles
	o, err := a.readInventories(ctx, k)
	if err != nil {
		return nil, err
	}
	if len(o.list) > 0 {
		list = append(list, o)
	}
	v, err := a.verifier(k)
	if err != nil {
		return nil, err
	}
	if v != nil {
		list = append(list, v)
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list, nil
}

// oracles are several of them, asked one after the other.
type oracles []scanner.Oracle

func (list oracles) Know(ctx context.Context, creds []rules.Credential) []rules.Knowledge {
	out := make([]rules.Knowledge, len(creds))
	for _, o := range list {
		for i, k := range o.Know(ctx, creds) {
			out[i] = out[i].With(k)
		}
	}
	return out
}

// An inventories is the inventories of --inventory.
type inventories struct {
	list   []*inventory.Inventory
	now    time.Time
	digest hash.Hash // of what was read
}

func (v *inventories) Know(_ context.Context, creds []rules.Credential) []rules.Knowledge {
	out := make([]rules.Knowledge, len(creds))
	for i, c := range creds {
		for _, one := range v.list {
			out[i] = out[i].With(one.Look(c, v.now))
		}
	}
	return out
}

func (a *app) readInventories(ctx context.Context, k *knowing) (*inventories, error) {
	v := &inventories{now: time.Now(), digest: sha256.New()}
	if len(k.inventories) == 0 {
		if k.complete {
			return nil, usagef("--inventory-complete speaks of --inventory, and there is none")
		}
		return v, nil
	}
	key, err := readKey(k.keyFile)
	if err != nil {
		return nil, err
	}
	for _, name := range k.inventories {
		file, err := a.inventoryFile(name)
		if err != nil {
			return nil, err
		}
		one, err := inventory.Open(file)
		if err != nil {
			return nil, err
		}
		one.Name, one.Complete = filepath.Base(name), k.complete
		if key != nil {
			if err := one.UseKey(key); err != nil {
				return nil, fmt.Errorf("%s: %w", k.keyFile, err)
			}
		}
		if one.Keyed() {
			a.warn("%s lists tokens that can be guessed by their digest under a key: without --key-file they are not recognised", name)
		}
		if one.Secrets && tracked(ctx, name) {
			a.warn("%s holds secrets and is tracked by git: 'unleaked inventory hash' makes an inventory without them", name)
		}
		v.list = append(v.list, one)
		fmt.Fprintf(v.digest, "%q %x %d %t\n", one.Name, sha256.Sum256(file.Text), one.TakenAt.Unix(), one.Complete)
	}
	return v, nil
}

// warn tells the user something on the stream for people.
func (a *app) warn(format string, args ...any) {
	fmt.Fprintf(a.errs, "unleaked: warning: %s\n", printable(fmt.Sprintf(format, args...)))
}

// mostInventory is the longest file that is read as an inventory, in bytes.
const mostInventory = 1 << 30

// inventoryFile reads one file, "-" for standard input.
func (a *app) inventoryFile(name string) (inventory.File, error) {
	f := inventory.File{Name: name, Time: time.Now()}
	in := a.in
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return f, fmt.Errorf("inventory: %w", err)
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return f, fmt.Errorf("inventory: %w", err)
		}
		if info.IsDir() {
			return f, fmt.Errorf("inventory: %s is a folder", name)
		}
		f.Time, in = info.ModTime(), file
	}
	text, err := io.ReadAll(io.LimitReader(in, mostInventory+1))
	switch {
	case err != nil:
		return f, fmt.Errorf("inventory: %w", err)
	case len(text) > mostInventory:
		return f, fmt.Errorf("inventory: %s is longer than 1 GB", name)
	}
	f.Text = text
	return f, nil
}

// readKey is the key of a key file, nil where none is named.
func readKey(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	key, err := inventory.ParseKey(text)
	if err != nil {
		return nil, usagef("%s: %w", name, err)
	}
	return key, nil
}

// tracked reports whether git has a file in its index.
func tracked(ctx context.Context, name string) bool {
	if info, err := os.Stat(name); err != nil || errors.Is(err, fs.ErrNotExist) || !info.Mode().IsRegular() {
		return false
	}
	_, err := repository{ctx: ctx, dir: filepath.Dir(name)}.git("ls-files", "--error-unmatch", "--", ":(literal)"+filepath.Base(name))
	return err == nil
}

// verifier is who asks the servers, nil where nobody shall.
func (a *app) verifier(k *knowing) (scanner.Oracle, error) {
	if k.verify.value == "" {
		if len(k.servers) > 0 || k.caFile != "" {
			return nil, usagef("--server and --ca-file serve --verify, which is not given")
		}
		return nil, nil
	}
	client, err := a.client(k)
	if err != nil {
		return nil, err
	}
	if k.verify.value == "plan" {
		return &planner{app: a, client: client}, nil
	}
	for _, text := range client.Warnings() {
		a.warn("%s", text)
	}
	return client, nil
}

// client asks the servers of the flags, else those of the environment.
func (a *app) client(k *knowing) (*verify.Client, error) {
	servers := k.servers
	if len(servers) == 0 {
		for _, one := range strings.Split(a.env(serversVariable), ",") {
			if one = strings.TrimSpace(one); one != "" {
				servers = append(servers, one)
			}
		}
	}
	if len(servers) == 0 {
		return nil, usagef("--verify needs a server to ask: --server URL, or %s", serversVariable)
	}
	k.asked = servers
	o := verify.Options{Servers: servers, Traces: k.verify.value == "traces"}
	if k.caFile != "" {
		var err error
		if o.CAs, err = os.ReadFile(k.caFile); err != nil {
			return nil, fmt.Errorf("authorities: %w", err)
		}
	}
	client, err := verify.New(o)
	if err != nil {
		return nil, usageError{err}
	}
	return client, nil
}

// A planner tells what would be asked, and asks nothing. Credentials come in several lists; each is told once.
type planner struct {
	app    *app
	client *verify.Client

	mu   sync.Mutex
	told map[rules.Secret]bool
	list []rules.Credential
}

func (p *planner) Know(_ context.Context, creds []rules.Credential) []rules.Knowledge {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range creds {
		if !p.told[c.Secret] {
			if p.told == nil {
				p.told = map[rules.Secret]bool{}
			}
			p.told[c.Secret] = true
			p.list = append(p.list, c)
		}
	}
	return make([]rules.Knowledge, len(creds))
}

// knowing names what an oracle knows, for those who keep what it said: the contents of the inventories, and of servers
// who they are and on which day they are asked. It is "" where there is nobody to ask.
func (k *knowing) knowing(o scanner.Oracle, now time.Time) string {
	list, _ := o.(oracles)
	if len(list) == 0 {
		return ""
	}
	h := sha256.New()
	for _, one := range list {
		if v, ok := one.(*inventories); ok {
			fmt.Fprintf(h, "inventories %x\n", v.digest.Sum(nil))
			continue
		}
		fmt.Fprintf(h, "servers %q %s %s\n", k.asked, k.verify.value, now.UTC().Format(time.DateOnly))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// tellPlan prints the plan of a scan that is done, if there is one.
func (a *app) tellPlan(o scanner.Oracle) {
	list, _ := o.(oracles)
	for _, one := range list {
		p, ok := one.(*planner)
		if !ok {
			continue
		}
		lines := p.client.Plan(p.list)
		if len(lines) == 0 {
			lines = []string{"nothing would be asked: no token was found that a server could know"}
		}
		fmt.Fprintf(a.errs, "unleaked: the plan of --verify; nothing was sent\n")
		for _, line := range lines {
			fmt.Fprintf(a.errs, "  %s\n", printable(line))
		}
	}
}
