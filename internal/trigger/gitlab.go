package trigger

import (
	"fmt"
	"strings"
)

// FetchGitLab and FetchAll are the advice to whoever cloned too little, on GitLab and anywhere else.
const (
	FetchGitLab = "set the variable `GIT_DEPTH: \"0\"`"
	FetchAll    = "clone the whole history, or run git fetch --unshallow"
)

// GitLab is the plan of a pipeline's job, from the variables that GitLab sets.
func GitLab(env func(string) string, repo Repo) (Plan, error) {
	if env("GITLAB_CI") == "" {
		return Plan{}, fmt.Errorf("GITLAB_CI is not set, so this is no job of a GitLab pipeline")
	}
	head := env("CI_COMMIT_SHA")
	switch source := env("CI_PIPELINE_SOURCE"); source {
	case "merge_request_event":
		// A pipeline for merged results, or of a merge train, has the merge checked out.
		if own := env("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"); own != "" {
			head = own
		}
		p := between(env("CI_MERGE_REQUEST_DIFF_BASE_SHA"), head, "the commits of the merge request", repo)
		return advise(p, FetchGitLab), nil
	case "push", "external_pull_request_event":
		e := event{Before: env("CI_COMMIT_BEFORE_SHA"), After: head, Ref: "refs/heads/" + env("CI_COMMIT_BRANCH")}
		if tag := env("CI_COMMIT_TAG"); tag != "" {
			e.Ref = "refs/tags/" + tag
		}
		e.Repository.DefaultBranch = env("CI_DEFAULT_BRANCH")
		return advise(e.push(repo), FetchGitLab), nil
	default:
		return Plan{Mode: Tree, Why: "a pipeline of source " + source +
			" has no range of its own: the files that are checked out"}, nil
	}
}

// Between is the plan of a CI run that names its commits itself: what head brings that base has not. An empty base, or
// one of zeros, stands for a branch that is new: what it brings that the default branch has not. Both are object ids.
func Between(base, head, defaultBranch string, repo Repo) Plan {
	if base != "" && !isZero(base) {
		return advise(between(base, head, "the commits between base and head", repo), FetchAll)
	}
	e := event{Before: strings.Repeat("0", 40), After: head}
	e.Repository.DefaultBranch = defaultBranch
	p := e.push(repo)
	p.Names = nil // nobody has said what the branch is called
	return advise(p, FetchAll)
}

// Unknown is the plan where a name leads to no commit here.
func Unknown(name string) Plan {
	return advise(tree(name, "a commit to compare is not here"), FetchAll)
}

// advise puts advice for another service in the place of GitHub's.
func advise(p Plan, fetch string) Plan {
	p.Missing = strings.Replace(p.Missing, Fetch, fetch, 1)
	return p
}
