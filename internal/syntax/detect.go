package syntax

import (
	"path"
	"strings"
)

// langOf says what a text is written in: by its name, else by its first line, else by how its lines look. "" where
// nothing tells.
func langOf(name, text string) string {
	if l := langOfName(name); l != "" {
		return langByContent(l, text)
	}
	if strings.HasPrefix(text, "#!") {
		if l := shebang(text); l != "" {
			return l
		}
	}
	return sniff(text)
}

// langByContent corrects what a name says where the same ending serves several formats.
func langByContent(lang, text string) string {
	head := strings.TrimLeft(strings.TrimPrefix(text[:min(len(text), 4096)], "\ufeff"), " \t\r\n")
	switch lang {
	case "ini", "txt", "template":
		if l := sniff(text); l != "" {
			if lang == "ini" && (l == "dotenv" || l == "properties") {
				return lang
			}
			return l
		}
		if lang == "ini" {
			return lang
		}
		return ""
	case "json":
		if strings.HasPrefix(head, "<") {
			return "xml"
		}
	case "yaml":
		if strings.HasPrefix(head, "{") && !strings.HasPrefix(head, "{{") {
			return "json"
		}
	case "log":
		if strings.HasPrefix(head, "From ") && strings.Contains(text, "\ndiff --git ") {
			return "diff"
		}
	case "cpp":
		if strings.HasPrefix(head, "%%") || strings.HasPrefix(head, "function ") {
			return lang
		}
	}
	return lang
}

// langOfName says what a file's name tells of its language; "" where it tells nothing. "txt" and "template" say that
// the name leaves it to the content.
func langOfName(name string) string {
	base := strings.ToLower(path.Base(strings.ReplaceAll(name, "\\", "/")))
	// Copies and templates of files: unleash.env.j2, values.yaml.tpl, nginx.conf.template, config.json.example.
	for of, n := base, 0; n < 3; n++ {
		ext := path.Ext(of)
		if !isCopyExt(ext) {
			break
		}
		of = strings.TrimSuffix(of, ext)
		if l := langOfBase(of); l != "" && l != "template" && l != "txt" {
			return l
		}
	}
	return langOfBase(base)
}

func isCopyExt(ext string) bool {
	switch ext {
	case ".example", ".sample", ".template", ".tpl", ".tmpl", ".dist", ".j2", ".jinja", ".jinja2", ".erb", ".gotmpl",
		".bak",
		".old", ".orig", ".backup", ".save", ".tftpl", ".in", ".mustache", ".hbs", ".ejs", ".local", ".default",
		".redacted",
		".copy", ".swp", ".disabled", ".ctmpl", ".enc", ".dec", ".tmp", ".1", ".2", ".new":
		return true
	}
	return false
}

func langOfBase(base string) string {
	if l := langOfFile(base); l != "" {
		return l
	}
	switch {
	case strings.HasPrefix(base, ".env"), strings.HasSuffix(base, ".env"), strings.HasPrefix(base, "env.") &&
		path.Ext(base) != "" && langOfExt(path.Ext(base)) == "" && codeExtensions(path.Ext(base)) == "":
		return "dotenv"
	case strings.HasPrefix(base, "dockerfile"), strings.HasSuffix(base, ".dockerfile"), strings.HasPrefix(base,
		"containerfile"):
		return "dockerfile"
	case strings.HasPrefix(base, "jenkinsfile"):
		return "groovy"
	case strings.HasPrefix(base, "makefile."), strings.HasPrefix(base, "gnumakefile"):
		return "makefile"
	case strings.HasPrefix(base, "docker-compose"), strings.HasPrefix(base, "compose."):
		if path.Ext(base) != "" {
			return "yaml"
		}
	case strings.HasPrefix(base, "access.log"), strings.HasPrefix(base, "error.log"):
		return "log"
	}
	ext := path.Ext(base)
	if ext == base && ext != "" { // .properties, .toml by themselves
		return langOfExt(ext)
	}
	if ext == "" {
		return ""
	}
	if l := langOfExt(ext); l != "" {
		return l
	}
	return codeExtensions(ext)
}

