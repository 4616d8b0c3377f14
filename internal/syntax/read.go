package syntax

import "strings"

// readAs reads r.src in a language, and as prose where it knows none.
func readAs(lang string, r *reading, root *Node) {
	if l := codeLangs()[lang]; l != nil {
		tree, imports, directives := parseCode(r.meter, l, r.src)
		for _, k := range tree.Kids {
			root.put(k)
		}
		r.imports = append(r.imports, imports...)
		r.directives = append(r.directives, directives...)
		if lang == "php" {
			r.pageAround(root)
		}
		return
	}
	read := readerOf(lang)
	if read == nil {
		read = readProse
	}
	read(r, root)
}

// pageAround reads what stands outside of the tags of PHP: the page that the program fills in.
func (r *reading) pageAround(root *Node) {
	if !strings.Contains(r.src, "?>") && strings.HasPrefix(strings.TrimSpace(r.src), "<?") {
		return
	}
	var page strings.Builder
	at, markup := 0, false
	for at < len(r.src) {
		r.step()
		open := strings.Index(r.src[at:], "<?")
		if open < 0 {
			open = len(r.src) - at
		}
		text := r.src[at : at+open]
		markup = markup || strings.Contains(text, "</")
		page.WriteString(text)
		end := len(r.src)
		if e := strings.Index(r.src[at+open:], "?>"); e >= 0 {
			end = at + open + e + len("?>")
		}
		for _, c := range []byte(r.src[at+open : end]) { // what the program writes there is not known
			if c != '\n' {
				c = ' '
			}
			page.WriteByte(c)
		}
		at = end
	}
	if markup {
		r.embed(root, "html", "", page.String(), shifted(0))
	}
}

// readerOf is the reader of a language of settings, markup or documents.
func readerOf(lang string) reader {
	switch lang {
	case "dotenv":
		return readDotenv
	case "properties":
		return readProperties
	case "ini":
		return readINI
	case "conf":
		return readConf
	case "toml":
		return readTOML
	case "yaml":
		return readYAML
	case "json":
		return readJSON
	case "hcl":
		return readHCL
	case "xml":
		return readXML
	case "html":
		return readHTML
	case "twig":
		return readTwig
	case "vue", "svelte":
		return readComponent
	case "astro":
		return readAstro
	case "dockerfile":
		return readDockerfile
	case "makefile":
		return readMakefile
	case "cmake":
		return readCMake
	case "shell":
		return readShell
	case "console":
		return readConsole
	case "powershell":
		return readPowerShell
	case "batchline":
		return readBatchLine
	case "batch":
		return readBatch
	case "markdown":
		return readMarkdown
	case "rst":
		return readReST
	case "asciidoc":
		return readAsciiDoc
	case "notebook":
		return readNotebook
	case "http":
		return readHTTP
	case "log":
		return readLog
	case "sql":
		return readSQL
	case "csv":
		return readCSV
	case "netrc":
		return readNetrc
	case "procfile":
		return readProcfile
	case "crontab":
		return readCrontab
	case "diff":
		return readDiff
	case "url":
		return readURL
	case "query":
		return readQuery
	case "headerline":
		return readHeaderLine
	case "options":
		return readOptions
	case "commas":
		return readCommas
	}
	return nil
}

// isData says that a language is one of trees of settings, where conventions hold: name and value pairs, scripts in
// strings, lists of NAME=value.
func isData(lang string) bool {
	switch lang {
	case "yaml", "json", "toml", "hcl", "xml", "notebook":
		return true
	}
	return false
}
