package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/unleaked/unleaked/inventory"
	"github.com/unleaked/unleaked/rules"
)

// inventories know of credentials what lists of servers say.
type inventories struct {
	list []*inventory.Inventory
	now  time.Time
}

// Know returns what all of them say together of each credential.
func (v *inventories) Know(_ context.Context, list []rules.Credential) []rules.Knowledge {
	out := make([]rules.Knowledge, len(list))
	for i, c := range list {
		for _, one := range v.list {
			out[i] = out[i].With(one.Look(c, v.now))
		}
	}
	return out
}

// openInventories reads inventories, and names what they know. It returns nil where there is none.
func openInventories(names []string, key []byte, complete bool) (v *inventories, knowing string, err error) {
	if len(names) == 0 {
		return nil, "", nil
	}
	v = &inventories{now: time.Now()}
	h := sha256.New()
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, "", fmt.Errorf("inventory: %w", err)
		}
		info, err := os.Stat(name)
		if err != nil {
			return nil, "", fmt.Errorf("inventory: %w", err)
		}
		one, err := inventory.Open(inventory.File{Name: name, Text: text, Time: info.ModTime()})
		if err != nil {
			return nil, "", err
		}
		one.Name, one.Complete = filepath.Base(name), complete
		if one.Keyed() && key != nil {
			if err := one.UseKey(key); err != nil {
				return nil, "", fmt.Errorf("%s: %w", name, err)
			}
		}
		v.list = append(v.list, one)
		fmt.Fprintf(h, "%q %x %d %t\n", one.Name, sha256.Sum256(text), one.TakenAt.Unix(), complete)
	}
	return v, hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// readKey returns the key that a file holds.
func readKey(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	key, err := inventory.ParseKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return key, nil
}
