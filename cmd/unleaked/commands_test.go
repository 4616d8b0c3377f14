package main

import "testing"

// A command that is made alone is found by its name, so that every row's name is its command's.
func TestCommandsAreNamedAsTheyAre(t *testing.T) {
	a := newApp(nil, nil, nil, func(string) string { return "" })
	for _, m := range commands() {
		if c := m.make(a); c.Name() != m.name {
			t.Errorf("the row %q makes %q", m.name, c.Name())
		}
		if root := a.command([]string{m.name}); len(root.Commands()) != 1 {
			t.Errorf("%s: %d commands are made for one", m.name, len(root.Commands()))
		}
	}
	if n := len(a.command(nil).Commands()); n < len(commands()) {
		t.Errorf("%d commands of %d for the help", n, len(commands()))
	}
}
