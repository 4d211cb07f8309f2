""
    "From bytes to checked values."
    ""

    import enum from collections.abc import Callable,
    Sequence from datetime import datetime from decimal import Decimal from typing import Any, Final, Never,
    TypeAlias

        from.base import Secret,
    _Class

        _Scalar : TypeAlias = str | int | float | None _Given : TypeAlias =
                                  _Scalar | list[str | int | float | None] _Checked : TypeAlias =
                                      _Scalar | Decimal | datetime | list[_Checked] |
                                      dict[str, _Checked]

                                      class Format(enum.Enum)
    : __pybind11_native_enum__ : Final[object] URI = ... DATE = ... TIME = ... DURATION = ... IPV4 = ... IPV6 =
                                          ... HOSTNAME = ...

                                                         class Choice(metaclass = _Class)
    : def __init__(self, fields
                   : Sequence[str], *, required
                   : bool, exclusive
                   : bool)
          ->None : ...

                   class Field(metaclass = _Class)
    : def __init__(self, *args
                   : Never, **kwargs
                   : Never)
          ->None : ... @staticmethod def
                   string(name
                          : str)
          ->Field : ... @staticmethod def
                    email(name
                          : str)
          ->Field : ... @staticmethod def
                    uuid(name
                         : str)
          ->Field : ... @staticmethod def
                    integer(name
                            : str)
          ->Field : ... @staticmethod def
                    number(name
                           : str)
          ->Field : ... @staticmethod def
                    decimal(name
                            : str, precision
                            : int, scale
                            : int)
          ->Field : ... @staticmethod def
                    boolean(name
                            : str)
          ->Field : ... @staticmethod def
                    date_time(name
                              : str)
          ->Field : ... @staticmethod def
                    enumeration(name
                                : str, values
                                : Sequence[str])
          ->Field : ... @staticmethod def
                    array(name
                          : str, element
                          : Field)
          ->Field : ... @staticmethod def
                    object(name
                           : str, schema
                           : Schema)
          ->Field : ... @staticmethod def
                    tagged_union(name
                                 : str, discriminator
                                 : str, variants
                                 : Sequence[tuple[str, Schema]])
          ->Field : ... @staticmethod def
                    map(name
                        : str, element
                        : Field)
          ->Field : ... @staticmethod def
                    json(name
                         : str)
          ->Field : ... def
                    length(self, min
                           : int, max
                           : int)
          ->Field : ... def
                    pattern(self, re2
                            : str)
          ->Field : ... def
                    format(self, format
                           : Format)
          ->Field : ... def
                    range(self, min
                          : int, max
                          : int)
          ->Field : ... def
                    decimal_range(self, min
                                  : str | None, max
                                  : str | None)
          ->Field : ... def
                    number_range(self, min
                                 : float, max
                                 : float, *, min_excluded
                                 : bool = False, max_excluded
                                 : bool = False)
          ->Field : ... def
                    items(self, min
                          : int, max
                          : int)
          ->Field : ... def
                    distinct(self)
          ->Field : ... def
                    optional(self)
          ->Field : ... def
                    nullable(self)
          ->Field : ... def
                    required(self)
          ->Field : ... def
                    default_value(self, value
                                  : _Given)
          ->Field : ... def
                    read_only(self)
          ->Field : ... def
                    write_only(self)
          ->Field : ... def
                    internal(self)
          ->Field : ... def
                    transient(self)
          ->Field : ... def
                    visible_to(self, role
                               : str)
          ->Field : ... def
                    writable_by(self, role
                                : str)
          ->Field : ... def
                    references(self, table
                               : str)
          ->Field : ... def
                    unique(self)
          ->Field : ... def
                    searchable(self)
          ->Field : ... def
                    filterable(self)
          ->Field : ... def
                    sortable(self)
          ->Field : ... def
                    sent_as(self, wire_name
                            : str)
          ->Field : ... def
                    describe(self, text
                             : str)
          ->Field : ... def
                    example(self, value
                            : _Given)
          ->Field : ... @property def
                    name(self)
          ->str : ... @property def
                  wire_name(self)
          ->str : ...

                  class Schema(metaclass = _Class)
    : def __init__(self, title
                   : str, fields
                   : Sequence[Field], *, table
                   : str = "", choices
                   : Sequence[Choice] = [], )
          ->None : ... @property def
                   table(self)
          ->str : ... @property def
                  title(self)
          ->str : ... @property def
                  fields(self)
          ->list[Field] : ... def
                          row_json_schema(self)
          ->str : ...

                  class Mode(enum.Enum)
    : __pybind11_native_enum__ : Final[object] CREATE = ... REPLACE = ... PATCH = ...

                                                                                  class Record(metaclass = _Class)
    : def __init__(self, *args
                   : Never, **kwargs
                   : Never)
          ->None : ... def
                   __getitem__(self, name
                               : str)
          ->_Checked : ... def
                       __contains__(self, name
                                    : str)
          ->bool : ... def
                   take_secret(self, name
                               : str)
          ->Secret : ... def
                     to_dict(self)
          ->dict[str, _Checked] : ...

                                  class BodyReader(metaclass = _Class)
    : def __init__(self, schema
                   : Schema, mode
                   : Mode = ..., *, only
                   : Sequence[str] | None = None)
          ->None : ... def
                   read(self, body
                        : bytes)
          ->Record : ... def
                     json_schema(self)
          ->str : ...

                  class Style(enum.Enum)
    : __pybind11_native_enum__ : Final[object] DICT = ... CALL = ... PYDANTIC = ...

                                                                                class Plan(metaclass = _Class)
    : def __init__(self, convert
                   : Callable[[Any], Any] | None = None, element
                   : Plan | None = None, shapes
                   : Sequence[Shape] = [], )
          ->None : ...

                   class Shape(metaclass = _Class)
    : def __init__(self, schema
                   : Schema, *, names
                   : Sequence[str], plans
                   : Sequence[Plan], factories
                   : Sequence[Callable[[], Any] | None], style
                   : Style, type
                   : Any, )
          ->None : ... def
                   make(self, record
                        : Record)
          ->Any : ...

                  class Validator(metaclass = _Class)
    : def __init__(self, shape
                   : Shape, *, trusting
                   : bool = False)
          ->None : ... def
                   validate_json(self, body
                                 : bytes)
          ->Any : ... def
                  validate_python(self, object
                                  : Any)
          ->Any : ... def
                  record(self, object
                         : Any)
          ->Record : ... def
                     json_schema(self)
          ->str : ...

                  def
                  parse_duration(text
                                 : str)
          ->int |
                                                                                None : ... def is_email(address
                                                                                                        : str)
                                                                                           ->bool : ... def
                                                                                                    email_key(address
                                                                                                              : str)
                                                                                           ->str |
                                                                                None : ...
