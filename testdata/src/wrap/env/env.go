// Package env reads settings.
package env

import "os"

func Or(key, def string) string { // want Or:`through \[2\]`
	if v := os.Getenv(key); v != "" {
		return v
	}
	return def
}
