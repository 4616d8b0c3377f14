// Package env stands in for github.com/caarlos0/env.
package env

// Parse fills the fields of a struct from the environment.
func Parse(v any) error { return nil }
