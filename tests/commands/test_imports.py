from pathlib import Path

import pytest

from portal.kinerja.models import ActivityType, Target
from portal.offices.models import Closure, Office, Region
from tests import make

REGIONS = (
    "code,parent_code,level,name,lat,lon\n"
    "31,,provinsi,Jakarta,,\n"
    "31.71,31,kota,Jakarta Pusat,,\n"
    "31.71.01,31.71,kecamatan,Gambir,-6.1,106.8\n"
    "31.71.01.1001,31.71.01,kelurahan,Gambir,,\n"
)
OFFICES = (
    "slug,name,kind,parent,region,address,lat,lon,timezone,hours,phone,email,headcount,desks\n"
    "hall,Kantor Satu,kantor,,31.71,,,,,,,,,\n"
    "hall-2,Lantai 2,lantai,hall,31.71,,,,,,,,,\n"
)
CLOSURES = "case,office,scope,starts,ends,reopens,reason,online,dropbox,diversion,note,source\n"


@pytest.fixture
def sheet(tmp_path):
    """Writes a file: sheet("a.csv", text)."""

    def write(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_regions_offices_and_closures_come_in_once_however_often(ready, sheet):
    files = {
        "regions": sheet("r.csv", REGIONS),
        "offices": sheet("o.csv", OFFICES),
        "closures": sheet("c.csv", CLOSURES + "A,hall,all,2020-09-20,2020-09-22,,flood,yes,,,,\n"),
    }
    for _ in range(2):
        for kind, path in files.items():
            said = ready(kind, "import", path)
            assert said.exit_code == 0, said.output
    assert "added 0, changed 0" in said.output
    assert (Region.select().count(), Office.select().count(), Closure.select().count()) == (4, 2, 1)


def test_regions_bring_their_offices_when_asked(ready, sheet):
    assert ready("regions", "import", sheet("r.csv", REGIONS), "--offices").exit_code == 0
    assert {office.slug for office in Office.select()} == {"kecamatan-gambir-317101", "kelurahan-gambir-3171011001"}


def test_a_dry_run_says_what_would_come_and_leaves_nothing(ready, sheet):
    said = ready("regions", "import", sheet("r.csv", REGIONS), "--offices", "--dry-run")
    assert said.exit_code == 0
    assert "would be added 6" in said.output
    assert not Region.select().exists()
    assert not Office.select().exists()


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("X,Antah,all,2020-09-20,2020-09-22,,flood,,,,,", "line 3, column office"),
        ("X,hall,all,2020-09-22,2020-09-20,,flood,,,,,", "line 3, column ends"),
        ("X,hall,all,2020-02-30,,,flood,,,,,", "line 3, column starts"),
        ("X,hall,all,2020-09-20,,,hujan,,,,,", "line 3, column reason"),
        ("X,hall,all,2020-09-20,,,flood,ya,,,,", "line 3, column online"),
        ("X,hall", "line 3"),
    ],
)
def test_one_wrong_line_is_named_and_keeps_the_whole_file_out(ready, sheet, line, place):
    ready("regions", "import", sheet("r.csv", REGIONS))
    ready("offices", "import", sheet("o.csv", OFFICES))
    said = ready("closures", "import", sheet("c.csv", CLOSURES + "OK,hall,all,2020-05-04,2020-05-06,,flood,,,,,\n" + line + "\n"))
    assert said.exit_code == 1
    assert f"error: {place}" in said.output
    assert not Closure.select().exists()


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"a,b\n1,2\n", CLOSURES.encode() + b'"', CLOSURES.encode() + b"\0", b"PK\x03\x04 no sheet"])
def test_what_is_no_such_sheet_is_refused_without_a_trace(ready, sheet, text):
    for kind in ("regions", "offices", "closures"):
        said = ready(kind, "import", sheet("x.csv", text))
        assert said.exit_code == 1
        assert "Traceback" not in said.output
        assert "nothing was changed" in said.output


def test_a_file_that_is_not_there_is_the_callers_error(ready, tmp_path):
    assert ready("offices", "import", tmp_path / "none.csv").exit_code == 2
    assert ready("offices", "import", tmp_path).exit_code == 2


def test_activity_types_and_targets_come_in_once_however_often(ready, sheet):
    make.person("Siti", "197001012000011999")
    types = sheet("t.csv", "code,name,unit,minutes,needs_evidence\nRAPAT,Rapat,rapat,90,no\nSURAT,Surat,surat,10,yes\n")
    lines = sheet("r.csv", "nip,year,title,indicator,amount,unit,state\n197001012000011999,2020,Surat terjawab,,600,surat,agreed\n")
    first, again = ("added 2, changed 0", "added 1, changed 0"), ("added 0, changed 0, as before 2", "added 0, changed 0, as before 1")
    for counts in (first, again):
        said = ready("activity-types", "import", types), ready("targets", "import", lines)
        assert [each.exit_code for each in said] == [0, 0]
        assert [count in each.output for count, each in zip(counts, said, strict=True)] == [True, True]
    assert (ActivityType.select().count(), Target.get().state) == (2, "agreed")


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        ("activity-types", "code,name,unit,minutes,needs_evidence\nRAPAT,Rapat,rapat,nol,no\n", "line 2, column minutes"),
        ("targets", "nip,year,title,indicator,amount,unit,state\n1,2020,Surat,,,,agreed\n", "line 2, column nip"),
    ],
)
def test_what_is_wrong_in_a_file_of_e_kinerja_is_told_by_line_and_column_and_nothing_is_kept(ready, sheet, kind, text, place):
    said = ready(kind, "import", sheet("x.csv", text))
    assert said.exit_code == 1
    assert place in said.output
    assert not ActivityType.select().exists()
