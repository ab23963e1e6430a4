from typing import Dict, List, Optional, TypedDict, Union, get_args, get_origin, is_typeddict


class Movie(TypedDict):
    title: str


print(get_origin(List[int]) is list, get_args(Dict[str, int]), get_args(Optional[str]), get_origin(Union[int, str]) is Union)
print(get_origin(int), get_args(list[int]), is_typeddict(Movie), is_typeddict(dict), get_origin(dict[str, int]) is dict)
List[int] == List[int], str(Optional[int]), str(list[int])
