package scanner

import (
	"context"
	"sync"
	"sync/atomic"
)

// A crew is a fixed number of workers on one stack of tasks. Tasks may add tasks; the crew goes home when none is left.
// The last task added is done first, which keeps the stack of a tree walk as small as the tree is deep.
type crew struct {
	home  func(*worker) // is told of each worker that goes home, one at a time; nil for nobody
	mu    sync.Mutex
	more  *sync.Cond
	stack []func(*worker)
	open  int // tasks on the stack or being done, and listings under way
}

func newCrew() *crew {
	c := &crew{}
	c.more = sync.NewCond(&c.mu)
	return c
}

// add puts a task on the stack.
func (c *crew) add(task func(*worker)) {
	c.mu.Lock()
	c.stack = append(c.stack, task)
	c.open++
	c.mu.Unlock()
	c.more.Signal()
}

// aside runs f, which waits more than it works, beside the workers; the crew waits for it.
func (c *crew) aside(f func()) {
	c.mu.Lock()
	c.open++
	c.mu.Unlock()
	go func() {
		f()
		c.done()
	}()
}

func (c *crew) done() {
	c.mu.Lock()
	c.open--
	last := c.open == 0
	c.mu.Unlock()
	if last {
		c.more.Broadcast()
	}
}

// run does all tasks with n workers. When ctx ends, what has not begun is left.
func (c *crew) run(ctx context.Context, n int) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			w := &worker{}
			for {
				task := c.next()
				if task == nil {
					break
				}
				if ctx.Err() == nil {
					task(w)
				}
				c.done()
			}
			if c.home != nil {
				c.mu.Lock()
				c.home(w)
				c.mu.Unlock()
			}
		}()
	}
	wg.Wait()
}

func (c *crew) next() func(*worker) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.stack) == 0 {
		if c.open == 0 {
			return nil
		}
		c.more.Wait()
	}
	n := len(c.stack) - 1
	task := c.stack[n]
	c.stack[n] = nil
	c.stack = c.stack[:n]
	return task
}

// inParallel calls f for 0 to n-1, in any order, from at most jobs goroutines.
func inParallel(n, jobs int, f func(int)) {
	if n == 1 {
		f(0) // to wake another goroutine takes longer than many a task
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, jobs) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}