// langOfFile knows whole file names.
func langOfFile(base string) string {
	switch base {
	case "dockerfile", "containerfile":
		return "dockerfile"
	case "makefile", "gnumakefile", "justfile", ".justfile":
		return "makefile"
	case ".envrc", ".bashrc", ".zshrc", ".profile", ".bash_profile", ".bash_history", ".zsh_history", ".zshenv",
		".bash_aliases",
		"pkgbuild", ".ash_history", ".history", "gradlew", "mvnw", ".zprofile", ".kshrc", "fish_history",
		".bash_logout":
		return "shell"
	case ".npmrc", ".yarnrc", ".pypirc", ".editorconfig", ".gitconfig", ".gitmodules", ".pnpmrc", "pip.conf",
		".flaskenv.ini", ".coveragerc",
		"tox.ini", ".hgrc", ".boto", ".s3cfg", ".my.cnf", "supervisord.conf", ".curlrc", ".wgetrc":
		return "ini"
	case ".netrc", "_netrc", ".authinfo":
		return "netrc"
	case ".flaskenv", "environment", "env", ".dev.vars", "dotenv", "env_file", ".vars", "secrets.vars", ".secrets":
		return "dotenv"
	case "procfile", "procfile.dev":
		return "procfile"
	case "crontab":
		return "crontab"
	case "brewfile", "gemfile", "rakefile", "podfile", "fastfile", "vagrantfile", "capfile", "guardfile", "dangerfile",
		"appfile",
		"matchfile", "deliverfile", "config.ru", "puppetfile", "berksfile":
		return "ruby"
	case "tiltfile", "build", "workspace", "build.bazel", "workspace.bazel", "sconstruct", "sconscript", "snakefile":
		return "python"
	case "pipfile", "poetry.lock", "cargo.lock", "gopkg.lock", "uv.lock":
		return "toml"
	case ".babelrc", ".eslintrc", ".prettierrc", ".swcrc", ".jshintrc", ".stylelintrc", ".lintstagedrc", ".releaserc",
		".mocharc",
		"composer.lock", "pipfile.lock", ".ngxrc", ".nycrc", ".firebaserc", "flake.lock", ".parcelrc",
		".watchmanconfig", ".postcssrc":
		return "json"
	case ".clang-format", ".clang-tidy", ".gemrc", "pnpm-lock.yaml", ".yarnrc.yml", ".ansible-lint", ".travis.yml":
		return "yaml"
	case "go.mod", "go.sum", "go.work", "requirements.txt", "license", "yarn.lock", "gemfile.lock", "checksums.txt",
		"sha256sums":
		return "prose"
	case "app.config", "web.config", "nuget.config", "packages.config", "machine.config":
		return "xml"
	case "cmakelists.txt":
		return "cmake"
	case "nginx.conf", "httpd.conf", "apache2.conf", ".htaccess", "haproxy.cfg", "caddyfile", "mime.types",
		"redis.conf":
		return "conf"
	case "manifest.mf":
		return "properties"
	}
	return ""
}

// langOfExt knows the endings of settings, markup and documents.
func langOfExt(ext string) string {
	switch ext {
	case ".env", ".envrc":
		return "dotenv"
	case ".properties", ".props.txt":
		return "properties"
	case ".ini", ".cfg", ".cnf", ".service", ".timer", ".socket", ".mount", ".desktop", ".reg", ".inf", ".container",
		".kube",
		".pod", ".netdev", ".network", ".slice", ".target", ".npmrc", ".gitconfig", ".prefs", ".override", ".rc":
		return "ini"
	case ".conf", ".strings", ".vhost", ".nginx", ".nginxconf":
		return "conf"
	case ".hocon":
		return "conf"
	case ".xcconfig":
		return "ini"
	case ".toml":
		return "toml"
	case ".yaml", ".yml", ".cwl", ".eyaml", ".sops", ".raml", ".syntax", ".mir":
		return "yaml"
	case ".json", ".json5", ".jsonc", ".ndjson", ".jsonl", ".har", ".webmanifest", ".geojson", ".tfstate", ".map",
		".avsc", ".arb",
		".code-workspace", ".postman_collection", ".postman_environment", ".topojson", ".ldjson", ".jsonld",
		".lock.json", ".importmap", ".insomnia":
		return "json"
	case ".hcl", ".tf", ".tfvars", ".nomad", ".workflow", ".pkr", ".sentinel", ".tofu":
		return "hcl"
	case ".xml", ".plist", ".csproj", ".vbproj", ".fsproj", ".props", ".targets", ".config", ".pom", ".xaml", ".nuspec",
		".wsdl",
		".xsd", ".storyboard", ".xib", ".svg", ".resx", ".iml", ".entitlements", ".xsl", ".xslt", ".pubxml",
		".settings", ".strings.xml",
		".jmx", ".run", ".launch", ".wxs", ".rss", ".atom", ".vcxproj", ".xcscheme", ".mobileconfig", ".jelly":
		return "xml"
	case ".html", ".htm", ".xhtml", ".shtml", ".cshtml", ".razor", ".jsp", ".aspx", ".ascx", ".vm", ".ftl", ".twig",
		".liquid",
		".njk", ".eex", ".heex", ".leex", ".haml", ".asp", ".mjml":
		return "html"
	case ".vue":
		return "vue"
	case ".svelte":
		return "svelte"
	case ".astro":
		return "astro"
	case ".sh", ".bash", ".zsh", ".fish", ".ksh", ".ash", ".csh", ".tcsh", ".command", ".bats", ".nu", ".history",
		".profile":
		return "shell"
	case ".ps1", ".psm1", ".psd1":
		return "powershell"
	case ".bat", ".cmd":
		return "batch"
	case ".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd", ".mdx", ".mdc", ".mdwn":
		return "markdown"
	case ".rst", ".rest":
		return "rst"
	case ".adoc", ".asciidoc", ".asc":
		return "asciidoc"
	case ".ipynb":
		return "notebook"
	case ".http":
		return "http"
	case ".log", ".out", ".trace":
		return "log"
	case ".sql", ".psql", ".ddl", ".dml", ".pgsql":
		return "sql"
	case ".csv", ".tsv", ".tab", ".psv":
		return "csv"
	case ".mk", ".mak", ".make":
		return "makefile"
	case ".dockerfile":
		return "dockerfile"
	case ".cmake":
		return "cmake"
	case ".cron", ".crontab":
		return "crontab"
	case ".diff", ".patch":
		return "diff"
	case ".txt", ".text", ".me", ".nfo", ".eml":
		return "txt"
	case ".tmpl", ".tpl", ".template", ".j2":
		return "template"
	}
	return ""
}

