package analyzer

import (
	"path/filepath"
	"strings"

	"github.com/unleaked/unleaked/rules"
)

// placed reads a text that stands where a token belongs: there, one that an operator chose is a token too, and a near
// miss of one is worth telling.
func placed(text, path string) (rules.Credential, bool) {
	cred, ok := rules.ParseValue(text)
	if !ok {
		return rules.Credential{}, false
	}
	if cred.Format == rules.Custom && !cred.Default && inTestCode(path) {
		all := cred.Secret.Reveal()
		if rules.IsDummyWord(all[strings.LastIndexAny(all, ".:")+1:]) {
			return rules.Credential{}, false
		}
	}
	return cred, true
}

// inTestCode reports whether a file is test code. Only its name and folder count: the folders above may be anyone's.
func inTestCode(path string) bool {
	return rules.InTestCode(filepath.Base(filepath.Dir(path)) + "/" + filepath.Base(path))
}
