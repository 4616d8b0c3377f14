// Command unleaked finds leaked and misused Unleash tokens. See README.md, or run "unleaked help".
package main

import (
	"context"
	"os"
)

func main() { os.Exit(run(os.Args[1:])) }

// run is the program on the real process: its streams, its signals. It gives the exit status.
func run(args []string) int {
	vetTool(args)
	ctx, ending := heed(context.Background())
	a := newApp(os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	a.ending = ending
	return a.run(ctx, args)
}
