// Command unleaked finds leaked and misused Unleash tokens. See README.md, or run "unleaked help".
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(run(os.Args[1:])) }

// run is the program on the real process: its streams, its signals. It gives the exit status.
func run(args []string) int {
	vetTool(args)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second Ctrl-C must end a program that is slow to stop, so the handler goes once the first has arrived.
	context.AfterFunc(ctx, stop)
	return newApp(os.Stdin, os.Stdout, os.Stderr, os.Getenv).run(ctx, args)
}
