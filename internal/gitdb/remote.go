package gitdb

import (
	"net/url"
	"slices"
	"strings"
)

// Remote returns the URL of the remote that a repository came from: that of origin, else of the first remote by name, as
// it is written. It is "" where there is none. What it holds of passwords stays in it.
func (c Config) Remote() string {
	if u := c.Get("remote.origin.url"); u != "" {
		return u
	}
	var keys []string
	for key := range c {
		if strings.HasPrefix(key, "remote.") && strings.HasSuffix(key, ".url") {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return c.Get(slices.Min(keys))
}

// WebAddress returns the address of a repository's home on the web, as its remote's URL tells it: "https://host/path"
// without user, password and ".git", "" where the remote is a folder or no URL.
func WebAddress(remote string) string {
	host, path := "", ""
	scheme := "https"
	switch u, err := url.Parse(remote); {
	case err == nil && u.Host != "":
		host, path = u.Hostname(), u.Path
		if u.Scheme == "http" || u.Scheme == "https" {
			scheme, host = u.Scheme, u.Host // the port is that of the web
		}
	case !strings.Contains(remote, "://"):
		// user@host:path, which is no URL; what has a slash before the colon is a folder, and so is C:\path.
		before, after, ok := strings.Cut(remote, ":")
		if !ok || strings.ContainsAny(before, `/\`) || len(before) == 1 {
			return ""
		}
		host, path = before[strings.LastIndexByte(before, '@')+1:], after
	}
	path = cleanRemotePath(path)
	if host == "" || path == "" {
		return ""
	}
	return (&url.URL{Scheme: scheme, Host: strings.ToLower(host), Path: path}).String()
}

// RemoteName returns what a repository is called by its remote: "host/path" of a URL, the path of a folder; without
// user, password and ".git".
func RemoteName(remote string) string {
	if web := WebAddress(remote); web != "" {
		u, err := url.Parse(web)
		if err != nil {
			return ""
		}
		return u.Host + u.Path
	}
	if u, err := url.Parse(remote); err == nil && u.Host != "" {
		return u.Host // without the password before it
	}
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimRight(strings.TrimPrefix(remote, "file://"), "/"), "/.git"), ".git")
}

func cleanRemotePath(path string) string {
	path = strings.TrimSuffix(strings.Trim(path, "/"), ".git")
	if path = strings.Trim(path, "/"); path == "" {
		return ""
	}
	return "/" + path
}
