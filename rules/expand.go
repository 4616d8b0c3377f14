package rules

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var templateField = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\{(hex|HEX|b64u|text|same|v2|insecure|seeded)(\d*)\}`)
})

// Expand makes a text of a template of a FormatRow: the same one for the same seed. Fields: {hexN} and {HEXN} are N
// hexadecimal digits, {b64uN} N digits of base64url, {textN} N lower-case letters and digits, {sameN} N times one
// digit, {v2} the secret part of a v2 token as a server writes it, {insecure} what published defaults begin with,
// {seeded} one of them. It serves tests and documentation; nothing it makes opens anything.
func Expand(template string, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 0x756e6c65616b6564))
	return templateField().ReplaceAllStringFunc(template, func(field string) string {
		m := templateField().FindStringSubmatch(field)
		n, _ := strconv.Atoi(m[2]) // no number is 0, where none is wanted
		switch m[1] {
		case "hex":
			return pick(r, digits+"abcdef", n)
		case "HEX":
			return pick(r, digits+"ABCDEF", n-1) + "F"
		case "b64u":
			return pick(r, digits+letters+"-_", n)
		case "text":
			return pick(r, digits+letters[:26], n-1) + "7"
		case "insecure":
			return insecurePrefix
		case "seeded":
			return defaultProject
		case "same":
			return strings.Repeat(pick(r, digits+"abcdef", 1), n)
		}
		return v2Prefix + pick(r, digits+letters+"-_", selectorLen-1) + pick(r, "AQgw", 1) +
			"_" + pick(r, digits+letters+"-_", verifierLen-1) + pick(r, "AEIMQUYcgkosw048", 1)
	})
}

func pick(r *rand.Rand, from string, n int) string {
	b := make([]byte, max(n, 0))
	for i := range b {
		b[i] = from[r.IntN(len(from))]
	}
	return string(b)
}
