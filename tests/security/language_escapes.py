"""Attempts to leave the language, and the twin of each that only computes: one token apart.

Every script ends with something in `found`. An attack that puts something there has reached it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Escape:
    """One attempt.

    Attributes:
        name: What it goes for.
        attack: The script.
        offending: The part of it that must be refused.
        allowed: What stands in its place in the twin.
        works: Whether plain Python gives what is asked for. It does not where the attack is on something of ours.
    """

    name: str
    attack: str
    offending: str
    allowed: str
    works: bool = True

    @property
    def twin(self) -> str:
        """The harmless script."""
        return self.attack.replace(self.offending, self.allowed)


PRELUDE = (
    "import abc, asyncio, calendar, collections, collections.abc, contextlib, copy, dataclasses, enum, functools, io, "
    "json, operator, re, statistics, typing, uuid\n"
)
_UNTIL_3_11 = sys.version_info < (3, 12)
_SINCE_3_13 = sys.version_info >= (3, 13)


def _all(family: str, attempts: dict[str, tuple[str, str, str] | tuple[str, str, str, bool]]) -> tuple[Escape, ...]:
    return tuple(Escape(f"{family}: {name}", *parts) for name, parts in attempts.items())


FRAMES_AND_CODE = _all(
    "frames and code",
    {
        "a generator's frame": ("def g(): yield 1\nfound = g().gi_frame", "gi_frame", "__name__"),
        "a generator's code": ("found = (x for x in [1]).gi_code", "gi_code", "__name__"),
        "a coroutine's frame, by a made name": (
            "async def f(): pass\nc = f()\nfound = getattr(c, 'cr_' + 'frame')\nc.close()",
            "'cr_' + 'frame'",
            "'__na' + 'me__'",
        ),
        "an async generator's frame": ("async def f(): yield\nfound = f().ag_frame", "ag_frame", "__name__"),
        "a function's code": ("def f(): pass\nfound = f.__code__", "__code__", "__name__"),
        "a function's globals, by getattr": (
            "def f(): pass\nfound = getattr(f, '__globals__')",
            "__globals__",
            "__name__",
        ),
        "a function's builtins": ("def f(): pass\nfound = getattr(f, '__builtins__')", "__builtins__", "__name__"),
        "a function's closure": (
            "def f(x): return lambda: x\nfound = getattr(f(1), '__clo' + 'sure__')",
            "'__clo' + 'sure__'",
            "'__name__'",
        ),
        "globals of a library's function": ("found = getattr(json.dumps, '__globals__')", "__globals__", "__name__"),
        "globals by attrgetter": ("found = operator.attrgetter('__globals__')(json.dumps)", "__globals__", "__name__"),
        "globals by map": ("found = list(map(getattr, [json.dumps], ['__globals__']))", "__globals__", "__name__"),
        "globals by a partial": (
            "found = functools.partial(getattr, json.dumps)('__globals__')",
            "__globals__",
            "__name__",
        ),
        "globals behind a lru_cache": (
            "found = getattr(functools.lru_cache(len), '__wrapped__')",
            "__wrapped__",
            "cache_info",
        ),
        "the function behind a method": (
            "class A:\n    def f(self): pass\nfound = A().f.__func__",
            "__func__",
            "__name__",
        ),
        "the module behind a builtin": ("found = len.__self__", "__self__", "__name__"),
        "the module of a class": ("found = getattr(json.JSONEncoder, '__module__')", "__module__", "__name__"),
    },
)

EXCEPTIONS = _all(
    "exceptions",
    {
        "a traceback": ("try: 1 / 0\nexcept Exception as e: found = e.__traceback__", "__traceback__", "args"),
        "a traceback, by a made name": (
            "try: 1 / 0\nexcept Exception as e: found = getattr(e, '__trace' + 'back__')",
            "'__trace' + 'back__'",
            "'args'",
        ),
        "with_traceback": (
            "try: 1 / 0\nexcept Exception as e: found = e.with_traceback",
            "with_traceback",
            "add_note",
        ),
        "the context of an error": (
            "try:\n    try: 1 / 0\n    finally: [][1]\nexcept Exception as e: found = e.__context__",
            "__context__",
            "args",
        ),
        "the object of an AttributeError": (
            "try: len.nothing\nexcept AttributeError as e: found = e.obj",
            "obj",
            "name",
        ),
        "the same by a pattern": (
            "try: len.nothing\nexcept AttributeError as e:\n    match e:\n        case AttributeError(obj=o): found = o",
            "obj=o",
            "name=o",
        ),
        "the same through super()": (
            (
                "class X(AttributeError): pass\nclass A:\n    def __getattr__(self, name): raise X('x')\n"
                "try: A().b\nexcept X as e: found = super(X, e).obj"
            ),
            ".obj",
            ".args",
        ),
        "the traceback in __exit__": (
            (
                "found = []\nclass C:\n    def __enter__(self): return self\n"
                "    def __exit__(self, kind, error, tb): return found.append(tb) or True\n"
                "with C(): 1 / 0\nfound = found[0]"
            ),
            "append(tb)",
            "append(error)",
        ),
        "the traceback in __aexit__": (
            (
                "found = []\nclass C:\n    async def __aenter__(self): return self\n"
                "    async def __aexit__(self, kind, error, tb): return found.append(tb) or True\n"
                "async with C(): 1 / 0\nfound = found[0]"
            ),
            "append(tb)",
            "append(error)",
        ),
        "the traceback in a static __exit__": (
            (
                "found = []\nclass C:\n    def __enter__(self): return self\n    @staticmethod\n"
                "    def __exit__(*args): return found.append(args[-1]) or True\nwith C(): 1 / 0\nfound = found[0]"
            ),
            "args[-1]",
            "args[-2]",
        ),
        "the traceback in a static __exit__ of a stack": (
            (
                "found = []\nclass C:\n    def __enter__(self): return self\n    @staticmethod\n"
                "    def __exit__(*args): return found.append(args[-1]) or True\n"
                "with contextlib.ExitStack() as stack:\n    stack.enter_context(C())\n    1 / 0\nfound = found[0]"
            ),
            "args[-1]",
            "args[-2]",
        ),
        "the traceback before the class is guarded": (
            (
                "found = []\nclass B:\n    def __init_subclass__(cls):\n        with cls(): 1 / 0\nclass C(B):\n"
                "    def __enter__(self): return self\n"
                "    def __exit__(self, kind, error, tb): return found.append(tb) or True\nfound = found[0]"
            ),
            "append(tb)",
            "append(error)",
        ),
        "the traceback when a name is set": (
            (
                "found = []\nclass D:\n    def __set_name__(self, cls, name):\n        with cls(): 1 / 0\nclass C:\n    d = D()\n"
                "    def __enter__(self): return self\n"
                "    def __exit__(self, kind, error, tb): return found.append(tb) or True\nfound = found[0]"
            ),
            "append(tb)",
            "append(error)",
        ),
        "the traceback in an enum's __exit__": (
            (
                "found = []\nclass C(enum.Enum):\n    A = 1\n    def __enter__(self): return self\n"
                "    def __exit__(self, kind, error, tb): return found.append(tb) or True\n"
                "with C.A: 1 / 0\nfound = found[0]"
            ),
            "append(tb)",
            "append(error)",
        ),
        "the traceback in a stack's callback": (
            (
                "found = []\nwith contextlib.ExitStack() as stack:\n"
                "    stack.push(lambda kind, error, tb: found.append(tb) or True)\n    1 / 0\nfound = found[0]"
            ),
            "append(tb)",
            "append(error)",
        ),
        "the traceback in an async stack's callback": (
            (
                "found = []\nasync def leave(kind, error, tb): return found.append(tb) or True\n"
                "async with contextlib.AsyncExitStack() as stack:\n    stack.push_async_exit(leave)\n    1 / 0\nfound = found[0]"
            ),
            "append(tb)",
            "append(error)",
        ),
        "the traceback thrown into what a generator yields from": (
            (
                "found = []\nclass I:\n    def __iter__(self): return self\n    def __next__(self): return 1\n"
                "    def throw(self, *args):\n        found.extend(args)\n        raise StopIteration\n"
                "@contextlib.contextmanager\ndef cm(): yield from I()\n"
                "with cm(): 1 / 0\nfound = [x for x in found if type(x).__name__ == 'traceback']"
            ),
            "'traceback'",
            "'ZeroDivisionError'",
            _UNTIL_3_11,
        ),
        "the traceback thrown into what an async generator awaits": (
            (
                "found = []\nclass I:\n    def __await__(self): return self\n    def __iter__(self): return self\n"
                "    def __next__(self): return None\n    def throw(self, *args):\n        found.extend(args)\n"
                "        raise StopIteration\n@contextlib.asynccontextmanager\nasync def cm():\n    try: yield\n"
                "    except ZeroDivisionError: await asyncio.wait_for(I(), 0.01)\n"
                "try:\n    async with cm(): 1 / 0\nexcept TimeoutError: pass\n"
                "found = [x for x in found if type(x).__name__ == 'traceback']"
            ),
            "'traceback'",
            "'CancelledError'",
            False,
        ),
        "a context manager of something else": (
            "@contextlib.contextmanager\ndef cm(): yield\nfound = type(cm())(len, ([1],), {})",
            "type(cm())(len, ([1],), {})",
            "cm()",
        ),
        "the same by __class__": (
            "@contextlib.contextmanager\ndef cm(): yield\nfound = cm().__class__(len, ([1],), {})",
            "__class__(len, ([1],), {})",
            "__class__",
        ),
        "a decorated function that returns something else": (
            (
                "class G:\n    def __next__(self): return 1\n    def throw(self, *args): return found.extend(args)\n"
                "    def close(self): pass\nfound = contextlib.contextmanager(lambda: G())()"
            ),
            "lambda: G()",
            "lambda: (x for x in [1])",
        ),
        "an exception that is told of its traceback": (
            "class E(Exception):\n    def __setattr__(self, name, value): pass\nfound = E",
            "__setattr__",
            "__getattr__",
        ),
        "the same from a mixin": (
            (
                "class M:\n    def __setattr__(self, name, value): found.append(name)\nclass E(M, Exception): pass\n"
                "found = []\n@contextlib.contextmanager\ndef cm(): yield\n"
                "try:\n    with cm(): raise E\nexcept E: found = found or E"
            ),
            "__setattr__",
            "__getattr__",
        ),
        "a group that lies about its parts": (
            "g = ExceptionGroup('g', [ValueError()])\ng.split = len\nfound = g",
            "g.split = len",
            "g.add_note('x')",
        ),
        "a class of groups": ("E = ExceptionGroup\nclass X(E): pass\nfound = X", "ExceptionGroup", "ValueError"),
        "a slot for the traceback": (
            "class E(Exception):\n    __slots__ = ('__cause__',)\nfound = E",
            "__cause__",
            "cause",
        ),
    },
)

_DUNDERS_OF_CLASSES = """
    __del__ __reduce__ __reduce_ex__ __getstate__ __setstate__ __getattribute__ __instancecheck__ __subclasscheck__
    __subclasshook__ __mro_entries__ __prepare__ __dir__ __getnewargs__ __buffer__ __annotate__