// shebang says which language a first line names.
func shebang(text string) string {
	line := text[:lineEnd(text, 0)]
	for _, f := range strings.Fields(strings.TrimPrefix(line, "#!")) {
		f = f[strings.LastIndexByte(f, '/')+1:]
		if f == "env" || strings.HasPrefix(f, "-") || strings.Contains(f, "=") {
			continue
		}
		f = strings.TrimRight(f, "0123456789.")
		switch f {
		case "sh", "bash", "zsh", "dash", "ksh", "fish", "ash", "csh", "tcsh", "with-contenv", "bats", "openrc-run",
			"busybox":
			return "shell"
		case "node", "deno", "bun", "zx", "k", "nodejs":
			return "javascript"
		case "ts-node", "tsx":
			return "typescript"
		case "python", "pypy", "uv":
			return "python"
		case "pwsh", "powershell":
			return "powershell"
		case "make":
			return "makefile"
		case "ruby", "perl", "php", "lua", "groovy", "elixir", "swift", "kotlin", "scala", "dart", "clojure":
			return f
		case "escript":
			return "elixir"
		case "bb":
			return "clojure"
		case "kscript":
			return "kotlin"
		case "runghc", "runhaskell", "stack":
			return "haskell"
		}
		return ""
	}
	return ""
}

// sniff says what a text without a telling name looks like; "" where it looks like nothing that is known.
func sniff(text string) string {
	head := strings.TrimPrefix(text[:min(len(text), 1<<14)], "\ufeff")
	head = strings.TrimLeft(head, " \t\r\n")
	switch {
	case head == "":
		return ""
	case strings.HasPrefix(head, "#!"):
		return shebang(head)
	case strings.HasPrefix(head, "<?xml"), strings.HasPrefix(head, "<!DOCTYPE plist"), strings.HasPrefix(head,
		"<plist"):
		return "xml"
	case strings.HasPrefix(head, "<!"), hasPrefixFold(head, "<html"), hasPrefixFold(head, "<div"),
		hasPrefixFold(head, "<script"):
		return "html"
	case strings.HasPrefix(head, "<?php"):
		return "php"
	case strings.HasPrefix(head, "<") && strings.Contains(head, "</"):
		return "xml"
	case strings.HasPrefix(head, "---\n"), strings.HasPrefix(head, "apiVersion:"), strings.HasPrefix(head, "%YAML"):
		return "yaml"
	case strings.HasPrefix(head, "diff --git "), strings.HasPrefix(head, "--- a/"), strings.HasPrefix(head, "Index: "),
		strings.HasPrefix(head, "From ") && strings.Contains(head, "\ndiff --git "), strings.HasPrefix(head,
			"commit ") && strings.Contains(head, "\ndiff --git "):
		return "diff"
	case strings.HasPrefix(head, "-----BEGIN "):
		return "prose"
	case head[0] == '{' && strings.IndexByte(head, '"') > 0 && !strings.HasPrefix(head, "{{"):
		return "json"
	case head[0] == '[' && strings.HasPrefix(strings.TrimLeft(head[1:], " \t\r\n"), `"`), head[0] == '[' &&
		strings.HasPrefix(strings.TrimLeft(head[1:], " \t\r\n"), "{"):
		return "json"
	case isRequestLine(firstLine(head)), strings.HasPrefix(head, "HTTP/1."), strings.HasPrefix(head, "HTTP/2"):
		return "http"
	}
	return sniffLines(head)
}

