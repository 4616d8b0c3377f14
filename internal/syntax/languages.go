package syntax

import (
	"strings"
	"sync"
)

// languages lists them all. Where two know a file's name by their named, the first has it.
func languages() []*language {
	return []*language{
		langDotenv(), langDockerfile(), langGroovy(), langMakefile(), langYAML(), langLog(), langJSON(), langTOML(),
		langHCL(), langXML(), langProperties(), langINI(), langConf(), langHTML(), langTwig(), langVue(),
		langSvelte(), langAstro(), langCMake(), langShell(), langConsole(), langPowerShell(), langBatch(),
		langBatchLine(), langMarkdown(), langReST(), langAsciiDoc(), langNotebook(), langHTTP(), langBruno(), langSQL(),
		langCSV(), langNetrc(), langProcfile(), langCrontab(), langDiff(), langURL(), langQuery(), langHeaderLine(),
		langOptions(), langCommas(), langProse(), langText(), langTemplate(),

		langJavaScript(), langTypeScript(), langTSX(), langCFML(), langJava(), langKotlin(), langScala(),
		langClojure(), langGo(), langPython(), langRuby(), langPHP(), langCSharp(), langFSharp(), langBasic(),
		langRust(), langSwift(), langDart(), langElixir(), langHaskell(), langC(), langPerl(), langLua(),
		langBrightScript(),
	}
}

// known is the languages by what tells them. It is made when the first text is read.
var known struct {
	once                             sync.Once
	names                            map[string]*language
	files, endings, fences, programs map[string]string
	byNamed                          []*language
}

func know() {
	known.names = map[string]*language{}
	known.files, known.endings = map[string]string{}, map[string]string{}
	known.fences, known.programs = map[string]string{}, map[string]string{}
	for _, l := range languages() {
		known.names[l.name] = l
		tell := func(m map[string]string, list string) {
			for w := range strings.FieldsSeq(list) {
				m[w] = l.name
			}
		}
		tell(known.files, l.files)
		tell(known.endings, l.endings)
		tell(known.fences, l.fences)
		tell(known.programs, l.programs)
		if l.code != nil || l.read != nil {
			known.fences[l.name] = l.name
		}
		if l.named != nil {
			known.byNamed = append(known.byNamed, l)
		}
	}
}

// languageOf is the language of a name, nil for none.
func languageOf(name string) *language {
	known.once.Do(know)
	return known.names[name]
}

// langOfFile is the language of a whole file name in lower case, "" for none; so are the following of an ending with
// its dot, of what a fence calls it, and of a program.
func langOfFile(base string) string {
	known.once.Do(know)
	return known.files[base]
}

func langOfEnding(ext string) string {
	known.once.Do(know)
	return known.endings[ext]
}

func langOfFence(word string) string {
	known.once.Do(know)
	return known.fences[word]
}

func langOfProgram(name string) string {
	known.once.Do(know)
	return known.programs[name]
}

// codeOf is the programming language of a name, nil for none.
func codeOf(name string) *codeLang {
	if l := languageOf(name); l != nil {
		return l.code
	}
	return nil
}

// isData says that a language is one of trees of settings.
func isData(lang string) bool {
	l := languageOf(lang)
	return l != nil && l.data
}
