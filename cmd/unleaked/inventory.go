package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/inventory"
)

func (a *app) inventoryCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "inventory",
		Short: "Lists of a server's tokens, without their secrets",
		Long: `An inventory lists the tokens of an Unleash server. Scans that are given one with --inventory FILE know what a token is and
whether it lives, instead of inferring it, and ask nobody.`,
		Example: `  unleaked inventory hash tokens.json > inventory.json
  unleaked scan --inventory inventory.json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.inventoryHashCommand())
	return c
}

func (a *app) inventoryHashCommand() *cobra.Command {
	var keyFile, taken string
	c := &cobra.Command{
		Use:   "hash FILE...",
		Short: "Write an inventory without secrets",
		Long: `Read what a server lists and write an inventory without secrets to standard output: names, types, scopes, owners, expiry and
last use, with a digest of each token to recognise it by. Several files are put together; "-" is standard input.

A file is the answer of GET /api/admin/api-tokens, as an admin gets it; a CSV with its header, or a dump (COPY), of the tables
api_tokens, api_tokens_v2 and personal_access_tokens, of users for the names of owners, of api_token_project and
api_tokens_v2_project for projects; or an inventory that this command wrote.

Tokens that somebody chose (INIT_*_API_TOKENS, aliases) could be guessed by their digest. They are left out, or, with --key-file,
kept as a digest under a key, which scans then need too.`,
		Example: `  curl -sH "Authorization: $UNLEASH_ADMIN_TOKEN" https://unleash.example.com/api/admin/api-tokens | unleaked inventory hash - > inventory.json
  psql "$DATABASE_URL" -c '\copy personal_access_tokens to pats.csv csv header'
  unleaked inventory hash tokens.json pats.csv users.csv > inventory.json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.hashInventory(args, keyFile, taken)
		},
	}
	c.Flags().StringVar(&keyFile, "key-file", "", "keep tokens that can be guessed, as a digest under the key in `FILE`: 64 hexadecimal digits")
	c.Flags().StringVar(&taken, "taken", "", "`TIME` of the list (RFC 3339, or a date) where the files' own times are not it")
	return c
}

func (a *app) hashInventory(names []string, keyFile, taken string) error {
	key, err := readKey(keyFile)
	if err != nil {
		return err
	}
	var at time.Time
	if taken != "" {
		if at, err = time.Parse(time.RFC3339, taken); err != nil {
			if at, err = time.Parse(time.DateOnly, taken); err != nil {
				return usagef("--taken: it is a time as 2026-11-30 or 2026-11-30T12:00:00Z")
			}
		}
	}
	var files []inventory.File
	for _, name := range names {
		f, err := a.inventoryFile(name)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	v, err := inventory.Read(files, key)
	if err != nil {
		return err
	}
	if !at.IsZero() {
		v.TakenAt = at
	}
	if v.LeftOut > 0 {
		a.warn("%s left out, for the text can be guessed from a digest; --key-file keeps such tokens", counted(v.LeftOut, "token"))
	}
	return v.Write(a.out)
}
