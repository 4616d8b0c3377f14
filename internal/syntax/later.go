package syntax

func readTOML(r *reading, root *Node)       { readProse(r, root) }
func readHCL(r *reading, root *Node)        { readProse(r, root) }
func readXML(r *reading, root *Node)        { readProse(r, root) }
func readHTML(r *reading, root *Node)       { readProse(r, root) }
func readComponent(r *reading, root *Node)  { readProse(r, root) }
func readAstro(r *reading, root *Node)      { readProse(r, root) }
func readMakefile(r *reading, root *Node)   { readProse(r, root) }
func readPowerShell(r *reading, root *Node) { readProse(r, root) }
func readBatch(r *reading, root *Node)      { readProse(r, root) }
func readNotebook(r *reading, root *Node)   { readProse(r, root) }
func readHTTP(r *reading, root *Node)       { readProse(r, root) }
func readLog(r *reading, root *Node)        { readProse(r, root) }
func readSQL(r *reading, root *Node)        { readProse(r, root) }
func readCSV(r *reading, root *Node)        { readProse(r, root) }
func readNetrc(r *reading, root *Node)      { readProse(r, root) }
func readProcfile(r *reading, root *Node)   { readProse(r, root) }
func readCrontab(r *reading, root *Node)    { readProse(r, root) }
func readDiff(r *reading, root *Node)       { readProse(r, root) }
