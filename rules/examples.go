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
	return documented(digestOf(random)) != "" || random != text && documented(digestOf(text)) != ""
}

// documented says where a random part, or where only a whole token is known, a token is printed.
func documented(d digest) string {
	switch d {
	// random parts
	case 0xa338ae86a1d5887f:
		return "documentation, API tokens"
	case 0x5d42604e37dfe1c7:
		return "documentation, personal access tokens"
	case 0x09bb527d6e62de91:
		return "documentation, environment sync"
	case 0x0d38504e2efbfd2d:
		return "OpenAPI description and generated clients"
	case 0x23db5a8e6be609ed:
		return "demo of version 3 and Proxy README"
	case 0xed14d7783a027442:
		return "documentation of version 4.0, quick start"
	case 0xf685621bc91fcc04:
		return "documentation of version 4.0, Node and Ruby demos"
	case 0x7a2f4ad9d682882d:
		return "Edge README"
	case 0x3f19893157f03bb8:
		return "Edge README, pretrusted tokens"
	case 0xacd68e691dc3bf7d:
		return "documentation, tutorial"
	case 0xa94b7d21c2ede4e3:
		return "Next.js SDK README"
	case 0x562a9886d504a28c:
		return "documentation, tutorial"
	case 0x0e2587abf2ad55a9:
		return "documentation, tutorial"
	case 0x4cf8786ad4a0cc0d:
		return "documentation"
	case 0x115d2fe2cf4a003c:
		return "documentation, Python"
	case 0x54b1b4a786637115:
		return "user interface, onboarding"
	case 0x5eef01c046c0aa67:
		return "Spring Boot starter README"
	case 0x35612c4ecb50faf7:
		return "documentation, tutorial"
	// whole tokens
	case 0x3f1fa2ca5df5daef:
		return "SDK examples, Next.js example"
	case 0xfad41fee23525833:
		return "SDK examples, Ruby and Next.js examples"
	case 0xad5304ddc7b4c569:
		return "Java examples"
	case 0xd4bc7b7e2e5d01bd:
		return "Flutter and iOS examples"
	case 0xf6904ad38da01175:
		return "Android samples"
	case 0x920f123714f098fa:
		return "Spring starter example"
	case 0x2c615b53530f5f7d:
		return "Java Spring example"
	}
	return ""
}
