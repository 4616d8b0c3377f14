package rules

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
)

// fingerprintVersion begins every fingerprint. It changes when the way to make them does, so that a baseline of another
// version is recognised as one instead of matching nothing.
const fingerprintVersion = "1"

// Fingerprint identifies a credential across moved lines, renamed files and rewritten history. It is a version digit,
// "r" or "g", and 32 hexadecimal digits. Reports carry it, so it must be of no use to whoever gets hold of a report.
//
// Of a random credential ("r") it is a digest of its format and its text: at 168 random bits and more there is nothing
// to guess, and the same token has the same fingerprint wherever it stands.
//
// Of a credential that a dictionary may hold ("g": text that an operator chose, a client key, a published default, a
// near miss that is not random), a digest of the text would confirm a right guess. It is made of what the report shows
// anyway, the format, the scope and the name that the text is bound to, and of tenBits of a digest of the text. Those
// tell two such texts behind one name apart in 1023 of 1024 cases, and of a dictionary of a million words they leave a
// thousand, each as likely as before. The name is part of the digested text, so that the same words do not remain for
// two places.
func Fingerprint(c Credential, boundName string) string {
	if c.Random() {
		return fingerprintVersion + "r" + sumOf("random", string(c.Format), c.Secret.Reveal())
	}
	few := tenBits("guessable", boundName, c.Secret.Reveal())
	return fingerprintVersion + "g" + sumOf("place", string(c.Format), c.Project, c.Environment, boundName,
		strconv.Itoa(few))
}

// shortestFingerprint is how much of a fingerprint still tells it from others.
const shortestFingerprint = 8

// IsFingerprint reports whether text is a fingerprint as reports print it, or its first eight characters or more.
func IsFingerprint(text string) bool {
	if len(text) < shortestFingerprint || len(text) > len(SettingFingerprint("", "")) {
		return false
	}
	if version, kind := text[0], text[1]; version < '1' || version > '9' || !strings.ContainsRune("rgs", rune(kind)) {
		return false
	}
	return strings.Trim(text[2:], "0123456789abcdef") == ""
}

// Random reports whether nobody can guess the credential: a server drew it, and at least 120 of its bits are there.
func (c Credential) Random() bool {
	switch c.Format {
	case Scoped, ScopedV2, Account, AccountV2, Legacy:
	default:
		return false
	}
	_, random := splitScope(c.Secret.Reveal())
	return len(random) >= v3HashLen
}

// IsGuessable reports whether a fingerprint is that of a text which a dictionary may hold.
func IsGuessable(fingerprint string) bool { return len(fingerprint) > 1 && fingerprint[1] == 'g' }

// tenBits is a number of ten bits, from a digest of the parts.
func tenBits(parts ...string) int {
	sum := digestParts(parts)
	return int(binary.BigEndian.Uint16(sum[:]) >> 6)
}

func sumOf(parts ...string) string {
	sum := digestParts(parts)
	return hex.EncodeToString(sum[:16])
}

// digestParts digests parts so that no two lists of parts are one text: each with its length before it, after a name
// that no other digest of the world begins with.
func digestParts(parts []string) [sha256.Size]byte {
	text := []byte("unleaked fingerprint " + fingerprintVersion)
	for _, part := range parts {
		text = binary.BigEndian.AppendUint32(text, uint32(len(part)))
		text = append(text, part...)
	}
	return sha256.Sum256(text)
}

// SettingFingerprint identifies a setting that is named as a secret and has no value in sight: by its name and the kind
// that the name states.
func SettingFingerprint(name string, k Kind) string {
	return fingerprintVersion + "s" + sumOf("setting", name, string(k))
}
