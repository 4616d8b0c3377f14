// Package fixes has tokens that the environment could bring.
package fixes

import (
	"fmt"
	"net/http"

	"github.com/Unleash/unleash-go-sdk/v6"
)

type secret string

const inConst = "fixes:production.a0104ba938391922fe675ecac038f6099d17eaa9b1ee97ace8f3d655" // want `^backend-token: `

var inVar = "fixes:production.103f6d1089510af6ce5bf06a361ef0ab8971caa73975cbf20019ff54" // want `^backend-token: `

var typed secret = "fixes:production.530dfcff2f64e74af6d3b82f973c661c893f3f58209e68eb956648a8" // want `^unknown-token: `

func start() {
	fmt.Println("start")
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"authorization": {inVar, inConst}}))                                                                          // want `^non-canonical-header: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"Bearer fixes:production.b215d33f77f14cf850e264d70aa5587591ff6e0675179f5c55c747fc"}}))      // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"Bearer " + "fixes:production.5e49485a97c8808d33d5d40a846c538a9793b9a89be6c851892e37f9"}})) // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {"user:" + "3c8c3d5e37443fa682599174823cca65c86b3251fc10d5b33e945211"}}))                    // want `^personal-token, personal-token-in-sdk: `
}

func lookup(key, def string) string { return def }

func shadowed() {
	os := "linux"
	unleash.Initialize(unleash.WithAppName(os), unleash.WithCustomHeaders(http.Header{"Authorization": {"fixes:production.9a0a5a96cff00c26bc6ac1efa72073f3b49ce589a6cf5d7295f83c8f"}}))     // want `^backend-token: `
	unleash.Initialize(unleash.WithCustomHeaders(http.Header{"Authorization": {lookup("UNLEASH_API_TOKEN", "fixes:production.7dca3331299693158f15cda2e521e0fb1d8b4ac3e3dc300642d0da90")}})) // want `^backend-token: `
}

func array() [len("fixes:production.2f512b93da078b9cccaae15aff4b15ccb59ecd9b2421dec125287157")]int { // want `^unknown-token: `
	const local = "fixes:production.437652ce98f121612ff6ac91f171993c11e209b4da3efe5fa974c3b2" // want `^unknown-token: `
	_ = local
	return [len(inConst)]int{}
}
