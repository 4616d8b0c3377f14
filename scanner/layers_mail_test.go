package scanner_test

import (
	"strings"
	"testing"
)

// TestQuotedPrintableBehindAnEscape reads messages in which an escape stands right before a token: its digits are no part of a name.
func TestQuotedPrintableBehindAnEscape(t *testing.T) {
	const head = "Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
	for _, text := range []string{
		"UNLEASH_BACKEND_TOKEN=3DTOKEN\n",
		"UNLEASH_BACKEND_TOKEN=3dTOKEN\n",
		"UNLEASH_BACKEND_TOKEN=3DHALF=\nREST\n",
		"UNLEASH_BACKEND_TOKEN=3DHALF=\r\nREST\r\n",
		"<a href=3D\"https://u.example.com/?token=3DTOKEN\">x</a>\n",
		"token=20is=20TOKEN=20here\n",
		"TOKEN\n",
	} {
		for _, secret := range []string{scoped, scopedV2} {
			body := strings.NewReplacer("TOKEN\"", secret+"\"", "3DTOKEN", "3D"+secret, "3dTOKEN", "3d"+secret, "20TOKEN",
				"20"+secret, "HALF", secret[:40], "REST", secret[40:]).Replace(text)
			if strings.HasPrefix(body, "TOKEN") {
				body = secret + "\n"
			}
			found := finds(t, "m.eml", head+body)
			if len(found) != 1 || found[0].Secret.Reveal() != secret {
				t.Errorf("%q: %d findings, want the token alone", text, len(found))
			}
		}
	}
}
