kinds = [
    ArithmeticError, AssertionError, AttributeError, BaseException, BlockingIOError, BrokenPipeError, BufferError, BytesWarning,
    ChildProcessError, ConnectionAbortedError, ConnectionError, ConnectionRefusedError, ConnectionResetError, DeprecationWarning,
    EOFError, EncodingWarning, EnvironmentError, Exception, FileExistsError, FileNotFoundError, FloatingPointError, FutureWarning,
    GeneratorExit, IOError, ImportError, ImportWarning, IndentationError, IndexError, InterruptedError, IsADirectoryError, KeyError,
    KeyboardInterrupt, LookupError, MemoryError, ModuleNotFoundError, NameError, NotADirectoryError, NotImplementedError, OSError,
    OverflowError, PendingDeprecationWarning, PermissionError, ProcessLookupError, RecursionError, ReferenceError, ResourceWarning,
    RuntimeError, RuntimeWarning, StopAsyncIteration, StopIteration, SyntaxError, SyntaxWarning, SystemError, SystemExit, TabError,
    TimeoutError, TypeError, UnboundLocalError, UnicodeError, UnicodeWarning, UserWarning, ValueError, Warning, ZeroDivisionError,
]
for kind in kinds:
    try:
        raise kind("reason", 2) if not issubclass(kind, OSError) else kind("reason")
    except BaseException as error:
        print(type(error).__name__, error.args, issubclass(kind, Exception), issubclass(kind, OSError))
for broken in (lambda: b"\xff".decode(), lambda: "é".encode("ascii")):
    try:
        broken()
    except (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError) as error:
        print(type(error).__name__, error.encoding, error.reason)
len(kinds)
