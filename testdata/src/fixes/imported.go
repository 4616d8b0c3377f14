package fixes

import goos "os"

var UnleashServerAPIToken = "fixes:production.a54d8a2836f327dfc342fc8b3c675647a6475b1a9cc364759db08ad6" // want `^backend-token: `

func env() string { return goos.Getenv("HOME") }
