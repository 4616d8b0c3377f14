package rules

// analyzerRules are those of the go/analysis pass: they follow values through Go code, which the scanner does not.
var analyzerRules = []Rule{
	{
		ID:       TokenInLog,
		Severity: Medium,
		Title:    "Secret token reaches a log, an error or standard output",
		Why:      "Logs are kept for long, shipped to other systems and read by many. A token in them is known to all of them.",
		Fix: "Log the name of the token or the environment it belongs to, not its text. If the code has run, create a new token, " +
			"deploy it, and clean the logs.",
		Revoke:       true,
		Misuse:       true,
		AnalyzerOnly: true,
		Precision:    "high",
		CWE:          []int{532},
		Bad: []Sample{{
			Note: "The token in a line of the log.",
			Files: []SampleFile{{"main.go", `package main

import (
	"log"
	"os"
)

func main() {
	token := os.Getenv("UNLEASH_BACKEND_API_TOKEN")
	log.Printf("starting with token %s", token)
}
`}},
		}},
		Good: []Sample{{
			Note: "Only whether there is one.",
			Files: []SampleFile{{"main.go", `package main

import (
	"log"
	"os"
)

func main() {
	token := os.Getenv("UNLEASH_BACKEND_API_TOKEN")
	log.Printf("starting, token set: %t", token != "")
}
`}},
		}},
	},
	{
		ID:       TokenInIdentity,
		Severity: Medium,
		Title:    "Token passed as instance id or application name",
		Why: "The SDK sends both names with its registration and metrics, and Unleash shows them to everyone who may see the " +
			"applications page.",
		Fix: "Pass the service's name, and the token through WithCustomHeaders. If the code has run, create a new token and " +
			"deploy it.",
		Revoke:       true,
		Misuse:       true,
		AnalyzerOnly: true,
		Precision:    "very-high",
		CWE:          []int{201},
		Bad: []Sample{{
			Note: "The token as instance id.",
			Files: []SampleFile{{"main.go", `package main

import (
	"os"

	"github.com/Unleash/unleash-go-sdk/v5"
)

func main() {
	unleash.Initialize(
		unleash.WithUrl("https://unleash.example.com/api/"),
		unleash.WithAppName("orders"),
		unleash.WithInstanceId(os.Getenv("UNLEASH_BACKEND_API_TOKEN")),
	)
}
`}},
		}},
		Good: []Sample{{
			Note: "The host's name as instance id.",
			Files: []SampleFile{{"main.go", `package main

import (
	"os"

	"github.com/Unleash/unleash-go-sdk/v5"
)

func main() {
	host, _ := os.Hostname()
	unleash.Initialize(
		unleash.WithUrl("https://unleash.example.com/api/"),
		unleash.WithAppName("orders"),
		unleash.WithInstanceId(host),
	)
}
`}},
		}},
	},
	{
		ID:           WrongEndpoint,
		Severity:     Medium,
		Title:        "URL of an API that takes another type of token",
		Why:          "The server refuses the token at that URL (status 403 or 401), so that every flag stays at its default.",
		Fix:          "Give a backend SDK the URL that ends in /api. /api/frontend and /proxy are for frontend SDKs, /api/admin for tools.",
		Misuse:       true,
		AnalyzerOnly: true,
		Precision:    "high",
		CWE:          []int{628},
		Bad: []Sample{{
			Note: "The Frontend API in the Go SDK.",
			Files: []SampleFile{{"main.go", `package main

import (
	"net/http"
	"os"

	"github.com/Unleash/unleash-go-sdk/v5"
)

func main() {
	unleash.Initialize(
		unleash.WithUrl("https://unleash.example.com/api/frontend"),
		unleash.WithAppName("orders"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_BACKEND_API_TOKEN")}}),
	)
}
`}},
		}},
		Good: []Sample{{
			Note: "The Client API.",
			Files: []SampleFile{{"main.go", `package main

import (
	"net/http"
	"os"

	"github.com/Unleash/unleash-go-sdk/v5"
)

func main() {
	unleash.Initialize(
		unleash.WithUrl("https://unleash.example.com/api/"),
		unleash.WithAppName("orders"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_BACKEND_API_TOKEN")}}),
	)
}
`}},
		}},
	},
	{
		ID:           PlainHTTP,
		Severity:     Low,
		Title:        "Secret token sent without encryption",
		Why:          "Everyone on the way between the service and Unleash can read a token that goes over http.",
		Fix:          "Use the https URL of the server.",
		Misuse:       true,
		AnalyzerOnly: true,
		Precision:    "high",
		CWE:          []int{319},
		Bad: []Sample{{
			Note: "An http URL of another host.",
			Files: []SampleFile{{"main.go", `package main

import (
	"net/http"
	"os"

	"github.com/Unleash/unleash-go-sdk/v5"
)

func main() {
	unleash.Initialize(
		unleash.WithUrl("http://unleash.example.com/api/"),
		unleash.WithAppName("orders"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_BACKEND_API_TOKEN")}}),
	)
}
`}},
		}},
		Good: []Sample{{
			Note: "Loopback never leaves the machine.",
			Files: []SampleFile{{"main.go", `package main

import (
	"net/http"
	"os"

	"github.com/Unleash/unleash-go-sdk/v5"
)

func main() {
	unleash.Initialize(
		unleash.WithUrl("http://localhost:4242/api/"),
		unleash.WithAppName("orders"),
		unleash.WithCustomHeaders(http.Header{"Authorization": {os.Getenv("UNLEASH_BACKEND_API_TOKEN")}}),
	)
}
`}},
		}},
	},
	{
		ID:           NonCanonicalHeader,
		Severity:     Low,
		Title:        "Header key that Get will not find",
		Why:          "http.Header.Get looks for the canonical key. In a literal, \"authorization\" is another key, and the token seems to be missing.",
		Fix:          "Write \"Authorization\", or use Set, which writes the canonical key.",
		Misuse:       true,
		AnalyzerOnly: true,
		Precision:    "very-high",
		CWE:          []int{178},
		Bad: []Sample{{
			Note: "A lower-case key.",
			Files: []SampleFile{{"main.go", `package main

import (
	"net/http"
	"os"
)

var headers = http.Header{"authorization": {os.Getenv("UNLEASH_BACKEND_API_TOKEN")}}
`}},
		}},
		Good: []Sample{{
			Note: "The canonical key.",
			Files: []SampleFile{{"main.go", `package main

import (
	"net/http"
	"os"
)

var headers = http.Header{"Authorization": {os.Getenv("UNLEASH_BACKEND_API_TOKEN")}}
`}},
		}},
	},
}
