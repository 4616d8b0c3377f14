package scanner

import (
	"path"
	"slices"
	"strings"
)

// This file knows what clients of HTTP keep in files: requests, and the environments whose variables they name. An
// environment serves the requests of its folder and below, and nothing else.

// A requestRole is what a file is to a client of HTTP.
type requestRole uint8

const (
	noRequests     requestRole = iota
	requests                   // it holds requests
	requestSetting             // it holds variables for the requests of its folder and below
)

// requestRole tells what the file is.
func (r *reader) requestRole() requestRole {
	p, base := r.f.filePath, path.Base(r.f.filePath)
	switch r.doc.Lang {
	case "http":
		return requests
	case "bruno":
		if base == "collection.bru" || base == "folder.bru" || isEnvironmentFolder(path.Dir(p)) {
			return requestSetting
		}
		return requests
	case "json", "jsonc", "json5", "yaml":
	default:
		return noRequests
	}
	if isRequestEnvironment(p) {
		return requestSetting
	}
	if len(r.doc.Root.Kids) == 0 {
		return noRequests
	}
	keys := r.keysOf(r.doc.Root.Kids[0])
	format := literalOf(keys["type"])
	switch {
	case keys["_postman_variable_scope"] != nil, strings.HasPrefix(format, "environment.insomnia."):
		return requestSetting
	case keys["info"] != nil && keys["item"] != nil, keys["__export_format"] != nil, strings.HasPrefix(format, "collection.insomnia."):
		return requests // of Postman, of Insomnia
	}
	return noRequests
}

// isRequestEnvironment reports whether a file holds the variables of files of requests, as clients call it.
func isRequestEnvironment(p string) bool {
	base := path.Base(p)
	return base == "http-client.env.json" || base == "http-client.private.env.json" ||
		strings.HasSuffix(base, ".postman_environment.json") || strings.HasSuffix(base, ".postman_globals.json") ||
		strings.HasSuffix(base, ".bru") && isEnvironmentFolder(path.Dir(p))
}

// isEnvironmentFolder reports whether a folder is one of environments, which stands beside the requests.
func isEnvironmentFolder(dir string) bool {
	return slices.Contains([]string{"environments", "environment", "envs", "env"}, strings.ToLower(path.Base(dir)))
}

// requestFolder is the folder whose requests the variables of a file in a folder serve.
func requestFolder(dir string) string {
	if isEnvironmentFolder(dir) {
		return path.Dir(dir)
	}
	return dir
}

// servesRequests is serves where a file of requests or of their variables takes part; known is false where none does.
func servesRequests(d *def, f *fileFacts) (near int, ok, known bool) {
	switch {
	case d.file.role == requestSetting:
		dir := requestFolder(d.file.dir)
		return 1<<9 + len(dir), f.role != noRequests && liesIn(f.filePath, dir), true
	case d.file.role == requests, f.role != noRequests && d.file.lang != "dotenv":
		return 0, false, true
	}
	return 0, false, false
}

// demandRequests reads the files of requests that may name a variable which a file holds for them.
func (e *engine) demandRequests(f *fileFacts, name string) {
	e.index()
	dir := requestFolder(f.dir)
	for _, ext := range []string{".http", ".rest", ".bru", ".json", ".yaml", ".yml"} {
		e.holding(lyingIn(e.byExt[ext], dir), name, callersFiles)
	}
}
