# What an annotated type carries.
# expect: script.forbidden_attribute
# reaches: tuple
# offending: __metadata__
# allowed: __class__

import typing

found = typing.Annotated[int, 1].__metadata__