"""

CLASSES = (
    *(
        Escape(
            f"classes: a method {name}", f"class A:\n    def {name}(self): pass\nfound = A", name, name.strip("_") + "_"
        )
        for name in _DUNDERS_OF_CLASSES.split()
    ),
    *_all(
        "classes",
        {
            "the tree of subclasses": (
                "found = ().__class__.__base__.__subclasses__()",
                "__base__.__subclasses__()",
                "__name__",
            ),
            "subclasses of object": ("found = getattr(object, '__subclasses__')", "__subclasses__", "__name__"),
            "subclasses by methodcaller": (
                "found = operator.methodcaller('__reduce_ex__', 2)(5)",
                "__reduce_ex__",
                "__pow__",
            ),
            "the order of bases": ("found = int.mro()", "mro()", "__name__"),
            "the bases": ("class A: pass\nfound = A.__bases__", "__bases__", "__name__"),
            "a class's dict": ("class A:\n    x = 1\na = A()\na.y = 1\nfound = A.__dict__", "A.__dict__", "a.__dict__"),
            "the real type": ("found = type(int)('X', (), {})", "type(int)('X', (), {})", "type(5)('7')"),
            "type under another name": ("t = type\nfound = t('X', (), {})", "'X', (), {}", "'X'"),
            "a module of one's own": ("found = type(json)('m')", "type(json)", "type('json')"),
            "a metaclass": ("class A(metaclass=type): pass\nfound = A", "metaclass=type", ""),
            "a metaclass among keywords": (
                "class A(**{'metaclass': type}): pass\nfound = A",
                "**{'metaclass': type}",
                "",
            ),
            "a subclass of type": ("class A(type): pass\nfound = A", "type", "object"),
            "a subclass of a lock": ("class A(asyncio.Lock): pass\nfound = A", "asyncio.Lock", "collections.Counter"),
            "the same through an alias": (
                "class A(asyncio.Queue[int]): pass\nfound = A",
                "asyncio.Queue",
                "collections.Counter",
            ),
            "the same through an alias that is made": (
                "class A(type(typing.List[int])(asyncio.Event, (int,))): pass\nfound = A",
                "asyncio.Event",
                "collections.Counter",
                False,
            ),
            "the cell of the class": (
                "class A:\n    def f(self): return __class__\nfound = A().f()",
                "__class__",
                "A",
            ),
            "another class for an object": (
                "class A: pass\nclass B: pass\na = A()\na.__class__ = B\nfound = a",
                "__class__ = B",
                "b = B",
            ),
            "the same by setattr": (
                "class A: pass\nclass B: pass\na = A()\nsetattr(a, '__class__', B)\nfound = a",
                "__class__",
                "b",
            ),
            "the same by object.__setattr__": (
                "class A: pass\nclass B: pass\na = A()\nobject.__setattr__(a, '__class__', B)\nfound = a",
                "__class__",
                "b",
            ),
            "the same by super().__setattr__": (
                (
                    "class B: pass\nclass A:\n    def f(self):\n        super().__setattr__('__class__', B)\n        return self\n"
                    "found = A().f()"
                ),
                "__class__",
                "b",
            ),
            "other bases for a class": (
                "class A: pass\nclass B(A): pass\nclass C: pass\nB.__bases__ = (A,)\nfound = B",
                "__bases__",
                "bases",
            ),
            "a slot that hides the class": (
                "class A:\n    __slots__ = ('__class__',)\nfound = A",
                "__class__",
                "__dict__",
            ),
            "slots that change when they are read": (
                (
                    "class L(list):\n    def __iter__(self): return iter(['__getstate__'])\n"
                    "class A:\n    __slots__ = L(['x'])\nfound = A"
                ),
                "__getstate__",
                "state",
            ),
            "match arguments": (
                "class P:\n    name = 'n'\n    __match_args__ = ('__class__',)\nmatch P():\n    case P(x): found = x",
                "__class__",
                "name",
            ),
            "match arguments from a descriptor": (
                (
                    "class D:\n    def __get__(self, instance, owner): return ('__class__',)\nclass P:\n    name = 'n'\n"
                    "    __match_args__ = D()\nmatch P():\n    case P(x): found = x"
                ),
                "= D()",
                "= ('name',)",
            ),
            "match arguments before they are checked": (
                (
                    "found = []\nclass B:\n    name = 'n'\n    def __init_subclass__(cls):\n        match cls():\n"
                    "            case cls(x): found.append(x)\ntry:\n    class P(B):\n        __match_args__ = ('__class__',)\n"
                    "except TypeError: pass"
                ),
                "__class__",
                "name",
            ),
            "a pattern with a private name": (
                "class A:\n    x = _x = 1\nmatch A():\n    case A(_x=found): pass",
                "_x=found",
                "x=found",
            ),
            "a pattern with a dunder name": (
                "def f(): pass\nmatch f:\n    case object(__globals__=found): pass",
                "object(__globals__=found)",
                "found",
            ),
            "a value pattern that walks": (
                "class A:\n    one = 1\nmatch 1:\n    case A.__dict__.one: found = 1\n    case _: found = 2",
                "A.__dict__.one",
                "A.one",
                False,
            ),
            "a static descriptor of a shared class": (
                "p = statistics.NormalDist.mean\nproperty.__init__(p, lambda self: 'x')\nfound = p",
                "property.__init__(p, lambda self: 'x')",
                "p = property(lambda self: 'x')",
            ),
            "the same, bound": (
                "p = statistics.NormalDist.mean\np.__init__(lambda self: 'x')\nfound = p",
                "p.__init__(lambda self: 'x')",
                "p.getter(lambda self: 'x')",
            ),
            "a constant made anew": (
                "uuid.UUID.__init__(uuid.NAMESPACE_DNS, int=5)\nfound = uuid.NAMESPACE_DNS",
                "uuid.UUID.__init__(uuid.NAMESPACE_DNS, int=5)",
                "uuid.UUID(int=5)",
            ),
            "__new__ of what the script does not make": (
                "found = object.__new__(type(asyncio.timeout(1)))",
                "type(asyncio.timeout(1))",
                "object",
                False,
            ),
            "the registry of an abstract class": (
                "class B(abc.ABC): pass\nclass A: pass\nB.register(asyncio.Lock)\nfound = A",
                "asyncio.Lock",
                "A",
            ),
        },
    ),
)

ENUMS = _all(
    "enums",
    {
        "members from a module's globals": (
            "class E(enum.Enum): pass\nfound = E._convert_('X', 'builtins', lambda n: n in ('eval', 'exec'))",
            "E._convert_('X', 'builtins', lambda n: n in ('eval', 'exec'))",
            "E._member_map_ is not None",
        ),
        "the same by getattr": (
            "class E(enum.Enum): A = 1\nfound = getattr(E, '_convert_')",
            "_convert_",
            "_member_map_",
        ),
        "the same from inside": (
            "class E(enum.Enum):\n    A = 1\n    @classmethod\n    def f(cls): return cls._convert_\nfound = E.f()",
            "_convert_",
            "_member_map_",
        ),
        "the metaclass of an abstract class": (
            "class A(abc.ABC): pass\nfound = A._dump_registry",
            "_dump_registry",
            "_abc_impl",
        ),
        "a dunder among the members": (
            "found = enum.Enum('E', {'A': 1, '__reduce_ex__': len})",
            "'__reduce_ex__'",
            "'B'",
        ),
        "a dunder in a list of pairs": (
            "found = enum.Enum('E', [('A', 1), ('__reduce_ex__', len)])",
            "__reduce_ex__",
            "B",
        ),
        "a dunder under a string that lies": (
            (
                "class S(str):\n    def __eq__(self, other): return False\n    def __getitem__(self, key): return 'x'\n"
                "    def __hash__(self): return 1\nfound = enum.Enum('E', [('A', 1), (S('__dir__'), len)])"
            ),
            "__dir__",
            "B",
            False,
        ),
        "a base that is no base": (
            "found = enum.Enum('E', {'A': ()}, type=asyncio.Event)",
            "asyncio.Event",
            "int",
        ),
        "a base that is a group": (
            "found = enum.Enum('E', {}, type=ExceptionGroup)",
            "ExceptionGroup",
            "int",
        ),
        "the dict behind the members": (
            (
                "got = []\nclass Q:\n    def __eq__(self, other): return got.append(other) or True\n"
                "re.RegexFlag.__members__ == Q()\ngot[0]['HACK'] = 1\nfound = 'HACK' in re.RegexFlag.__members__"
            ),
            "'HACK' in re",
            "'ASCII' in re",
        ),
        "the private maps of a shared enum": (
            "class E(enum.Enum): A = 1\nfound = re.RegexFlag._member_map_",
            "re.RegexFlag._",
            "E._",
        ),
    },
)

FORMATS = _all(
    "formats",
    {
        "a walk": ("found = '{0.__class__}'.format(1)", "__class__", "real"),
        "a walk through an item": ("found = '{0[0].__class__}'.format([1])", "__class__", "real"),
        "a walk by name": ("found = '{x.__globals__}'.format(x=json.dumps)", "x.__globals__", "x"),
        "a walk in the width": (
            "class A:\n    one = 1\nfound = '{0:{1.__class__.__name__}}'.format('x', 1)",
            "{1.__class__.__name__}",
            "{1.real}",
            False,
        ),
        "a walk in a mapping": ("found = '{x[y].__class__}'.format_map({'x': {'y': 1}})", "__class__", "real"),
        "the unbound method": ("found = str.format('{0.__class__}', 1)", "__class__", "real"),
        "the method by getattr": ("found = getattr('{0.__class__}', 'format')(1)", "__class__", "real"),
        "the method by map": ("found = list(map(str.format, ['{0.__class__}'], [1]))", "__class__", "real"),
        "the method of a subclass": (
            "class S(str):\n    def f(self, x): return super().format(x)\nfound = S('{0.__class__}').f(1)",
            "__class__",
            "real",
        ),
        "UserString.format": ("found = collections.UserString('{0.__class__}').format(1)", "__class__", "real"),
        "UserString.format_map": (
            "found = collections.UserString('{x.__class__}').format_map({'x': 1})",
            "__class__",
            "real",
        ),
        "UserString.format, unbound": (
            "u = collections.UserString('{0.__class__}')\nfound = collections.UserString.format(u, 1)",
            "__class__",
            "real",
        ),
        "UserString.format of a subclass": (
            (
                "class S(collections.UserString):\n    def f(self, x): return super().format(x)\n"
                "found = S('{0.__class__}').f(1)"
            ),
            "__class__",
            "real",
        ),
        "a private name": ("found = '{0._waiters}'.format(asyncio.Lock())", "_waiters", "locked"),
    },
)

COPIES = _all(
    "copies and dataclasses",
    {
        "an instance that says what it is made of": (
            (
                "class A: pass\na = A()\na.__dict__['__reduce_ex__'] = lambda p: ((lambda: json.dumps), (), (None, {'x': 1}))\n"
                "found = copy.deepcopy(a)"
            ),
            "'__reduce_ex__'",
            "'other'",
        ),
        "an instance that says what to set": (
            (
                "class A: pass\na = A()\n"
                "a.__dict__['__getstate__'] = lambda: (None, {'__class__': asyncio.Event, '_waiters': [], '_value': 1})\n"
                "found = copy.copy(a)"
            ),
            "'__getstate__'",
            "'other'",
        ),
        "a state that is copied into another": (
            (
                "class S:\n    def __deepcopy__(self, memo): return (None, {'__class__': B})\nclass B: pass\nclass A: pass\n"
                "a = A()\na.__dict__['__getstate__'] = S\nfound = copy.deepcopy(a)"
            ),
            "'__getstate__'",
            "'other'",
        ),
        "a class that makes something else": (
            "class A:\n    def __new__(cls): return json.dumps\na = object.__new__(A)\na.x = 1\nfound = copy.copy(a)",
            "return json.dumps",
            "return object.__new__(cls)",
        ),
        "a lock": ("found = copy.copy(asyncio.Lock())", "asyncio.Lock()", "collections.Counter('a')"),
        "a task": (
            "t = asyncio.create_task(asyncio.sleep(0))\nawait t\nfound = copy.deepcopy([t])",
            "copy.deepcopy([t])",
            "[t]",
            False,
        ),
        "a field that is the class": (
            "found = dataclasses.dataclass(typing.TypedDict('T', {'__class__': int}))",
            "__class__",
            "name",
        ),
        "a field that is code": (
            "found = dataclasses.dataclass(typing.TypedDict('T', {'a=1': int}))",
            "a=1",
            "a",
            False,
        ),
        "a dataclass of a shared class": (
            "class A: pass\nfound = dataclasses.dataclass(collections.UserDict)",
            "collections.UserDict",
            "A",
        ),
        "a dataclass's __init__ on something else": (
            (
                "@dataclasses.dataclass\nclass P:\n    _value: object\nlock = asyncio.Event()\n"
                "P.__init__(lock, [])\nfound = lock"
            ),
            "P.__init__(lock, [])",
            "P([])",
        ),
        "private match arguments": (
            "@dataclasses.dataclass\nclass P:\n    _x: int\nmatch P(1):\n    case P(found): pass",
            "_x: int",
            "x: int",
        ),
        "a named tuple's private maker": (
            "N = collections.namedtuple('N', 'x')\nfound = N._make.__func__",
            "_make.__func__",
            "_make",
        ),
    },
)

ASYNC = _all(
    "asyncio",
    {
        "the loop of a task": (
            "t = asyncio.create_task(asyncio.sleep(0))\nfound = t.get_loop()",
            "get_loop",
            "get_name",
        ),
        "the coroutine of a task": (
            "t = asyncio.create_task(asyncio.sleep(0))\nfound = getattr(t, 'get_' + 'coro')()",
            "'coro'",
            "'name'",
        ),
        "what a task's facade holds": (
            "t = asyncio.create_task(asyncio.sleep(0))\nfound = getattr(t, '_real')",
            "_real",
            "get_name",
            False,
        ),
        "the running loop": ("found = asyncio.get_running_loop()", "get_running_loop", "current_task"),
        "the loop of a lock": ("found = asyncio.Lock()._get_loop", "_get_loop", "acquire"),
        "the same through super()": (
            "lock = asyncio.Lock()\nfound = super(asyncio.Lock, lock)._get_loop",
            "super(asyncio.Lock, lock)._get_loop",
            "lock.acquire",
        ),
        "a task around a look-alike": (
            "class F: pass\nfound = asyncio.Task(F())",
            "asyncio.Task(F())",
            "asyncio.create_task(asyncio.sleep(0))",
            False,
        ),
        "asyncio's own callback, by a look-alike": (
            (
                "class F:\n    _asyncio_future_blocking = False\n    def get_loop(self): return self\n"
                "    def get_debug(self): return False\n    def done(self): return False\n    def cancelled(self): return False\n"
                "    def exception(self): return None\n    def result(self): return 5\n"
                "    def add_done_callback(self, call, context=None): self.call = call\n"
                "    def call_soon(self, *args, **kwargs): pass\n    def __await__(self): yield\n"
                "f = F()\nasyncio.gather(f)\nfound = f.call"
            ),
            "f.call",
            "f",
        ),
        "tasks out of as_completed": (
            (
                "t = asyncio.create_task(asyncio.sleep(0))\nit = iter(asyncio.as_completed([t]))\n"
                "async for x in it: found = x\n"
            ),
            "async for x in it",
            "for x in it",
            _SINCE_3_13,
        ),
        "a timer that writes itself into a frame": (
            (
                "found = []\nclass E:\n    def __le__(self, other): return False\n    def __lt__(self, other): return False\n"
                "    def __gt__(self, other): return other < 100\n    def __ge__(self, other): return True\n"
                "    def __radd__(self, other): return self\n    def __sub__(self, other): return self\n"
                "    def __float__(self): return 0.0\n    def __format__(self, spec): return found.append(spec) or '0'\n"
                "async def main(): await asyncio.sleep(E())\nasyncio.create_task(main())\n"
                "await asyncio.sleep(0.01)"
            ),
            "__format__(self, spec): return found.append(spec) or '0'",
            "__eq__(self, other): return True\nfound.append(1)",
            False,
        ),
        "a coroutine driven by hand": (
            "async def f(): return 1\nc = f()\nfound = c.send",
            "c.send",
            "await c",
        ),
        "the same by methodcaller": (
            "async def f(): await asyncio.sleep(0)\nc = f()\nfound = [operator.methodcaller('send', None)(c)]",
            "[operator.methodcaller('send', None)(c)]",
            "[await c]",
        ),
        "the same by an abstract class": (
            "async def f(): await asyncio.sleep(0)\nc = f()\nfound = [collections.abc.Generator.__next__(c)]",
            "[collections.abc.Generator.__next__(c)]",
            "[await c]",
        ),
        "a coroutine's iterator": (
            "async def f(): await asyncio.sleep(0)\nc = f()\nfound = list(c.__await__())",
            "list(c.__await__())",
            "[await c]",
        ),
        "an async generator's step": (
            "async def g():\n    yield await asyncio.sleep(0, 1)\nfound = list(g().asend(None))",
            "list(g().asend(None))",
            "await g().asend(None)",
            False,
        ),
        "the same by anext": (
            "async def g():\n    yield await asyncio.sleep(0, 1)\nfound = list(anext(g()))",
            "list(anext(g()))",
            "await anext(g())",
            False,
        ),
        "the same inside a context manager": (
            (
                "@contextlib.asynccontextmanager\nasync def g():\n    yield await asyncio.sleep(0, 1)\n"
                "found = list(anext(g().gen))"
            ),
            "list(anext(g().gen))",
            "await anext(g().gen)",
            False,
        ),
        "a coroutine in yield from": (
            "async def f(): return 1\ndef g():\n    yield from f()\nfound = list(g())",
            "list(g())",
            "g()",
            False,
        ),
        "a callback in a context": (
            (
                "class C:\n    def run(self, *args): found.extend(args)\nfound = [1]\n"
                "asyncio.create_task(asyncio.sleep(0)).add_done_callback(print, context=C())"
            ),
            ", context=C()",
            "",
        ),
        "a tool call driven by hand": (
            "c = tools.echo(value=1)\nfound = c.send\nawait c",
            "c.send",
            "c.tool",
            False,
        ),
        "a tool call's own bookkeeping": (
            "c = tools.echo(value=1)\nfound = c.wrapped\nawait c",
            "c.wrapped",
            "c.tool",
            False,
        ),
        "a group that is no group": (
            (
                "class G: pass\nclass T:\n    def create_task(self, coro, name=None): return self\n    def done(self): return found\n"
                "g = G()\ng._group = T()\ncall = tools.echo(value=1)\n"
                "found = asyncio.TaskGroup.create_task(g, call)\n"
            ),
            "asyncio.TaskGroup.create_task(g, call)",
            "await call",
            False,
        ),
        "paths of the host in a message": (
            (
                "t = asyncio.ensure_future(asyncio.sleep(9))\nt.add_done_callback(print)\nasync def f(): await t\n"
                "try: asyncio.run(f())\nexcept RuntimeError as e: found = '.py' in str(e)"
            ),
            "'.py'",
            "'Task'",
            False,
        ),
    },
)

_CAPABLE = {
    "from json import codecs": "from json import dumps",
    "from asyncio import events": "from asyncio import Event",
    "from typing import get_type_hints": "from typing import get_args",
    "from functools import singledispatch": "from functools import reduce",
    "from functools import update_wrapper": "from functools import wraps",
    "from string import Formatter": "from string import Template",
    "from dataclasses import make_dataclass": "from dataclasses import dataclass",
    "from random import SystemRandom": "from random import Random",
    "from enum import EnumMeta": "from enum import Enum",
    "from enum import global_enum": "from enum import unique",
    "from io import open": "from io import StringIO",
    "from csv import register_dialect": "from csv import Dialect",
    "from uuid import uuid1": "from uuid import uuid4",
    "from collections.abc import sys": "from collections.abc import Set",
    "import os": "import json",
    "import sys": "import math",
    "import builtins": "import heapq",
    "import importlib": "import bisect",
    "import subprocess": "import operator",
    "import ctypes": "import decimal",
    "import gc": "import time",
    "import inspect": "import typing",
    "import types": "import string",
    "import weakref": "import copy",
    "import pickle": "import hashlib",
    "import os.path": "import urllib.parse",
}

IMPORTS = (
    *(
        Escape(
            f"imports: {statement}",
            f"{statement}\nfound = 1",
            statement,
            allowed,
            statement != "from collections.abc import sys",
        )
        for statement, allowed in _CAPABLE.items()
    ),
    *_all(
        "imports",
        {
            "a module inside a module": ("found = json.codecs", "codecs", "dumps"),
            "the same by getattr": ("found = getattr(statistics, 'sys')", "sys", "mean"),
            "the same by attrgetter": ("found = operator.attrgetter('codecs.open')(json)", "codecs.open", "dumps"),
            "the same under another name": ("j = [json][0]\nfound = getattr(j, 'decoder')", "decoder", "loads"),
            "the loader": ("found = getattr(json, '__spec__')", "__spec__", "loads"),
            "the function of the statement": ("found = __import__", "__import__", "print"),
            "a change of a module": (
                "class A: pass\nsetattr(json, 'extra', 1)\nfound = 1",
                "setattr(json",
                "setattr(A",
            ),
            "a change of a library's function": (
                "def f(): pass\nsetattr(json.dumps, 'extra', 1)\nfound = 1",
                "json.dumps",
                "f",
            ),
            "a change of a library's class": (
                "class A: pass\njson.JSONEncoder.extra = 1\nfound = 1",
                "json.JSONEncoder",
                "A",
            ),
            "a change through object.__setattr__": (
                "class A: pass\na = A()\nobject.__setattr__(calendar.Calendar(), 'extra', 1)\nfound = 1",
                "calendar.Calendar()",
                "a",
            ),
            "a memoryview": ("found = io.BytesIO(b'x').getbuffer()", "getbuffer", "getvalue"),
        },
    ),
)

_BUILTINS = "eval exec compile open globals locals vars input breakpoint memoryview __builtins__ __loader__"

NAMES = (
    *(Escape(f"names: the builtin {name}", f"found = {name}", name, "print") for name in _BUILTINS.split()),
    *(
        Escape(f"names: {where}", script, "__builtins__", "name")
        for where, script in {
            "a dunder that is assigned": "__builtins__ = 1\nfound = 1",
            "a dunder in a walrus": "found = (__builtins__ := 1)",
            "a dunder in a match": "match 1:\n    case __builtins__: found = 1",
            "a dunder in a starred pattern": "match [1]:\n    case [*__builtins__]: found = 1",
            "a dunder in the rest of a mapping": "match {'a': 1}:\n    case {**__builtins__}: found = 1",
            "a dunder behind as": "match 1:\n    case int() as __builtins__: found = 1",
            "a dunder in except": "try: 1 / 0\nexcept Exception as __builtins__: found = 1",
            "a dunder in with": "with contextlib.nullcontext(1) as __builtins__: found = 1",
            "a dunder in for": "for __builtins__ in [1]: found = 1",
            "a dunder in a comprehension": "found = [1 for __builtins__ in [1]]",
            "a dunder in import": "import json as __builtins__\nfound = 1",
            "a dunder in from": "from json import dumps as __builtins__\nfound = 1",
            "a dunder function": "def __builtins__(): pass\nfound = 1",
            "a dunder class": "class __builtins__: pass\nfound = 1",
            "a dunder parameter": "def f(__builtins__): pass\nfound = 1",
            "a dunder positional parameter": "def f(__builtins__, /): pass\nfound = 1",
            "a dunder in *args": "def f(*__builtins__): pass\nfound = 1",
            "a dunder in **kwargs": "def f(**__builtins__): pass\nfound = 1",
            "a dunder of a lambda": "f = lambda __builtins__: 1\nfound = 1",
            "a dunder keyword": "found = dict(__builtins__=1)",
            "a global dunder": "def f():\n    global __builtins__\nfound = 1",
            "a nonlocal dunder": "def f():\n    __builtins__ = 1\n    def g():\n        nonlocal __builtins__\nfound = 1",
            "a deleted dunder": "__builtins__ = 1\ndel __builtins__\nfound = 1",
            "a dunder in a class body": "class A:\n    __builtins__ = 1\nfound = 1",
        }.items()
    ),
    *_all(
        "names",
        {
            "super bound anew": ("def f():\n    super = 1\n    return 1\nfound = f()", "super", "sup"),
            "a name that is no exact string": (
                "class S(str): pass\nfound = getattr(1, S('real'))",
                "S('real')",
                "'real'",
                True,
            ),
            "a string that lies about itself": (
                (
                    "class S(str):\n    def __eq__(self, other): return True\n    def __hash__(self): return hash('real')\n"
                    "found = getattr(json.dumps, S('__globals__'))"
                ),
                "S('__globals__')",
                "'__name__'",
                False,
            ),
            "a parameter bound anew in a comprehension": (
                (
                    "class A: _value = 'own'\ndef f(self):\n    self._value, self._value\n"
                    "    [self := asyncio.Event() for _ in [1]]\n    return [self._value]\nfound = f(A())"
                ),
                "asyncio.Event()",
                "A()",
            ),
            "a parameter bound anew by a match": (
                (
                    "class A: _value = 'own'\ndef f(self):\n    self._value, self._value\n"
                    "    match asyncio.Event():\n        case self: return [self._value]\nfound = f(A())"
                ),
                "asyncio.Event()",
                "A()",
            ),
            "a parameter bound anew by an inner function": (
                (
                    "class A: _value = 'own'\ndef f(self):\n    self._value, self._value\n    def g():\n        nonlocal self\n"
                    "        self = asyncio.Event()\n    g()\n    return [self._value]\nfound = f(A())"
                ),
                "asyncio.Event()",
                "A()",
            ),
            "a parameter bound anew by a class body": (
                (
                    "class A: _value = 'own'\ndef f(self):\n    self._value, self._value\n    class G:\n        nonlocal self\n"
                    "        self = asyncio.Event()\n    return [self._value]\nfound = f(A())"
                ),
                "asyncio.Event()",
                "A()",
            ),
            "a private name of another object": (
                "class A:\n    def __init__(self): self._value = 1\nfound = [asyncio.Event()._value]",
                "asyncio.Event()",
                "A()",
            ),
            "the same in a comprehension": (
                "class A:\n    def __init__(self): self._value = 1\nfound = [x._value for x in [asyncio.Event()]]",
                "asyncio.Event()",
                "A()",
            ),
            "the same in a class body": (
                (
                    "class A:\n    def __init__(self): self._value = 1\na = asyncio.Event()\n"
                    "class B:\n    x = [a._value]\nfound = B.x"
                ),
                "asyncio.Event()",
                "A()",
            ),
            "the same, set": (
                "class A: pass\na = asyncio.Event()\na._value = 1\nfound = 1",
                "asyncio.Event()",
                "A()",
            ),
            "the same, updated": (
                "class A: _value = 0\na = asyncio.Event()\na._value += 1\nfound = 1",
                "asyncio.Event()",
                "A()",
            ),
            "the same, deleted": (
                "class A:\n    def __init__(self): self._value = 1\na = asyncio.Event()\ndel a._value\nfound = 1",
                "asyncio.Event()",
                "A()",
            ),
            "a private name, mangled": (
                (
                    "class A:\n    def __init__(self): self._B__x = 1\n"
                    "class B:\n    def f(self, other):\n        other.__x = 1\n        return [other.__x]\n"
                    "found = B().f(asyncio.Event())"
                ),
                "asyncio.Event()",
                "A()",
            ),
        },
    ),
)

ESCAPES = (
    *FRAMES_AND_CODE,
    *EXCEPTIONS,
    *CLASSES,
    *ENUMS,
    *FORMATS,
    *COPIES,
    *ASYNC,
    *IMPORTS,
    *NAMES,
)
"""Every attempt."""
