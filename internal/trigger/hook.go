package trigger

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// PrePush is the plan of git's pre-push hook: stdin holds a line for every ref, known gives the tips that the other side
// is known to have. The pre-commit framework reads the lines itself and tells the range in its environment instead.
func PrePush(stdin io.Reader, known func() []string, env func(string) string, repo Repo) (Plan, error) {
	if from, to := env("PRE_COMMIT_FROM_REF"), env("PRE_COMMIT_TO_REF"); to != "" {
		p := Plan{Mode: Range, Include: []string{to}, Why: "the commits that pre-commit says are pushed"}
		if isCommit(from) && repo.Has(from) {
			p.Exclude = []string{from}
		} else if from != "" && !isZero(from) {
			return Plan{}, fmt.Errorf("PRE_COMMIT_FROM_REF %s is not here", short(from))
		}
		return p, nil
	}
	return lines(stdin, "the commits that are pushed", func(f []string) (update, error) {
		if len(f) != 4 {
			return update{}, fmt.Errorf("a line of git's pre-push hook has four fields, this one has %d", len(f))
		}
		return update{name: f[2], tip: f[1], old: f[3]}, nil
	}, known, repo)
}

// PreReceive is the plan of a server's pre-receive hook: what the push brings that the repository does not hold yet.
// Existing are the tips of the refs that it has.
func PreReceive(stdin io.Reader, existing func() []string, repo Repo) (Plan, error) {
	return lines(stdin, "the commits that are received", func(f []string) (update, error) {
		if len(f) != 3 {
			return update{}, fmt.Errorf("a line of git's pre-receive hook has three fields, this one has %d", len(f))
		}
		return update{name: f[2], tip: f[1], old: f[0]}, nil
	}, existing, repo)
}

// An update is a line of a hook's input: a ref on the other side, what it is to be, and what it is there.
type update struct{ name, tip, old string }

// lines reads a hook's lines. Of a ref that the other side has not got, what is new is what none of known reaches;
// known are excluded in any case, so that a branch made from an older one costs nothing.
func lines(stdin io.Reader, why string, fields func([]string) (update, error), known func() []string,
	repo Repo) (Plan, error) {
	p := Plan{Mode: Nothing, Why: "nothing but deletions"}
	s := bufio.NewScanner(stdin)
	for s.Scan() {
		line := strings.Fields(s.Text())
		if len(line) == 0 {
			continue
		}
		u, err := fields(line)
		if err != nil {
			return Plan{}, err
		}
		if isZero(u.tip) {
			continue
		}
		if !isCommit(u.tip) || !isCommit(u.old) && !isZero(u.old) {
			return Plan{}, fmt.Errorf("a line of the hook's input holds no object ids")
		}
		p.Include, p.Names = append(p.Include, u.tip), append(p.Names, u.name)
		// The old commit of the other side may be unknown here: somebody else pushed. Then the known tips have to do.
		if isCommit(u.old) && repo.Has(u.old) {
			p.Exclude = append(p.Exclude, u.old)
		}
	}
	if err := s.Err(); err != nil {
		return Plan{}, fmt.Errorf("reading the hook's input: %w", err)
	}
	if len(p.Include) > 0 {
		p.Mode, p.Why = Range, why
		p.Exclude = append(p.Exclude, known()...)
	}
	return p, nil
}
