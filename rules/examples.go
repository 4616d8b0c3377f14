package rules

import (
	"crypto/sha256"
	"encoding/binary"
)

// A digest is the first eight bytes of the SHA-256 of a published text. Only digests stand here: the texts themselves
// would make this program a finding of itself and of every other scanner, and some of them may open something
// somewhere.
type digest uint64

func digestOf(text string) digest {
	sum := sha256.Sum256([]byte(text))
	return digest(binary.BigEndian.Uint64(sum[:8]))
}

// publishedDev is the random part of the admin token that the server's development set-up seeds.
const publishedDev digest = 0x01d53244f001540e

func isPublished(random string) bool { return digestOf(random) == publishedDev }

// isExample reports whether Unleash's public documentation prints the credential, or one with the same random part: it
// shows the same digits behind several scopes, and nobody draws them twice.
func isExample(text, random string) bool {
	return documented[digestOf(random)] != "" || random != text && documented[digestOf(text)] != ""
}

// documented says where a random part, or where only a whole token is known, a token is printed.
var documented = map[digest]string{
	// random parts
	0xa338ae86a1d5887f: "documentation, API tokens",
	0x5d42604e37dfe1c7: "documentation, personal access tokens",
	0x09bb527d6e62de91: "documentation, environment sync",
	0x0d38504e2efbfd2d: "OpenAPI description and generated clients",
	0x23db5a8e6be609ed: "demo of version 3 and Proxy README",
	0xed14d7783a027442: "documentation of version 4.0, quick start",
	0xf685621bc91fcc04: "documentation of version 4.0, Node and Ruby demos",
	0x7a2f4ad9d682882d: "Edge README",
	0x3f19893157f03bb8: "Edge README, pretrusted tokens",
	0xacd68e691dc3bf7d: "documentation, tutorial",
	0xa94b7d21c2ede4e3: "Next.js SDK README",
	0x562a9886d504a28c: "documentation, tutorial",
	0x0e2587abf2ad55a9: "documentation, tutorial",
	0x4cf8786ad4a0cc0d: "documentation",
	0x115d2fe2cf4a003c: "documentation, Python",
	0x54b1b4a786637115: "user interface, onboarding",
	0x5eef01c046c0aa67: "Spring Boot starter README",
	0x35612c4ecb50faf7: "documentation, tutorial",
	// whole tokens
	0x3f1fa2ca5df5daef: "SDK examples, Next.js example",
	0xfad41fee23525833: "SDK examples, Ruby and Next.js examples",
	0xad5304ddc7b4c569: "Java examples",
	0xd4bc7b7e2e5d01bd: "Flutter and iOS examples",
	0xf6904ad38da01175: "Android samples",
	0x920f123714f098fa: "Spring starter example",
	0x2c615b53530f5f7d: "Java Spring example",
}
