// Package fixes has tokens that the environment could bring.
package fixes

import (
	"fmt"
	"net/http"

	"github.com/Unleash/unleash-go-sdk/v6"
)

type secret string

const inConst = "fixes:production.4ce24df9a4c7befde950a380146f7d2c119b76868f09351ecc2394e6" // want `^backend-token: `

var inVar = "fixes:production.1836012fb6b2dc88773516397467f6c0510168b05e8f9aa4a4fcc4bf" // want `^backend-token: `

var typed secret = "fixes:production.be2109ef517873e6f8044c4bd0a539902bcb4845a965d977e37f3ab9" // want `^unknown-token: `

func start() {
	fmt.Println("start")
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"authorization": {inVar, inConst}}))                                                                          // want `^non-canonical-header: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"Bearer fixes:production.bb1774deb50fde1cbb1e8daa303a2977fc1cc0b41cb54ebb620e3442"}}))      // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"Bearer " + "fixes:production.339e8d60588461d5bc7c353da4a4169131b83464a9f715698ff2b5b0"}})) // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"user:" + "abd764da46c7053b20d6b0b556117ba205dcd28ac5f0144670ed488a"}}))                    // want `^personal-token, personal-token-in-sdk: `
}

func lookup(key, def string) string { return def }

func shadowed() {
	os := "linux"
	unleash.Initialize(unleash.WithAppName(os), unleash.WithCustomHeaders(http.Header{"Authorization": {"fixes:production.2085baefdb878caf8cdc33c944c5474419fd8c196d80dbc9174dc517"}}))     // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {lookup("UNLEASH_API_TOKEN", "fixes:production.dc721a781e1103b3e835e8cde06b16ff26a34a4bbe3a57a8f32a1a9c")}})) // want `^backend-token: `
}

func array() [len("fixes:production.9396832d69c47cbec02af64731a4a36362fbe2a5158699407a167d80")]int { // want `^unknown-token: `
	const local = "fixes:production.9fcd98897895565d5c051d6fe780fddd0be142bc35a1638e3b88c8e3" // want `^unknown-token: `
	_ = local
	return [len(inConst)]int{}
}
