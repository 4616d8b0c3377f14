package scanner

func findWorkTree(dir string) (top, gitDir string, ok bool) { return "", "", false }
func gitDirOf(dir string) (string, bool)                    { return "", false }
func (w *walk) gitList(abs, name, top, gitDir string) bool  { return false }
