package trigger

import (
	"encoding/json"
	"fmt"
	"strings"
)

// An event holds the fields that decide, of all payloads of GitHub's webhook events.
type event struct {
	Ref     string `json:"ref"`
	Before  string `json:"before"`
	After   string `json:"after"`
	Deleted bool   `json:"deleted"`
	Forced  bool   `json:"forced"`
	Action  string `json:"action"`

	Repository struct {
		DefaultBranch string `json:"default_branch"`
	} `json:"repository"`
	PullRequest struct {
		Base struct {
			SHA string `json:"sha"`
		} `json:"base"`
		Head struct {
			SHA string `json:"sha"`
		} `json:"head"`
	} `json:"pull_request"`
	MergeGroup struct {
		BaseSHA string `json:"base_sha"`
		HeadSHA string `json:"head_sha"`
	} `json:"merge_group"`
}

// Fetch is the advice to whoever checked out too little.
const Fetch = "give actions/checkout `fetch-depth: 0`"

// GitHub is the plan of a workflow run: name is GITHUB_EVENT_NAME, payload the file that GITHUB_EVENT_PATH names.
func GitHub(name string, payload []byte, repo Repo) (Plan, error) {
	var e event
	if len(payload) > 0 {
		if err := json.Unmarshal(payload, &e); err != nil {
			return Plan{}, fmt.Errorf("reading the event's payload: %w", err)
		}
	}
	switch name {
	case "push":
		return e.push(repo), nil
	case "pull_request", "pull_request_target":
		return e.pullRequest(name, repo), nil
	case "merge_group":
		if e.Action == "destroyed" {
			return Plan{Mode: Nothing, Why: "the merge group is gone"}, nil
		}
		return between(e.MergeGroup.BaseSHA, e.MergeGroup.HeadSHA, "the commits of the merge group", repo), nil
	case "":
		return Plan{}, fmt.Errorf("no event: GITHUB_EVENT_NAME is not set, so this is no GitHub workflow run")
	}
	return Plan{Mode: Tree, Why: "event " + name + " has no range of its own: the files that are checked out"}, nil
}

// push is the plan of a push. What the default branch and the commit before the push have counts as looked at, and nothing
// else that happens to be here: a second name for the same commits, pushed at the same time or never looked at, must not
// hide them.
func (e *event) push(repo Repo) Plan {
	switch {
	case e.Deleted || isZero(e.After):
		return Plan{Mode: Nothing, Why: e.Ref + " was deleted"}
	case !isCommit(e.After):
		return tree("", "the push names no commit")
	case !repo.Has(e.After):
		return tree(e.After, "the pushed commit is not here")
	}
	p := Plan{Mode: Range, Include: []string{e.After}, Names: []string{e.Ref}}
	isDefault := e.Repository.DefaultBranch != "" && e.Ref == "refs/heads/"+e.Repository.DefaultBranch
	before := isCommit(e.Before) && repo.Has(e.Before)
	known := "" // the tip of the default branch, whose pushes are looked at as they come
	if !isDefault && e.Repository.DefaultBranch != "" {
		known = repo.Branch(e.Repository.DefaultBranch)
	}
	if before {
		p.Exclude = append(p.Exclude, e.Before)
	}
	if known != "" && known != e.Before {
		p.Exclude = append(p.Exclude, known)
	}
	switch {
	case before:
		p.Why = fmt.Sprintf("the commits of the push%s, %s..%s", e.movedTag(), short(e.Before), short(e.After))
	case repo.Shallow() && !isZero(e.Before):
		return tree(e.Before, "the commit before the push is not here")
	case repo.Shallow() && !isDefault && known == "":
		return tree("refs/remotes/origin/"+e.Repository.DefaultBranch, "the default branch is not here to compare with")
	case isDefault && !isZero(e.Before):
		p.Why = "a forced push of the default branch whose old commit is gone: read as its first push, everything behind it"
	case len(p.Exclude) == 0 && !isDefault && e.Repository.DefaultBranch != "":
		p.Why = e.named("the") + ": everything behind it, for the default branch is not here to compare with"
	case len(p.Exclude) == 0 && strings.HasPrefix(e.Ref, "refs/tags/"):
		p.Why = e.named("the") + ": everything behind it"
	case len(p.Exclude) == 0:
		p.Why = "the first push: everything behind it"
	case isZero(e.Before):
		p.Why = "what " + e.named("a new") + " brings that the default branch has not"
	default:
		p.Why = "a forced push whose old commit is gone: what it brings that the default branch has not"
	}
	return p
}

// named is the pushed ref in words: "a new tag v1", "a new branch topic", "a new branch" where its name is not known.
func (e *event) named(article string) string {
	if tag, ok := strings.CutPrefix(e.Ref, "refs/tags/"); ok {
		return article + " tag " + tag
	}
	return strings.TrimSpace(article + " branch " + strings.TrimPrefix(e.Ref, "refs/heads/"))
}

// movedTag says that a push is one of a tag that was there before, "" of any other.
func (e *event) movedTag() string {
	if tag, ok := strings.CutPrefix(e.Ref, "refs/tags/"); ok {
		return " that moves the tag " + tag
	}
	return ""
}

func (e *event) pullRequest(name string, repo Repo) Plan {
	base, head := e.PullRequest.Base.SHA, e.PullRequest.Head.SHA
	// HEAD is the test merge of base and head where checkout did what it does by default. Its first parent is the base
	// as it is now; the payload's may be hours old and would bring in other people's commits.
	if p := repo.Parents(); len(p) == 2 && p[1] == head {
		base = p[0]
	}
	if name == "pull_request_target" && !repo.Has(head) {
		return tree(head, "pull_request_target checks out the base branch, not what the pull request brings")
	}
	return between(base, head, "the commits of the pull request", repo)
}

// between is the plan for the commits behind head that base does not have, or for the tree where one of them is not
// here.
func between(base, head, why string, repo Repo) Plan {
	for _, c := range []string{head, base} {
		if !isCommit(c) {
			return tree("", "the payload names no commits")
		}
		if !repo.Has(c) {
			return tree(c, "a commit to compare is not here")
		}
	}
	return Plan{Mode: Range, Include: []string{head}, Exclude: []string{base},
		Why: fmt.Sprintf("%s, %s..%s", why, short(base), short(head))}
}

// tree is the plan that is left where the commits cannot be had. It never passes for the scan that was asked for.
func tree(commit, problem string) Plan {
	missing := problem
	if commit != "" {
		missing += " (" + short(commit) + "): " + Fetch
	}
	return Plan{Mode: Tree, Why: "the files that are checked out", Missing: missing}
}
