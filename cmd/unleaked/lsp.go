package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/lsp"
	"github.com/unleaked/unleaked/scanner"
)

func (a *app) lspCommand() *cobra.Command {
	var o lsp.Options
	var k knowing
	c := &cobra.Command{
		Use:   "lsp",
		Short: "Serve an editor (language server)",
		Long: `Speak the Language Server Protocol over standard input and output: what a scan would say of a file is shown while it is
typed. Editors start this by themselves; docs/editor.md says how each is told to.`,
		Example: `  unleaked lsp`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var err error
			if o.Oracle, err = a.oracle(c.Context(), &k); err != nil {
				return err
			}
			o.Version = version()
			o.Policy = func(root string) (*scanner.Policy, *scanner.Ignore, error) {
				p, err := (&settings{}).loadPolicy(context.Background(), job{root: root})
				if err != nil {
					return nil, nil, err
				}
				return &p.Policy, p.ignore, nil
			}
			a.status = lsp.Serve(c.Context(), a.in, a.out, o)
			return nil
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.BoolVar(&o.Public, "public", false, "also report public credentials: frontend tokens and proxy client keys")
	f.BoolVar(&o.Examples, "examples", false, "also report tokens that Unleash's documentation prints")
	k.addInventory(f, "inventory")
	k.addComplete(f, "inventory-complete")
	k.addKeyFile(f, "key-file")
	f.Bool("stdio", true, "speak over standard input and output, which is all there is")
	return c
}
