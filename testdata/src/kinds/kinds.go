// Package kinds has a test file and a generated one.
package kinds
