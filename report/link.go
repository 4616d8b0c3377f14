package report

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/unleaked/unleaked/finding"
)

// link is the address of a line of a file in a commit, where the web address of the repository is known; "" otherwise,
// and for what is no file of a commit.
func (o Options) link(commit, file string, line int) string { return o.linkIn("", commit, file, line) }

// linkIn is link in a repository of a sweep, or in the one that was scanned where repository is "".
func (o Options) linkIn(repository, commit, file string, line int) string {
	home := o.home(repository)
	if home == "" || !isCommit(commit) || file == "" || strings.Contains(file, "!") || strings.HasPrefix(file, ".git/") ||
		strings.HasPrefix(file, "<") ||
		strings.HasPrefix(file, "/") {
		return ""
	}
	parts := strings.Split(file, "/")
	for i, p := range parts {
		if p == ".." || p == "." || p == "" {
			return ""
		}
		parts[i] = url.PathEscape(p)
	}
	return o.hostOf(home).file(home, commit, strings.Join(parts, "/"), line)
}

// commitIn is the address of a commit, "" where it is not known.
func (o Options) commitIn(repository, commit string) string {
	home := o.home(repository)
	if home == "" || !isCommit(commit) {
		return ""
	}
	return home + o.hostOf(home).commit + commit
}

func isCommit(text string) bool { return text != "" && strings.Trim(text, "0123456789abcdef") == "" }

// home is the web address of a repository without a slash at its end, "" where it is not known or none.
func (o Options) home(repository string) string {
	address := o.Repository
	if repository != "" {
		address = o.homes[repository]
	} else if _, known := knownHost(o.Remote); known && address == "" {
		address = o.Remote
	}
	home, err := url.Parse(address)
	if err != nil || home.Scheme != "https" && home.Scheme != "http" || home.Host == "" {
		return ""
	}
	home.User = nil // it may hold a password
	return strings.TrimSuffix(home.String(), "/")
}

// A codeHost says how a service writes the addresses of what is in a repository, behind the repository's own address.
type codeHost struct {
	name         string // what a name in its host's name is, such as gitlab in gitlab.example.com
	blob, commit string // before the commit
	line         string // before the line
}

// codeHosts are the services that are known by the name of their host.
func codeHosts() []codeHost {
	return []codeHost{
		{"github", "/blob/", "/commit/", "#L"},
		{"gitlab", "/-/blob/", "/-/commit/", "#L"},
		{"bitbucket", "/src/", "/commits/", "#lines-"},
		{"codeberg", "/src/commit/", "/commit/", "#L"},
		{"gitea", "/src/commit/", "/commit/", "#L"},
		{"forgejo", "/src/commit/", "/commit/", "#L"},
	}
}

// file is the address of a line of a file; path is escaped.
func (h codeHost) file(home, commit, path string, line int) string {
	address := home + h.blob + commit + "/" + path
	if line > 0 {
		address += h.line + strconv.Itoa(line)
	}
	return address
}

// hostOf is the service that an address belongs to: the one that its host names, else the one that CI runs on.
func (o Options) hostOf(home string) codeHost {
	if h, ok := knownHost(home); ok {
		return h
	}
	hosts := codeHosts()
	if o.GitLab {
		return hosts[1]
	}
	return hosts[0]
}

// knownHost is the service whose name is a part of the name of an address's host.
func knownHost(home string) (codeHost, bool) {
	address, err := url.Parse(home)
	if err != nil {
		return codeHost{}, false
	}
	for _, h := range codeHosts() {
		if slices.Contains(strings.Split(address.Hostname(), "."), h.name) {
			return h, true
		}
	}
	return codeHost{}, false
}

// homesOf are the web addresses of a sweep's repositories, by their names, of those whose service is known: of any other
// nothing says how it writes the addresses of files.
func homesOf(list []finding.Repository) map[string]string {
	homes := map[string]string{}
	for _, r := range list {
		if _, known := knownHost(r.Web); known {
			homes[r.Name] = r.Web
		}
	}
	return homes
}

// linked is a text that is no Markdown any more as a link to an address, the text alone where there is none. The address
// holds no sign that could end it: link escapes what stands in names.
func linked(text, address string) string {
	if address == "" {
		return text
	}
	return `<a href="` + strings.NewReplacer("&", "&amp;", `"`, "%22", "'", "%27", "<", "%3C", ">", "%3E", "|", "%7C").
		Replace(address) +
		`">` + text + "</a>"
}
