// Package app uses the wrapper.
package app

import (
	"wrap/config"
	"wrap/env"
	"wrap/lib"
	"wrap/logx"
)

func start() {
	_ = lib.New("app", "https://unleash.wrap.example/api", "wrap:production.1619c5e3b48cb83a20ed43f03238d3007c04efecc5eea674cfbc451a", "production")               // want `^backend-token: `
	_ = lib.New("app", "https://unleash.wrap.example/api/frontend", env.Or("TOKEN", "*:*.fae089f4cffcfcfbbb28250fdfcdc2456dfab696e157377254713e8c"), "production") // want `^wrong-endpoint: ` `^admin-token, admin-token-in-sdk: .*handed to lib.New`
	_ = lib.New("app", "http://unleash.wrap.example/api", "wrap:development.ede2c38e228ad987b68c4b77d37cd8a236e6ecdde220a09ae359b785", "production")               // want `^plain-http: ` `^backend-token, environment-mismatch: `
	_ = lib.New("wrap:production.969b291a4e60b98b63c05e027dbecb7667e31110a35f0bbd0a1d62c7", "", "", "")                                                            // want `^unknown-token, token-in-identity: `
	_ = lib.New("app", "", config.UnleashFrontendToken, "")                                                                                                        // want `^frontend-token-in-backend: `
	_ = lib.New("app", "", config.Credential, "development")                                                                                                       // want `^environment-mismatch: `
	_ = lib.New("app", "", config.Half+"64143363994e345224871018064c", "")                                                                                         // want `^backend-token: `
	_ = lib.New("app", "", config.Load().Web, "")                                                                                                                  // want `^frontend-token-in-backend: `
	_ = lib.New("app", "", config.Load().UnleashToken, "production")                                                                                               // want `^environment-mismatch: `
}

func structs() {
	_ = lib.Start(lib.Config{
		URL:   "https://unleash.wrap.example/api/frontend",                                 // want `^wrong-endpoint: `
		Token: "wrap:development.d618a4f715cea41e6147212d0f9491d11ef66ce1ac3d1993d4dd9bbd", // want `^backend-token, environment-mismatch: `
		Env:   "production",
	})
	_ = lib.WithToken("user:6b7ebe60281c303fd2946d24c1497be431b913cd2fc4f8518c55faa7") // want `^personal-token, personal-token-in-sdk: `
}

func raw() {
	_, _ = lib.Get("/api/admin/projects", "wrap:production.68e12d0a394af3ab28bf143733e0993c42829388569cb01d9bebe19d")  // want `^unknown-token, sdk-token-in-admin-api: `
	_, _ = lib.Get("/api/client/features", "wrap:production.fb9da3d943bb0b0cb0911fd6363085537f3f37d3541b2ab65911fb59") // want `^backend-token: `
	_, _ = lib.Get("/api/frontend", "wrap:production.b14218530302c683131673a2adf23118227dca378d10fd01403b0038")
}

func logs() {
	logx.Infof("token %s", env.Or("UNLEASH_API_TOKEN", "wrap:production.7d79107b24a2e7251af783e439668a47d32329324b90d85b5000f4cc")) // want `^backend-token: ` `^token-in-log: `
	logx.Infof("token %s", config.Load().UnleashToken)                                                                              // want `^token-in-log: `
}
