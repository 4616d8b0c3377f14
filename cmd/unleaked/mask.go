package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/mask"
	"github.com/unleaked/unleaked/scanner"
)

// A masking is what the flags of mask say.
type masking struct {
	decode  bool
	known   []string // names of files
	keyFile string
	run     bool
}

func (a *app) maskCommand() *cobra.Command {
	var f masking
	c := &cobra.Command{
		Use:   "mask [--run -- CMD ARGS...]",
		Short: "Take tokens out of a stream",
		Long: `Copy standard input to standard output with every token replaced by a pseudonym, «default:production.scoped#dd62240a»:
its project, its environment, its format, and eight digits that are the same wherever the same token stands, in every run.
All other bytes stay as they are. A line comes out at once.

With --run, start a program and mask both of its streams; the exit status is the program's, and signals are handed on.`,
		Example: `  kubectl logs deploy/flags | unleaked mask
  unleaked mask --decode < bundle.json > bundle.masked.json
  unleaked mask --known client-keys.txt --key-file ~/.unleaked-mask.key < server.log
  unleaked mask --run -- npm test`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case f.run && len(args) == 0:
				return usagef("--run needs a command: unleaked mask --run -- CMD ARGS...")
			case !f.run && len(args) > 0:
				return usagef("mask reads standard input; to run a command, use --run -- %s", strings.Join(args, " "))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			o, err := f.options()
			if err != nil {
				return err
			}
			if f.run {
				return a.maskRun(o, args)
			}
			return a.maskInput(c.Context(), o)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.SetInterspersed(false) // what follows the command is the command's
	flags.BoolVar(&f.decode, "decode", false,
		"also mask tokens in encoded form: Base64, percent and other escapes, UTF-16")
	flags.StringArrayVar(&f.known, "known", nil,
		"also mask the texts of `FILE`, one a line: client keys, bare hexadecimal tokens")
	flags.StringVar(&f.keyFile, "key-file", "",
		"make the pseudonyms of texts that can be guessed with the key in `FILE`, so that they are the same in every run")
	flags.BoolVar(&f.run, "run", false, "run a command and mask its standard output and standard error")
	return c
}

// minKey is the length in bytes of the shortest key: shorter ones can be guessed with what they hide.
const minKey = 16

// options reads the files that the flags name.
func (f *masking) options() (mask.Options, error) {
	var o mask.Options
	for _, name := range f.known {
		text, err := os.ReadFile(name)
		if err != nil {
			return o, fmt.Errorf("known texts: %w", err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			line = strings.TrimSuffix(line, "\r")
			if line != "" && len(line) < mask.MinKnown {
				return o, usagef("%s, line %d: a text of less than %d bytes is a part of words everywhere", name, i+1, mask.MinKnown)
			}
			o.Known = append(o.Known, line)
		}
	}
	if f.keyFile != "" {
		key, err := os.ReadFile(f.keyFile)
		if err != nil {
			return o, fmt.Errorf("key: %w", err)
		}
		if o.Key = bytes.TrimRight(key, "\r\n"); len(o.Key) < minKey {
			return o, usagef("the key in %s has less than %d bytes", f.keyFile, minKey)
		}
	} else {
		o.Key = mask.NewKey() // of both streams
	}
	if f.decode {
		var hits []scanner.Hit
		o.Encoded = func(dst []mask.Span, text []byte) []mask.Span {
			hits = scanner.AppendEncoded(hits[:0], text)
			for _, h := range hits {
				dst = append(dst, mask.Span{Credential: h.Credential, Start: h.Start, End: h.End,
					Wide: len(h.Layers) > 0 && h.Layers[0] == "utf-16"})
			}
			return dst
		}
	}
	return o, nil
}

// lastWords is how long, after an interrupt, the program that writes to us has to say more.
const lastWords = 5 * time.Second

// maskInput masks standard input. What ends the program that writes, as Ctrl-C does, ends the input: until then nothing
// of it is lost. What ends us alone ends the masking at once.
func (a *app) maskInput(ctx context.Context, o mask.Options) error {
	stop, done := make(chan struct{}), make(chan struct{})
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	a.ending.unhurried.Store(true)
	defer signal.Stop(ended)
	defer close(done)
	go func() {
		defer close(stop)
		select {
		case <-done:
			return
		case <-ended:
			a.status = 128 + int(syscall.SIGTERM)
			return
		case <-ctx.Done():
		}
		// An interrupt, or the same signal that ended may bring.
		select {
		case <-done:
		case <-ended:
			a.status = 128 + int(syscall.SIGTERM)
		case <-time.After(lastWords):
			a.status = 128 + int(syscall.SIGINT)
		}
	}()
	return mask.Copy(mask.NewWriter(a.out, o), a.in, stop)
}
