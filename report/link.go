package report

import (
	"net/url"
	"strconv"
	"strings"
)

// link is the address of a line of a file in a commit, where the web address of the repository is known; "" otherwise,
// and for what is no file of a commit.
func (o Options) link(commit, file string, line int) string {
	home, err := url.Parse(o.Repository)
	if err != nil || home.Scheme != "https" && home.Scheme != "http" || home.Host == "" || commit == "" ||
		strings.Trim(commit, "0123456789abcdef") != "" || file == "" || strings.Contains(file, "!") ||
		strings.HasPrefix(file, ".git/") || strings.HasPrefix(file, "<") || strings.HasPrefix(file, "/") {
		return ""
	}
	home.User = nil // it may hold a password
	parts := strings.Split(file, "/")
	for i, p := range parts {
		if p == ".." || p == "." || p == "" {
			return ""
		}
		parts[i] = url.PathEscape(p)
	}
	blob := "/blob/"
	if o.GitLab {
		blob = "/-/blob/"
	}
	address := strings.TrimSuffix(home.String(), "/") + blob + commit + "/" + strings.Join(parts, "/")
	if line > 0 {
		address += "#L" + strconv.Itoa(line)
	}
	return address
}

// linked is a text that is no Markdown any more as a link to an address, the text alone where there is none. The address
// holds no sign that could end it: link escapes what stands in names.
func linked(text, address string) string {
	if address == "" {
		return text
	}
	return `<a href="` + strings.NewReplacer("&", "&amp;", `"`, "%22", "'", "%27", "<", "%3C", ">", "%3E", "|", "%7C").Replace(address) +
		`">` + text + "</a>"
}
