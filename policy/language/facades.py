"""The modules a script may import, and the names each of them shows.

The worker builds a fresh module object per entry. What walks attributes by string, evaluates strings, opens files,
starts threads or processes, or gives a class without the checks of a `class` statement, is absent:
`typing.get_type_hints`, `functools.singledispatch`, `dataclasses.make_dataclass`, `string.Formatter`,
`enum.EnumMeta`, `random.SystemRandom`, `uuid.uuid1`, `csv.register_dialect`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_NAMES: Final = {
    "abc": "ABC abstractmethod abstractproperty abstractclassmethod abstractstaticmethod",
    "asyncio": """
        run gather sleep wait wait_for timeout create_task ensure_future shield as_completed TaskGroup Semaphore
        BoundedSemaphore Lock Event Condition Queue PriorityQueue LifoQueue QueueEmpty QueueFull CancelledError
        TimeoutError InvalidStateError Barrier BrokenBarrierError QueueShutDown Task Future isfuture
        current_task all_tasks FIRST_COMPLETED FIRST_EXCEPTION ALL_COMPLETED iscoroutine iscoroutinefunction
    """,
    "base64": """b64encode b64decode standard_b64encode standard_b64decode urlsafe_b64encode urlsafe_b64decode b32encode
        b32decode b32hexencode b32hexdecode b16encode b16decode b85encode b85decode a85encode a85decode encodebytes
        decodebytes""",
    "bisect": "bisect bisect_left bisect_right insort insort_left insort_right",
    "calendar": """
        monthrange isleap leapdays weekday monthcalendar month calendar timegm month_name month_abbr day_name
        day_abbr Calendar TextCalendar HTMLCalendar MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY
        IllegalMonthError IllegalWeekdayError
    """,
    "collections": """
        ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque namedtuple abc
    """,
    "collections.abc": """
        AsyncGenerator AsyncIterable AsyncIterator Awaitable Buffer ByteString Callable Collection Container
        Coroutine Generator Hashable ItemsView Iterable Iterator KeysView Mapping MappingView MutableMapping
        MutableSequence MutableSet Reversible Sequence Set Sized ValuesView
    """,
    "contextlib": """
        AbstractAsyncContextManager AbstractContextManager AsyncContextDecorator AsyncExitStack ContextDecorator
        ExitStack aclosing asynccontextmanager closing contextmanager nullcontext suppress
    """,
    "copy": "copy deepcopy Error",
    "csv": """
        reader writer DictReader DictWriter Sniffer Error Dialect excel excel_tab unix_dialect QUOTE_ALL
        QUOTE_MINIMAL QUOTE_NONE QUOTE_NONNUMERIC QUOTE_NOTNULL QUOTE_STRINGS
    """,
    "dataclasses": """
        dataclass field fields asdict astuple replace is_dataclass KW_ONLY MISSING InitVar FrozenInstanceError
    """,
    "datetime": "date datetime time timedelta timezone tzinfo MINYEAR MAXYEAR UTC",
    "decimal": """
        Decimal DecimalTuple Context getcontext setcontext localcontext ROUND_05UP ROUND_CEILING ROUND_DOWN
        ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP DecimalException InvalidOperation
        DivisionByZero DivisionImpossible DivisionUndefined ConversionSyntax InvalidContext Overflow Underflow
        Inexact Rounded Subnormal Clamped FloatOperation MAX_PREC MAX_EMAX MIN_EMIN MIN_ETINY
    """,
    "difflib": """
        SequenceMatcher Differ HtmlDiff unified_diff context_diff ndiff restore get_close_matches diff_bytes
        IS_LINE_JUNK IS_CHARACTER_JUNK
    """,
    "enum": """
        Enum IntEnum StrEnum Flag IntFlag ReprEnum auto unique member nonmember verify property EnumCheck
        FlagBoundary CONTINUOUS NAMED_FLAGS UNIQUE STRICT CONFORM EJECT KEEP
    """,
    "fractions": "Fraction",
    "functools": "cache cached_property cmp_to_key lru_cache partial partialmethod reduce total_ordering wraps",
    "hashlib": """
        md5 sha1 sha224 sha256 sha384 sha512 sha3_224 sha3_256 sha3_384 sha3_512 blake2b blake2s shake_128
        shake_256 new pbkdf2_hmac algorithms_guaranteed algorithms_available
    """,
    "heapq": "heappush heappop heapify heapreplace heappushpop merge nlargest nsmallest",
    "hmac": "new digest compare_digest HMAC",
    "html": "escape unescape",
    "io": "StringIO BytesIO",
    "itertools": """
        accumulate batched chain combinations combinations_with_replacement compress count cycle dropwhile
        filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest
    """,
    "json": "dumps loads dump load JSONDecodeError JSONEncoder JSONDecoder",
    "math": """
        acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp exp2
        expm1 fabs factorial floor fma fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan isqrt
        lcm ldexp lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder sin sinh
        sqrt sumprod tan tanh tau trunc ulp
    """,
    "numbers": "Number Complex Real Rational Integral",
    "operator": """
        abs add and_ attrgetter call concat contains countOf delitem eq floordiv ge getitem gt iadd iand iconcat
        ifloordiv ilshift imatmul imod imul index indexOf inv invert ior ipow irshift is_ is_not isub itemgetter
        itruediv ixor le length_hint lshift lt matmul methodcaller mod mul ne neg not_ or_ pos pow rshift
        setitem sub truediv truth xor
    """,
    "pprint": "pprint pformat pp isreadable isrecursive saferepr PrettyPrinter",
    "random": """
        random randint randrange choice choices shuffle sample uniform gauss normalvariate triangular
        betavariate binomialvariate expovariate gammavariate lognormvariate vonmisesvariate paretovariate
        weibullvariate getrandbits randbytes seed getstate setstate Random
    """,
    "re": """
        compile match fullmatch search sub subn split findall finditer escape purge Pattern Match error
        PatternError RegexFlag NOFLAG A ASCII I IGNORECASE L LOCALE M MULTILINE S DOTALL U UNICODE X VERBOSE
    """,
    "statistics": """
        mean fmean geometric_mean harmonic_mean median median_low median_high median_grouped mode multimode
        pstdev pvariance stdev variance covariance correlation linear_regression quantiles kde NormalDist
        StatisticsError
    """,
    "string": """
        ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable punctuation
        whitespace Template
    """,
    "textwrap": "dedent fill indent shorten wrap TextWrapper",
    "time": """
        time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time process_time_ns sleep
        gmtime localtime mktime strftime strptime asctime ctime struct_time timezone altzone daylight tzname
    """,
    "typing": """
        AbstractSet Annotated Any AnyStr AsyncContextManager AsyncGenerator AsyncIterable AsyncIterator
        Awaitable BinaryIO Callable ChainMap ClassVar Collection Concatenate Container ContextManager Coroutine
        Counter DefaultDict Deque Dict Final FrozenSet Generator Generic Hashable IO ItemsView Iterable Iterator
        KeysView List Literal LiteralString Mapping Match MutableMapping MutableSequence MutableSet NamedTuple
        Never NewType NoReturn NotRequired Optional OrderedDict ParamSpec ParamSpecArgs ParamSpecKwargs Pattern
        Protocol ReadOnly Required Reversible Self Sequence Set Sized SupportsAbs SupportsBytes SupportsComplex
        SupportsFloat SupportsIndex SupportsInt SupportsRound TYPE_CHECKING Text TextIO Tuple Type TypeAlias
        TypeAliasType TypeGuard TypeIs TypeVar TypeVarTuple TypedDict Union Unpack ValuesView assert_never
        assert_type cast final get_args get_origin is_typeddict no_type_check overload override reveal_type
        runtime_checkable
    """,
    "unicodedata": """
        name lookup category bidirectional combining east_asian_width mirrored decomposition normalize
        is_normalized decimal digit numeric unidata_version
    """,
    "urllib": "parse",
    "urllib.parse": """
        quote quote_plus quote_from_bytes unquote unquote_plus unquote_to_bytes urlencode parse_qs parse_qsl
        urlparse urlsplit urlunparse urlunsplit urljoin urldefrag ParseResult SplitResult DefragResult
    """,
    "uuid": "UUID uuid3 uuid4 uuid5 SafeUUID NAMESPACE_DNS NAMESPACE_URL NAMESPACE_OID NAMESPACE_X500",
    "zoneinfo": "ZoneInfo ZoneInfoNotFoundError available_timezones",
}

_SINCE: Final = {
    (3, 12): """
        collections.abc.Buffer csv.QUOTE_NOTNULL csv.QUOTE_STRINGS itertools.batched math.sumprod random.binomialvariate
        typing.TypeAliasType typing.override
    """,
    (3, 13): "asyncio.QueueShutDown math.fma re.PatternError statistics.kde typing.ReadOnly typing.TypeIs",
}
SINCE: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {name: version for version, added in _SINCE.items() for name in added.split()}
)
"""Dotted name -> the first Python that has it."""

EVERY_NAME: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {module: frozenset(names.split()) for module, names in _NAMES.items()}
)
"""Module name -> the names it shows on the newest Python."""

FACADES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        module: frozenset(name for name in names if SINCE.get(f"{module}.{name}", (3, 0)) <= sys.version_info)
        for module, names in EVERY_NAME.items()
    }
)
"""Module name -> the names it shows on this Python."""

_REPLACED: Final = {
    "asyncio": _NAMES["asyncio"],
    "collections": "namedtuple",
    "copy": "copy deepcopy",
    "datetime": "date datetime",
    "functools": "wraps cached_property partialmethod",
    "operator": "attrgetter methodcaller",
    "pprint": "pprint pp PrettyPrinter",
    "random": _NAMES["random"],
    "string": "Template",
    "time": _NAMES["time"],
    "typing": "reveal_type",
    "uuid": "uuid4",
    "zoneinfo": "ZoneInfo available_timezones",
}

REPLACED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {module: frozenset(names.split()) & FACADES[module] for module, names in _REPLACED.items()}
)
"""Names whose real object must not be handed out as it is: the worker gives its own, or looks at the object's use.

They read the clock, randomness or files, print, look into the caller's frame, or walk attributes by string.
"""
