package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unleaked/unleaked/internal/agent"
)

// maxEvent is how many bytes of an event are read: agents cut what tools give them far below it.
const maxEvent = 64 << 20

func (a *app) hookAgentCommand() *cobra.Command {
	var s settings
	var closed bool
	c := &cobra.Command{
		Use:   "agent",
		Short: "What a coding agent's hooks call",
		Long: `Read the event of a coding agent's hook from standard input, and answer in the agent's own form: ` +
			agentNames() + `.
Whose event it is shows in the event. docs/agents.md has the settings of each.

Before a tool runs, a file is judged as it would be afterwards, at its path and with what stands around it; so is what
else goes out: a command, a request, a prompt. What would stop a commit is denied, with the reason for the model. After
a tool has run, and before a file is read, tokens in what the model is about to see are masked where the protocol
allows it, else the model is told. What git ignores is nobody's leak and may be written; what you have accepted passes.

It never says "allow": your own permissions hold. What it cannot read or judge passes, with a message, and a commit is
still looked at by the git hook; --fail-closed stops it. The exit status is 0, with --fail-closed also 2.`,
		Example: `  unleaked hook agent < event.json
  unleaked hook agent --fail-closed --fail-on low`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a.hookAgent(c.Context(), &s, closed)
			return nil
		},
	}
	s.registerFor(c, "fail-on", "config", "no-config", "baseline")
	c.Flags().BoolVar(&closed, "fail-closed", false, "also stop what cannot be read or judged")
	return c
}

// agentNames are the agents that are known, in a sentence.
func agentNames() string {
	var names []string
	for _, g := range agent.Agents() {
		names = append(names, g.Name)
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// hookAgent answers one event. Whatever fails, the answer is one that the agent understands.
func (a *app) hookAgent(ctx context.Context, s *settings, closed bool) {
	input, err := io.ReadAll(io.LimitReader(a.in, maxEvent+1))
	if err == nil && len(input) > maxEvent {
		err = fmt.Errorf("the event is larger than %s", megabytes(maxEvent))
	}
	var call *agent.Call
	if err == nil {
		call, err = agent.Parse(input)
	}
	var answer agent.Answer
	if err == nil {
		answer, err = a.answer(ctx, s, call)
	}
	switch {
	case err == nil:
	case errors.As(err, new(passError)):
		a.complain(err)
	case closed:
		a.complain(fmt.Errorf("not looked at, and stopped for --fail-closed: %w", err))
		a.status = agent.Blocks
		return
	default:
		err = fmt.Errorf("not looked at: %w", err)
		a.complain(err)
		if call != nil {
			answer = call.Warn("unleaked: " + printable(err.Error()))
		}
	}
	if _, err := a.out.Write(answer.Stdout); err != nil {
		a.complain(err)
	}
	a.status = answer.Status
}

// A passError says why an event passes in any case: there is nothing in it that could be stopped.
type passError struct{ error }

// answer judges a call.
func (a *app) answer(ctx context.Context, s *settings, c *agent.Call) (answer agent.Answer, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("a fault of unleaked: %v", e)
		}
	}()
	if c.Moment == agent.Other {
		return c.Pass(), passError{fmt.Errorf("%s: the event %s holds nothing to look at, so that it passes",
			c.Agent.Name, c.Event)}
	}
	j := &judge{ctx: ctx, settings: s, dir: c.Dir}
	switch c.Moment {
	case agent.Before, agent.Prompt:
		reason, err := j.outgoing(c)
		if err != nil || reason == "" {
			return c.Pass(), err
		}
		return c.Deny(reason), nil
	default:
		secret, err := j.incoming(c)
		if err != nil || len(secret) == 0 {
			return c.Pass(), err
		}
		switch {
		case c.Moment == agent.Read:
			return c.Deny(unread(c, secret)), nil
		case c.CanReplace():
			return c.Replace(masker(secret), masked(secret)), nil
		}
		return c.Tell(seen(secret)), nil
	}
}
