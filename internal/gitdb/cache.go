package gitdb

import "container/list"

// A baseCache keeps objects that were read, for the next delta on them, up to a number of bytes; the longest unused
// goes.
type baseCache struct {
	items map[baseKey]*list.Element
	order list.List // of *baseItem, the latest used first
	size  int
}

type baseKey struct {
	p   *pack
	off int64
}

type baseItem struct {
	key  baseKey
	typ  Type
	data []byte
}

const (
	cacheBytes = 48 << 20
	cacheEach  = 1 << 20 // larger objects are not kept
)

func (db *DB) cached(p *pack, off int64) (Type, []byte, bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	e, ok := db.cache.items[baseKey{p, off}]
	if !ok {
		return 0, nil, false
	}
	db.cache.order.MoveToFront(e)
	it := e.Value.(*baseItem)
	return it.typ, it.data, true
}

func (db *DB) keep(p *pack, off int64, typ Type, data []byte) {
	if len(data) > cacheEach || len(data) == 0 {
		return
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	c := &db.cache
	if c.items == nil {
		c.items = map[baseKey]*list.Element{}
	}
	key := baseKey{p, off}
	if _, ok := c.items[key]; ok {
		return
	}
	c.items[key] = c.order.PushFront(&baseItem{key, typ, data})
	c.size += len(data)
	for c.size > cacheBytes {
		e := c.order.Back()
		it := e.Value.(*baseItem)
		c.size -= len(it.data)
		delete(c.items, it.key)
		c.order.Remove(e)
	}
}
