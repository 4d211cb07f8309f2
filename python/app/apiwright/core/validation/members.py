"""What the fields of a class are, whatever kind of class it is."""

import dataclasses
import typing
from collections.abc import Callable
from typing import Annotated, Any

from apiwright._core.validation import Style
from apiwright.core.validation.annotations import name_of
from apiwright.core.validation.schema import DeclarationError

MISSING: Any = object()
"""No default."""


@dataclasses.dataclass(frozen=True)
class Member:
    """One field of a class, as far as its kind of class tells."""

    name: str
    alias: str
    type: Any
    default: Any = MISSING
    factory: Callable[[], Any] | None = None
    may_be_left_out: bool = False
    description: str = ""
    discriminator: str = ""


def _is_pydantic(cls: Any) -> bool:
    return (
        isinstance(cls, type)
        and hasattr(cls, "__pydantic_decorators__")
        and hasattr(cls, "model_fields")
    )


def _is_typed_dict(cls: Any) -> bool:
    """Also one of typing_extensions, which typing does not know."""
    return isinstance(cls, type) and issubclass(cls, dict) and hasattr(cls, "__optional_keys__")


def is_declarable(cls: Any) -> bool:
    return isinstance(cls, type) and (
        _is_typed_dict(cls) or dataclasses.is_dataclass(cls) or _is_pydantic(cls)
    )


def members_of(cls: type) -> tuple[Style, list[Member]]:
    if _is_typed_dict(cls):
        return Style.DICT, _typed_dict_members(cls)
    if _is_pydantic(cls):
        return Style.PYDANTIC, _pydantic_members(cls)
    if dataclasses.is_dataclass(cls):
        return Style.CALL, _dataclass_members(cls)
    raise DeclarationError(
        f"{name_of(cls)} is no dataclass, TypedDict or pydantic model: those have schemas"
    )


def _hints_of(cls: type) -> dict[str, Any]:
    try:
        return typing.get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise DeclarationError(
            f"{cls.__name__}: {error}; types must be importable where the class is declared"
        ) from None


def _typed_dict_members(cls: Any) -> list[Member]:
    return [
        Member(name, name, hint, may_be_left_out=name in cls.__optional_keys__)
        for name, hint in _hints_of(cls).items()
    ]


def _dataclass_members(cls: Any) -> list[Member]:
    _refuse_validators(cls)
    hints = _hints_of(cls)
    members = []
    for field in dataclasses.fields(cls):
        if not field.init:
            raise DeclarationError(
                f"{cls.__name__}.{field.name}: a field with init=False is not for JSON; "
                "make it a property"
            )
        default = MISSING if field.default is dataclasses.MISSING else field.default
        made = field.default_factory
        factory = None if made is dataclasses.MISSING else made
        members.append(Member(field.name, field.name, hints[field.name], default, factory))
    return members


def _pydantic_members(cls: Any) -> list[Member]:
    _refuse_validators(cls)
    _refuse_settings(cls)
    members = []
    for name, info in cls.model_fields.items():
        where = f"{cls.__name__}.{name}"
        alias = info.validation_alias or info.alias or name
        if info.default_factory and info.default_factory_takes_validated_data:
            raise DeclarationError(f"{where}: a default_factory takes no arguments here")
        if not isinstance(alias, str):
            raise DeclarationError(f"{where}: an alias is one text; AliasPath has no schema")
        discriminator = info.discriminator
        if discriminator is not None and not isinstance(discriminator, str):
            raise DeclarationError(f"{where}: a discriminator is a field's name, no callable")
        annotation = info.annotation
        for metadata in info.metadata:
            annotation = Annotated[annotation, metadata]
        required = info.is_required()
        members.append(
            Member(
                name,
                alias,
                annotation,
                MISSING if required or info.default_factory else info.default,
                info.default_factory,
                description=info.description or "",
                discriminator=discriminator or "",
            )
        )
    return members


def _refuse_validators(cls: Any) -> None:
    """What pydantic would run in Python is not run by the core: never skipped in silence."""
    decorators = getattr(cls, "__pydantic_decorators__", None)
    kinds = ("validators", "field_validators", "root_validators", "model_validators")
    for kind in kinds:
        for name in getattr(decorators, kind, {}):
            raise DeclarationError(
                f"{cls.__name__}.{name}: validators in Python are not run by the core; "
                "express it as a constraint, or validate with pydantic"
            )


def _refuse_settings(cls: Any) -> None:
    """What would change how pydantic reads, and not how the core does."""
    if cls.__private_attributes__:
        raise DeclarationError(f"{cls.__name__}: private attributes have no place in a schema")
    for setting in ("str_strip_whitespace", "str_to_lower", "str_to_upper", "str_min_length"):
        if cls.model_config.get(setting):
            raise DeclarationError(f"{cls.__name__}: the core has no {setting}; leave it out")
    if cls.model_config.get("str_max_length") is not None:
        raise DeclarationError(f"{cls.__name__}: put max_length on the fields, no str_max_length")
    if cls.model_config.get("extra") == "allow":
        raise DeclarationError(
            f'{cls.__name__}: extra="allow" has no schema; unknown members are refused'
        )
    if cls.__pydantic_post_init__:
        raise DeclarationError(f"{cls.__name__}: model_post_init is not run by the core")
    if getattr(cls, "__pydantic_root_model__", False):
        raise DeclarationError(f"{cls.__name__}: a RootModel has no members")
