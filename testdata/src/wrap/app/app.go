// Package app uses the wrapper.
package app

import (
	"wrap/config"
	"wrap/env"
	"wrap/lib"
	"wrap/logx"
)

func start() {
	_ = lib.New("app", "https://unleash.wrap.example/api", "wrap:production.789267d052151500f89f3005d30b0e0dd875b7104250e6e572fe29fc", "production")               // want `^backend-token: `
	_ = lib.New("app", "https://unleash.wrap.example/api/frontend", env.Or("TOKEN", "*:*.0299979784f5778818ba0c53cab8353a505d6cbdc97c7a0e19aae6e0"), "production") // want `^wrong-endpoint: ` `^admin-token, admin-token-in-sdk: .*handed to lib.New`
	_ = lib.New("app", "http://unleash.wrap.example/api", "wrap:development.c42003213e824da86a8100a95b442d17f345f9293fe94a8d570248bb", "production")               // want `^plain-http: ` `^backend-token, environment-mismatch: `
	_ = lib.New("wrap:production.d2adefc592152f62e3cb042a317e26ebdec64a00c10df5b4171b2a0a", "", "", "")                                                            // want `^unknown-token, token-in-identity: `
	_ = lib.New("app", "", config.UnleashFrontendToken, "")                                                                                                        // want `^frontend-token-in-backend: `
	_ = lib.New("app", "", config.Credential, "development")                                                                                                       // want `^environment-mismatch: `
	_ = lib.New("app", "", config.Half+"2bd32d19f4d8c534fe271fa0a7f7", "")                                                                                         // want `^backend-token: `
	_ = lib.New("app", "", config.Load().Web, "")                                                                                                                  // want `^frontend-token-in-backend: `
	_ = lib.New("app", "", config.Load().UnleashToken, "production")                                                                                               // want `^environment-mismatch: `
}

func structs() {
	_ = lib.Start(lib.Config{
		URL:   "https://unleash.wrap.example/api/frontend",                                 // want `^wrong-endpoint: `
		Token: "wrap:development.bb70e5f098f7a3281a4121109d1e597959775dbba8a7642c31a6ba28", // want `^backend-token, environment-mismatch: `
		Env:   "production",
	})
	_ = lib.WithToken("user:311a019b62c4cbc5c59457eed52214f01e2177f8593d8faa40c99fde") // want `^personal-token, personal-token-in-sdk: `
}

func raw() {
	_, _ = lib.Get("/api/admin/projects", "wrap:production.cf43742d7fa52eaefc0e8b674779a9bee41a0f85c366e303a5feef0d")  // want `^unknown-token, sdk-token-in-admin-api: `
	_, _ = lib.Get("/api/client/features", "wrap:production.9a84b6644c0b044cd558139fb9bd090980c2cbef7a495e5ba6826b9a") // want `^backend-token: `
	_, _ = lib.Get("/api/frontend", "wrap:production.1a1fb7eb92265649516d8fb39d88f9431bcf2ec2dc6e5400e1107394")
}

func logs() {
	logx.Infof("token %s", env.Or("UNLEASH_API_TOKEN", "wrap:production.14094108d9c0a439939ae1bf4fe347744046546bef9b02df20a82338")) // want `^backend-token: ` `^token-in-log: `
	logx.Infof("token %s", config.Load().UnleashToken)                                                                              // want `^token-in-log: `
}
