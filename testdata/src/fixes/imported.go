package fixes

import goos "os"

var UnleashServerAPIToken = "fixes:production.172cfde934d70707315519aa78c0f9afe4c2cd8cb31b42831aacb460" // want `^backend-token: ` UnleashServerAPIToken:`backend`

func env() string { return goos.Getenv("HOME") }
