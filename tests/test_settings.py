"""Settings: flags over environment over defaults; errors that name key and value; docs in step."""

from pathlib import Path

import pytest

from dealgraph.errors import BadInput
from dealgraph.settings import Settings, described


def test_defaults_stand_where_nothing_is_said() -> None:
    settings = Settings.load({})
    assert settings == Settings()
    # Nobody publishes a service to a network by accident.
    assert settings.host == "127.0.0.1"


def test_the_environment_is_read_and_other_variables_are_left_alone() -> None:
    env = {"DEALGRAPH_PORT": "8080", "DEALGRAPH_WORKSPACE": "/srv/deals", "PATH": "/bin"}
    settings = Settings.load(env)
    assert (settings.port, settings.workspace) == (8080, Path("/srv/deals"))


def test_a_flag_beats_the_environment_and_none_is_no_flag() -> None:
    env = {"DEALGRAPH_PORT": "8080", "DEALGRAPH_TIMEOUT": "2.5"}
    settings = Settings.load(env, {"port": 9090, "timeout": None})
    assert (settings.port, settings.timeout) == (9090, 2.5)


@pytest.mark.parametrize(
    ("variable", "text", "told"),
    [
        ("DEALGRAPH_PORT", "eighty", "a whole number from 0 to 65535"),
        ("DEALGRAPH_PORT", "70000", "a whole number from 0 to 65535"),
        ("DEALGRAPH_PORT", "", "a whole number from 0 to 65535"),
        ("DEALGRAPH_TIMEOUT", "0", "a number from 0.1 to 86400"),
        ("DEALGRAPH_TIMEOUT", "nan", "a number from 0.1 to 86400"),
        ("DEALGRAPH_TIMEOUT", "inf", "a number from 0.1 to 86400"),
        ("DEALGRAPH_LANGUAGE", "de", "one of en, pt"),
        ("DEALGRAPH_HOST", " ", "a text"),
    ],
)
def test_a_bad_value_names_key_value_and_what_is_wanted(
    variable: str, text: str, told: str
) -> None:
    with pytest.raises(BadInput) as caught:
        Settings.load({variable: text})
    assert variable in caught.value.detail
    assert repr(text) in caught.value.detail
    assert told in caught.value.cure


def test_a_misspelt_name_is_no_silent_default() -> None:
    with pytest.raises(BadInput, match=r"DEALGRAPH_WORKRES is no setting\..*DEALGRAPH_WORKERS\?"):
        Settings.load({"DEALGRAPH_WORKRES": "4"})
    with pytest.raises(BadInput, match="prot is no setting"):
        Settings.load({}, {"prot": 1})


def test_every_setting_is_documented_as_it_is() -> None:
    page = (Path(__file__).parent.parent / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    told = [
        f"| `{entry.name}` | `{entry.variable}` | {entry.type} | `{entry.default}` | {entry.help} |"
        for entry in described()
    ]
    assert rows == told