func firstLine(s string) string { return strings.TrimRight(s[:lineEnd(s, 0)], "\r") }

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// sniffLines judges by how many lines look like what.
func sniffLines(text string) string {
	var lines, env, props, colons, indented, commands, sections, code, comments int
	for i, n := 0, 0; i < len(text) && n < 200; n++ {
		e := lineEnd(text, i)
		k, stop := trimLine(text, i, e)
		at := i
		i = e + 1
		if k >= stop {
			continue
		}
		line := text[k:stop]
		if line[0] == '#' {
			comments++
			continue
		}
		lines++
		if isRequestLine(line) || requestIn(line) >= 0 || isPseudoHeader(line) {
			return "http"
		}
		if line[0] == '[' && line[len(line)-1] == ']' && strings.IndexByte(line, '"') < 0 && len(line) > 2 {
			sections++
			continue
		}
		rest := strings.TrimPrefix(line, "export ")
		m := nameEnd(rest, 0)
		if m > 0 && m < len(rest) && rest[m] == '=' && !strings.HasSuffix(line, ";") && !strings.HasSuffix(line, "{") {
			if isUpperName(rest[:m]) {
				env++
			} else {
				props++
			}
			continue
		}
		item := strings.TrimPrefix(line, "- ")
		m = 0
		for m < len(item) && (isNameByte(item[m]) || strings.IndexByte(".-/\"'", item[m]) >= 0) {
			m++
		}
		switch {
		case m > 0 && m < len(item) && item[m] == ':' && (m+1 == len(item) || item[m+1] == ' ') &&
			!strings.HasSuffix(line, ",") && !strings.HasSuffix(line, ";"):
			colons++
			if k > at || m+1 == len(item) || item != line {
				indented++
			}
		case item != line && len(line) > 2:
			indented++
		case strings.HasPrefix(line, "curl "), strings.HasPrefix(line, "docker "), strings.HasPrefix(line, "kubectl "),
			strings.HasPrefix(line, "$ "),
			strings.HasPrefix(line, "echo "), strings.HasPrefix(line, "export "), strings.HasPrefix(line, "npm "),
			strings.HasPrefix(line, "sudo "),
			strings.HasPrefix(line, "helm "), strings.HasPrefix(line, "cd "), strings.HasPrefix(line, "set -"):
			commands++
		case strings.HasSuffix(line, ";"), strings.HasSuffix(line, "{"), line == "}", strings.HasPrefix(line,
			"import "), strings.HasPrefix(line, "const "):
			code++
		}
	}
	switch {
	case lines == 0:
		if comments > 0 {
			return "dotenv"
		}
		return ""
	case strings.HasPrefix(text, "$ ") || strings.Contains(text, "\n$ "):
		return "console"
	case sections > 0 && env+props > 0 && code == 0:
		return "ini"
	case commands > 0 && commands+env+props >= lines/3:
		return "shell"
	case env+props > 0 && (env+props)*2 >= lines && code == 0:
		return "dotenv"
	case colons >= 2 && colons+indented >= lines*2/3 && indented > 0 && code == 0:
		return "yaml"
	}
	return ""
}

// isRequestLine says that a line asks for something by HTTP: GET /path, POST https://host/path HTTP/1.1.
func isRequestLine(line string) bool {
	line = strings.TrimLeft(line, "> ")
	method, rest, ok := strings.Cut(line, " ")
	if !ok || !isMethod(method) {
		return false
	}
	rest = strings.TrimLeft(rest, " ")
	return strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "http") || strings.HasPrefix(rest, "{{")
}

// requestIn is where in a line a request begins that a capture shows behind words of its own (10.4.2.17:51514: GET
// https://host/path HTTP/1.1), -1 where there is none.
func requestIn(line string) int {
	line = strings.TrimSuffix(strings.TrimRight(line, " \t\r"), `\r\n`)
	h := strings.LastIndex(line, " HTTP/")
	if h < 0 || strings.Trim(line[h+len(" HTTP/"):], "0123456789.") != "" {
		return -1
	}
	for i, n := 0, 0; i < h && n < 32; n++ {
		end := nextBlank(line, i, h)
		k := end
		for k > i && line[k-1] >= 'A' && line[k-1] <= 'Z' {
			k-- // what a dump of packets shows before the method is no word of its own
		}
		if isMethod(line[k:end]) && isRequestLine(line[k:]) {
			return k
		}
		for i = end; i < h && isSpace(line[i]); i++ {
		}
	}
	return -1
}

// isPseudoHeader says that a line is one that only HTTP/2 has: :path: /x, in brackets of a trace or not.
func isPseudoHeader(line string) bool {
	for _, name := range [...]string{":method: ", ":path: /", ":authority: ", ":scheme: http", ":status: "} {
		i := strings.Index(line, name)
		if i == 0 || i > 0 && (line[i-1] == '[' || line[i-1] == ' ') {
			return true
		}
	}
	return false
}

func isMethod(w string) bool {
	switch w {
	case "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "QUERY", "CONNECT":
		return true
	}
	return false
}
