package syntax

// traits are what a language does that most others do not do: each says what holds where it is set. They are named
// after what is written, so that a new language is described by looking at its programs.
type traits struct {
	// Of its words and strings.
	attributes    bool // @name value is an attribute of the module, no annotation
	sigilBraces   bool // ${name} and @{name} are names
	dollarAlone   bool // $ by itself is a name
	hashNotes     bool // #[Name(…)] is an annotation
	quotedDigits  bool // 1'000 is a number
	tailAlways    bool // what wordTail holds ends a name whatever follows
	holeMembers   bool // "$a->b" holds a member
	heredocTail   bool // behind the closing tag of a heredoc the statement goes on
	pages         bool // programs stand between the tags of a page
	quotedSymbols bool // :"x" is a symbol
	genericArrows bool // <T>(x) => … is a function, no tag
	slashDivides  bool // / behind a name begins no argument

	// Of what hangs on a name.
	statementStrings bool // name "x" is a call
	statementCalls   bool // name x, y at the start of a statement is a call
	bindArgs         bool // name x = y hands over what it binds
	sigilVars        bool // a name with its sigil is a variable, which calls and types nothing
	doBlocks         bool // do … end behind a call is handed over
	fromWith         bool // From { … } and With { … } belong to the value in front
	dotComposes      bool // a . between blanks is no member
	cascades         bool // x..a() is a call on x
	backslashPaths   bool // a\b is a path
	arrowMembers     bool // x->a is a member
	macros           bool // name!(…) is a call
	forced           bool // x! is x
	forcedTargets    bool // x! = y is an assignment to x
	tryMark          bool // x? is x
	optionalChain    bool // x?[i] and x?(…) are members and calls of x
	classRefs        bool // X::class is X
	dotCalls         bool // f.(x) is a call
	quotedMembers    bool // x."a b" is a member
	ofTypes          bool // (Of T) is a type argument
	onlyTypes        bool // […] behind a name holds types
	parenIndex       bool // x("name") may be an entry
	bareKeys         bool // a name alone in an index is a key
	hashEntries      bool // x{name} is an entry
	newMethod        bool // X.new constructs, without parentheses too
	methodArgs       bool // f (a, b) is the call of a method, f x that of a function
	looseInit        bool // what initialises a value may stand on the next line
	capitalInit      bool // braces initialise only names that begin with a capital
	newFields        bool // the braces behind new hold fields, not members of a class
	recordBraces     bool // name { a = b } is a value
	structs          bool // %Name{a: b} and %{…} are values
	builders         bool // name { … } is a block that name is given
	constructs       bool // T name(x) and T name{x} make a value of T

	// Of expressions.
	noTernary        bool // ? is no condition
	colonBodies      bool // a colon begins a body
	arrowLambdas     bool // ->(a) { … } and lambda { … } are functions
	backslashLambdas bool // \a -> b is a function
	barLambdas       bool // |a| b is a function
	braceLambdas     bool // (a) { … } is a function
	typedLambdas     bool // (a): T => b is a function
	fnArms           bool // fn begins a function of arms
	innerArrows      bool // the arrow of a function stands in its braces
	inClosures       bool // in ends the parameters of a closure
	fatClosures      bool // => ends the parameters of a closure
	closureArms      bool // what a closure holds are arms
	captures         bool // &1 is a parameter
	innerNotes       bool // @Name may stand within an expression
	flexTypes        bool // #Name is a type
	barePrint        bool // print (x) is no call
	typeofCalls      bool // typeof(x) is a call
	requires         bool // require x is a value; what it names is its last string
	ifBehind         bool // x if y: the condition may stand behind
	comprehends      bool // x for a in b: the loop stands behind
	captureLists     bool // [a](b) { … } is a function
	messages         bool // [receiver name: x] is a call, - (T)name: (T)x declares what it calls
	listPatterns     bool // [a, b] = x binds a and b
	bracePatterns    bool // {a, b} = x binds a and b
	braceTuples      bool // {a, b} = x binds a and b to what stands in their places
	blockValues      bool // { in an operand's place begins a block
	braceValues      bool // { in a statement's place begins a value
	casts            bool // (T) x is x
	groupArgs        bool // (a) (b) is no cast
	tuplesInParens   bool // a tuple has parentheses
	toPairs          bool // k to v is an entry
	plainColon       bool // k: v is no entry
	notIsKept        bool // ! in front of an argument makes another value

	// Of statements.
	caseOf          bool // of ends a label
	caseArms        bool // case begins an arm, in a closure too
	armCommas       bool // a comma ends an arm
	armBraces       bool // { behind the arrow of an arm begins a value
	bareHeads       bool // the head of an if has no parentheses
	loopAs          bool // foreach (xs as k => v)
	strictLines     bool // no = on the next line goes on with the statement
	severalTargets  bool // a, b = x, y binds one after the other
	annotatedVars   bool // name: T = x declares in any place
	propertyTags    bool // property name="x" declares
	returnLabels    bool // return@label
	leftArrows      bool // name <- x assigns
	controlNames    bool // a word of control may name an argument
	strictFuncs     bool // the word for functions is no name
	funcCalls       bool // the word for functions may be called
	namelessClasses bool // the word for classes may stand without a name

	// Of declarations.
	groupedVars      bool // const ( … ) declares several
	severalVars      bool // var a, b = f() declares both
	varTuples        bool // let (a, b) = x declares both
	typedVars        bool // val <T> name
	plainVars        bool // no type stands in front of a variable
	bareVars         bool // var name by itself declares
	withAs           bool // with value as name
	varFunctions     bool // def name(…) { … } is a function, though def declares variables too
	modifierVars     bool // a modifier and a name declare
	asTypes          bool // name As T
	asNew            bool // name As New T(…) makes a value of T
	delegates        bool // val name by x takes what x gives
	selfNames        bool // member this.Name declares Name
	equations        bool // name args = x declares without a keyword
	bareFunctions    bool // name(params) { … } declares a function
	prototypes       bool // name(params); in a class declares a method
	arrowBodies      bool // name(params) => x declares a function, but in a body
	localArrows      bool // in a body too
	trailingResults  bool // name(params) -> T { … } declares a function
	getters          bool // T get name => x declares a property
	quotedFuncs      bool // the name of a function may be a string
	curried          bool // a function may have several lists of parameters
	setters          bool // def name=(x) is a function
	fieldInits       bool // : a(x), b(y) in front of the body binds fields
	arrowResults     bool // -> T behind the parameters is a type
	zeroBodies       bool // = 0 stands for a body
	equalsBodies     bool // = { … } is a body
	bareBodies       bool // the body begins behind the parameters, and a word closes it
	implFor          bool // impl Trait for X is of X
	namespaceAliases bool // namespace a = b is no namespace
	structVars       bool // struct name x declares x
	basesInParens    bool // class X(Base) derives from Base
	equalsHeads      bool // = may stand in the head of a class
	typeMembers      bool // what an interface or a struct holds are types, not values
	optionalParams   bool // {a, b} and [a, b] among parameters are parameters
	keywordParams    bool // name: x is a parameter and its value
	colonDefaults    bool // name : x is a parameter and its value
	colonParams      bool // a colon may stand in the type of a parameter
	argLabels        bool // label name: T is the parameter name
	selfIsName       bool // self is a name like others
	clsParams        bool // cls is no parameter
	dottedNames      bool // T a.b declares
	doubleColon      bool // name :: T

	// Of what stands in front of a declaration.
	noAtNotes       bool // @Name is no annotation
	atDirectives    bool // a line that begins with @ is no statement
	noteTypes       bool // @interface declares a type
	noteTargets     bool // @field:Name is @Name
	bracketNotes    bool // [Name(…)] in front of a declaration is an annotation
	angleNotes      bool // [<Name(…)>] is
	doubleNotes     bool // [[name]] says nothing
	accessLabels    bool // public: is a label
	scopedModifiers bool // private(set), pub(crate)
	modifierArgs    bool // __attribute__((x))
	squareModifiers bool // private[x]
	modifierCalls   bool // private stands alone, or before symbols
	castNames       bool // what is a cast elsewhere may follow a modifier
	parenNames      bool // a pattern in parentheses may follow a modifier
	declarators     bool // * & and < may follow a modifier
	nullableTypes   bool // ? may follow a modifier

	// Of types.
	untyped       bool // names have no types
	cTypes        bool // several words make a type: unsigned long
	intersections bool // A & B is a type
	bounds        bool // A + B is a type
	functionTypes bool // A -> B is a type
	fatTypes      bool // A => B is a type
}
