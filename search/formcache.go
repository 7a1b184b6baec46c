package search

import "sync"

// formCache remembers the forms of words: a few thousand words make up most of
// every text. It forgets everything when it is full.
type formCache struct {
	mu    sync.RWMutex
	forms map[string][][]byte
}

// maxRemembered bounds each cache to a few megabytes.
const maxRemembered = 20_000

var formCaches = map[string]*formCache{"fi": {}, "sv": {}, "en": {}, "ru": {}, "kk": {}, noLanguage: {}}

// rememberedForms are formsOf a word, as bytes that nobody may change.
func rememberedForms(w, lang string) [][]byte {
	cache, ok := formCaches[lang]
	if !ok {
		return asBytes(formsOf(w, lang))
	}
	cache.mu.RLock()
	list, ok := cache.forms[w]
	cache.mu.RUnlock()
	if ok {
		return list
	}
	list = asBytes(formsOf(w, lang))
	cache.mu.Lock()
	defer cache.mu.Unlock()
	if cache.forms == nil || len(cache.forms) >= maxRemembered {
		cache.forms = map[string][][]byte{}
	}
	cache.forms[w] = list
	return list
}

func asBytes(list []string) [][]byte {
	all := make([][]byte, len(list))
	for i, s := range list {
		all[i] = []byte(s)
	}
	return all
}
