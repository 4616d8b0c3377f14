package finding

// Commented are the endings and names of files whose comments are known.
func Commented() (names []string) {
	for name := range comments() {
		names = append(names, name)
	}
	return names
}
