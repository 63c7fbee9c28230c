"""Catalogues that are wrong, each with the path and words of its mistake, and some that are not."""

from __future__ import annotations

HEADER = '[catalogue]\nversion = 1\nauthority = "Southampton"\n'
X = '[indicator.x]\ntitle = "X"\noutturn = "number"\nbasis = "in-month"\n'
Y = '[indicator.y]\ntitle = "Y"\noutturn = "number"\nbasis = "in-month"\n'
SHARE = '[indicator.x]\ntitle = "X"\noutturn = "percentage"\nbasis = "in-month"\n'
TWELVE = "[8, 8, 8, 8, 8, 8, 8, 8, 9, 9, 9, 9]"

HEADERS = [
    ("", "catalogue.version", "is missing"),
    ("", "catalogue.authority", "is missing"),
    (HEADER.replace("1", "2"), "catalogue.version", "version 2 is not known"),
    (HEADER.replace("1", "true"), "catalogue.version", "a whole number is wanted, not `true`"),
    (HEADER.replace("1", '"1"'), "catalogue.version", "not the text `1`: take away the quotes"),
    (HEADER.replace("1", "1.0"), "catalogue.version", "a whole number is wanted"),
    (HEADER.replace("Southampton", " "), "catalogue.authority", "is empty"),
    (HEADER + "la_code = 852\n", "catalogue.la_code", "the number `852`: put it in quotes"),
    (HEADER + 'la_code = "85"\n', "catalogue.la_code", "`85` is no LA code of three digits"),
    (HEADER + 'neighbours = "2020"\n', "catalogue.neighbours", "allowed: `2021-04`, `2025-05`"),
    (HEADER + 'neighbours = ["1"]\n', "catalogue.neighbours[0]", "is no LA code"),
    (HEADER + 'neighbours = ["850", "850"]\n', "catalogue.neighbours[1]", "is listed twice"),
    (HEADER + "neighbours = [850]\n", "catalogue.neighbours[0]", "put it in quotes"),
    (HEADER + "neighbours = 850\n", "catalogue.neighbours", "text or a list is wanted"),
    (HEADER + "neighbours = 9999999999\n", "catalogue.neighbours", "text or a list is wanted"),
    (HEADER + 'typed_targets = "yes"\n', "catalogue.typed_targets", "`true` or `false` is wanted"),
    (HEADER + 'autority = "X"\n', "catalogue.autority", "did you mean `authority`?"),
    ("catalogue = 1\n", "catalogue", "a table such as `[catalogue]` is wanted"),
    ("catalogue = 1\n", "catalogue.version", "is missing"),
    ("catalogue = 1\n", "catalogue.authority", "is missing"),
    (HEADER + "[indicators.x]\n", "indicators", "unknown key; did you mean `indicator`?"),
    (HEADER + "[[indicator]]\n", "indicator", "a table such as `[indicator.some-id]`"),
    (HEADER + "[indicator]\nx = 1\n", "indicator.x", "a table is wanted, not the number `1`"),
    (HEADER + "[accept]\n", "accept", "a list of tables, each headed `[[accept]]`, is wanted"),
    ("accept = [1]\n" + HEADER, "accept[0]", "a table is wanted, not the number `1`"),
    (HEADER + "[theme.a]\ntitel = 'A'\n", "theme.a.titel", "did you mean `title`?"),
    (HEADER + "[theme.a]\ntitle = 'B'\n[theme.b]\n", "theme.b", "`b` already names `a`"),
]

KEYS = [
    (X + 'polartiy = "low"', "x.polartiy", "unknown key; did you mean `polarity`?"),
    (X + 'id = "y"', "x.id", "unknown key"),
    (X + 'polarity = "lo"', "x.polarity", "did you mean `low`? allowed: `high`, `low`, `range`"),
    (X + 'polarity = "LOW"', "x.polarity", "did you mean `low`?"),
    (X + "polarity = 1", "x.polarity", "the number `1` is not allowed; allowed: `high`"),
    (X + 'seasonal = "wales"', "x.seasonal", "allowed: `none`, `england`, `own`"),
    (X.replace("in-month", "in_month"), "x.basis", "did you mean `in-month`?"),
    (X.replace("number", "percent"), "x.outturn", "did you mean `percentage`?"),
    ('[indicator.x]\ntitle = "X"\nbasis = "annual"', "x.outturn", "is missing"),
    ('[indicator.x]\ntitle = "X"\noutturn = "rate"', "x.basis", "is missing"),
    ('[indicator.x]\noutturn = "rate"\nbasis = "annual"', "x.title", "is missing"),
    (X.replace('"X"', '""'), "x.title", "no letter or digit"),
    (X + 'aliases = "X1"', "x.aliases", "a list in square brackets is wanted"),
    (X + "aliases = [1]", "x.aliases[0]", "text is wanted, not the number `1`"),
    (X + 'aliases = ["*"]', "x.aliases[0]", "`*` has no letter or digit"),
    (X + 'small = "20"', "x.small", "a number is wanted, not the text `20`: take away the quotes"),
    (X + 'tolerance = "5%"', "x.tolerance", "take away the quotes and the sign"),
    (X + "tolerance = true", "x.tolerance", "a number is wanted, not `true`"),
    (X + "tolerance = nan", "x.tolerance", "`nan` is no number to judge by"),
    (X + "small = -inf", "x.small", "`-inf` is no number"),
    (X + f"per = 1{'0' * 400}", "x.per", "is too large"),
    (X + f"lag_months = 1{'0' * 20}", "x.lag_months", "is too large"),
    (X + "title2 = 0xffffffffffffffffffff", "x.title2", "did you mean `title`?"),
    (X + "owner = 0x" + "f" * 6000, "x.owner", "not a large number"),
    (X + "tolerance = -1", "x.tolerance", "must not be negative, is -1"),
    (X + "small = -1", "x.small", "must not be negative"),
    (X + "suppress_below = -1", "x.suppress_below", "must not be negative"),
    (X + "lag_months = -1", "x.lag_months", "must not be negative"),
    (X + "lag_months = 1.5", "x.lag_months", "a whole number is wanted, not the number `1.5`"),
    (X + "decimals = -1", "x.decimals", "must not be negative"),
    (X + "decimals = 11", "x.decimals", "must not be above 10"),
    (X + "per = 0", "x.per", "must be above 0, is 0"),
    (X + "decimals = 0x" + "f" * 6000, "x.decimals", "is too large"),
    (X + "compare = 1", "x.compare", "a table is wanted"),
    (X + "compare.level = 90", "x.compare.level", "90 is not a level; allowed: 95, 99.8"),
    (X + 'compare.level = "95"', "x.compare.level", "take away the quotes"),
    (X + 'compare.methods = "mean"', "x.compare.methods", "did you mean `method`?"),
    (X + "spc.baseline = 11", "x.spc.baseline", "at least 12 points, not 11"),
    (X + 'spc.chart = "c"', "x.spc.chart", "allowed: `xmr`, `p`"),
    (X + 'spc.screen = "no"', "x.spc.screen", "`true` or `false` is wanted"),
    (
        X + 'spc.rebase = [{ on = 2021-04-01T00:00:00, why = "w" }]',
        "x.spc.rebase[0].on",
        "the time",
    ),
    (X + "spc.rebase = [{ on = 2021-04-01 }]", "x.spc.rebase[0].why", "is missing"),
    (X + "spc.rebase = { on = 2021-04-01 }", "x.spc.rebase", "each headed `[[...rebase]]`, is"),
    (X + "version = 1", "x.version", "a list of tables, each headed `[[...version]]`"),
    (X + "[[indicator.x.version]]\nwhat = 'w'", "x.version[0].from", "is missing"),
    (X + "published.filters = { a = 1 }", "x.published.filters.a", "text is wanted"),
    (X + "published.filters = 1", "x.published.filters", "a table is wanted"),
    ("[indicator.X_y]\n" + X.split("\n", 1)[1], "X_y", "an id is lower case letters, digits and"),
    ("[indicator.'a b']\n" + X.split("\n", 1)[1], '"a b"', "how about `a-b`?"),
]

TARGETS = [
    (X + 'target = "300 per month"', "x.target", 'a number, a table or `"TBC"` is wanted'),
    (X + "target = true", "x.target", "a number is wanted, not `true`"),
    (X + "target = nan", "x.target", "`nan` is no number"),
    (X + 'target = { value = "90" }', "x.target.value", "take away the quotes"),
    (X + "target = { value = inf }", "x.target.value", "`inf` is no number"),
    (X + 'target = { value = 9, per = "moth" }', "x.target.per", "did you mean `month`?"),
    (X + "target = { value = 9, form = 2021-04-01 }", "x.target.form", "did you mean `from`?"),
    (X + "target = { value = 9, begins = 2021-04-01 }", "x.target.begins", "unknown key; known:"),
    (X + "target = { value = 1, awaited = true }", "x.target.awaited", "unknown key"),
    (X + 'target = { value = 9, from = "2021-04-01" }', "x.target.from", "take away the quotes"),
    (
        X + "target = { value = 9, from = 2021-04-01T10:00:00 }",
        "x.target.from",
        "take away the time",
    ),
    (
        X + "target = { value = 9, from = 10:00:00 }",
        "x.target.from",
        "a date is wanted, not a time",
    ),
    (X + "target = {}", "x.target.value", "is missing"),
    (X + "target = { vale = 9 }", "x.target.vale", "did you mean `value`?"),
    (X + "target = 9" + "9" * 400, "x.target", "is too large"),
    (X + "target = [1, 'x', { value = 2 }]", "x.target[2].from", "two targets hold from"),
    (X + "target = [1, 'x', { value = 2 }]", "x.target[1]", 'or `"TBC"` is wanted'),
    (
        X + 'polarity = "low"\ntarget = { low = 1, high = 2 }',
        "x.target.value",
        "polarity `low` needs",
    ),
    (X + 'polarity = "range"\ntarget = 40', "x.target", "`low` is missing: polarity `range`"),
    (X + 'polarity = "range"\ntarget = 40', "x.target", "`high` is missing: polarity `range`"),
    (X + 'polarity = "range"\ntarget = { low = 1 }', "x.target.high", "`high` is missing"),
    (
        X + 'polarity = "range"\ntarget = { low = 2, high = 2 }',
        "x.target.low",
        "must be below `high`",
    ),
    (
        X + 'polarity = "range"\ntarget = { low = 1, high = 2, blue = 3 }',
        "x.target.blue",
        "a range has no `blue`",
    ),
    (X + 'polarity = "high"\ntarget = { value = 9, blue = 9 }', "x.target.blue", "must lie above"),
    (X + 'polarity = "low"\ntarget = { value = 9, blue = 10 }', "x.target.blue", "must lie below"),
    (SHARE + "target = 150", "x.target", "a percentage lies between 0 and 100, not at 150"),
    (SHARE + "target = -0.1", "x.target", "a percentage lies between 0 and 100"),
    (SHARE + "target = { value = 90, blue = 101 }", "x.target.blue", "between 0 and 100"),
    (SHARE + "target = { low = 1, high = 200 }", "x.target.high", "between 0 and 100, not at 200"),
    (X + 'polarity = "low"\ntolerance = 5\ntarget = 0', "x.target", "must be `points`"),
    (
        X + 'polarity = "range"\ntolerance = 5\ntarget = { low = 0, high = 9 }',
        "x.target.low",
        "must be `points`",
    ),
    (X + "target = { value = 9, from = 2021-04-01, to = 2021-03-31 }", "x.target.to", "is before"),
    (
        X + "target = [{ value = 1 }, { value = 2 }]",
        "x.target[1].from",
        "two targets hold from the beginning",
    ),
    (
        X + "target = [{ value = 1, from = 2021-04-01 }, { value = 2, from = 2021-04-01 }]",
        "x.target[1].from",
        "two targets hold from 2021-04-01",
    ),
    (
        X
        + "[[indicator.x.target]]\nvalue = 2\nfrom = 2022-04-01\n"
        + "[[indicator.x.target]]\nvalue = 1\nfrom = 2021-04-01\nto = 2022-04-01",
        "x.target[0].from",
        "begins before the target before it ends, `to` = 2022-04-01",
    ),
    (X + f"target = {{ value = 9, profile = {TWELVE} }}", "x.target.profile", "speaks of a month"),
    (
        X + 'target = { value = 9, per = "year", profile = [1] }',
        "x.target.profile",
        "needs 12 shares",
    ),
    (
        X + f'target = {{ value = 9, per = "year", profile = {TWELVE.replace("[8", "[-8")} }}',
        "x.target.profile",
        "must not be negative",
    ),
    (
        X + f'target = {{ value = 9, per = "year", profile = [{"0, " * 12}] }}',
        "x.target.profile",
        "nor all 0",
    ),
    (X + 'target = { value = 9, profile = ["8"] }', "x.target.profile[0]", "take away the quotes"),
]

REFERENCES = [
    (X + 'theme = "rigth"\n[theme.right]', "x.theme", "called `rigth`; did you mean `right`?"),
    (X + 'theme = "right"', "x.theme", "no theme is called `right`"),
    (
        X + "aliases = ['Why?']\n" + Y + "aliases = ['why']",
        "y.aliases[0]",
        "`why` already names `x`",
    ),
    (X + Y.replace('"Y"', '"x"'), "y.title", "`x` already names `x`"),
    (X + Y + "short_title = 'X!'", "y.short_title", "`X!` already names `x`"),
    (X + "aliases = ['Y']\n" + Y, "y", "`y` already names `x`"),
    (
        X + "coheres = [{ rule = 'rate_off', with = 'x' }]",
        "x.coheres[0].rule",
        "did you mean `rate_of`",
    ),
    (X + "coheres = [{ with = 'y' }]\n" + Y, "x.coheres[0].rule", "is missing"),
    (X + "coheres = [{ rule = 'rate_of' }]", "x.coheres[0].with", "`rate_of` needs it"),
    (X + "coheres = [{ rule = 'rate_of', with = 1 }]", "x.coheres[0].with", "text is wanted"),
    (X + "coheres = [{ rule = 'rate_of', with = 'why' }]", "x.coheres[0].with", "no indicator is"),
    (X + "coheres = [{ rule = 'same_as', with = ['x'] }]", "x.coheres[0].with", "against itself"),
    (
        X + "coheres = [{ rule = 'flow_of', with = ['y'] }]\n" + Y,
        "x.coheres[0].with",
        "needs two ids",
    ),
    (
        X + "coheres = [{ rule = 'flow_of', starts = 'y' }]\n" + Y,
        "x.coheres[0].with",
        "needs two ids",
    ),
    (
        X + "coheres = [{ rule = 'flow_of', starts = 1, ends = 'y' }]\n" + Y,
        "x.coheres[0].starts",
        "text is wanted",
    ),
    (
        X + "coheres = [{ rule = 'parts_of', with = ['y'], total = 100 }]\n" + Y,
        "x.coheres[0].with",
        "must list all the parts, `x` among them",
    ),
    (
        X + "coheres = [{ rule = 'parts_of', with = ['x', 'y'] }]\n" + Y,
        "x.coheres[0].total",
        "is missing: `parts_of` needs it",
    ),
    (
        X + "coheres = [{ rule = 'parts_of', with = ['x'], total = 'al' }]",
        "x.coheres[0].total",
        "no indicator is called `al`",
    ),
    (
        X + "coheres = [{ rule = 'parts_of', with = ['x'], total = true }]",
        "x.coheres[0].total",
        "a number or an id is wanted",
    ),
    (
        X + "coheres = [{ rule = 'statutory', with = 'LAC', allowance = -1 }]",
        "x.coheres[0].allowance",
        "must not be negative",
    ),
    (X + "[indicator.x.coheres]\nrule = 'rate_of'", "x.coheres", "each headed `[[...coheres]]`"),
    (X + "ratio = ['y']\n" + Y, "x.ratio", "needs two ids, numerator and denominator, not 1"),
    (X + "ratio = []\n" + Y, "x.ratio", "needs two ids"),
    (
        X + "ratio = ['y', 'yy']\n" + Y,
        "x.ratio[1]",
        "no indicator is called `yy`; did you mean `y`?",
    ),
    (X + "ratio = ['x', 'y']\n" + Y, "x.ratio", "leads back to itself"),
    (X + "ratio = ['y', 'y']\n" + Y + "ratio = ['x', 'x']", "x.ratio", "leads back to itself"),
    (X + "ratio = ['y', 'y']\n" + Y + "ratio = ['x', 'x']", "y.ratio", "leads back to itself"),
]

ACCEPTS = [
    ("code = 'KPI204'\nwhy = 1\nindicator = 'xx'", "accept[0].why", "text is wanted"),
    ("code = 'KPI204'\nwhy = 1\nindicator = 'xx'", "accept[0].indicator", "did you mean `x`?"),
    ("code = 'KPI20'\nwhy = 'w'", "accept[0].code", "`KPI20` is no code such as `KPI204`"),
    ("code = 'KPI204\\n'\nwhy = 'w'".replace("'", '"'), "accept[0].code", "is no code"),
    ("code = 'KPI204'", "accept[0].why", "is missing"),
    ("why = 'w'", "accept[0].code", "is missing"),
    ("code = 'KPI204'\nwhy = 'w'\nindicator = 'xx'", "accept[0].indicator", "did you mean `x`?"),
    ("code = 'KPI204'\nwhy = 'w'\nperiod = 'soon'", "accept[0].period", "`soon` is no period"),
    ("code = 'KPI204'\nwhy = 'w'\nuntil = 'soon'", "accept[0].until", "a date is wanted"),
    ("code = 'KPI204'\nwhy = 'w'\nunit = 'u'", "accept[0].unit", "did you mean `until`?"),
]

DEFAULTS = [
    ("tolerance = -5", "defaults.tolerance", "must not be negative"),
    ("polartiy = 'low'", "defaults.polartiy", "did you mean `polarity`?"),
    ("polarity = 'lo'", "defaults.polarity", "did you mean `low`?"),
    ("compare = { level = 90 }", "defaults.compare.level", "is not a level"),
    ("id = 'x'", "defaults.id", "unknown key"),
    ("target = [1, 'x']", "defaults.target[1]", 'or `"TBC"` is wanted'),
    ("year = 'fiscal'", "defaults.year", "allowed: `financial`, `academic`, `calendar`"),
]

CASES = [
    *HEADERS,
    *((HEADER + text, f"indicator.{path}", words) for text, path, words in KEYS),
    *((HEADER + text, f"indicator.{path}", words) for text, path, words in TARGETS),
    *((HEADER + text, f"indicator.{path}", words) for text, path, words in REFERENCES),
    *((f"{HEADER}{X}[[accept]]\n{text}", path, words) for text, path, words in ACCEPTS),
    *((f"{HEADER}[defaults]\n{text}\n{X}{Y}", path, words) for text, path, words in DEFAULTS),
]
"""A catalogue's text, and the path and some words of a mistake that it makes."""

VALID = [
    ("no indicators", ""),
    ("a repeated label of one indicator", X + "aliases = ['x', 'X', 'X!']\nshort_title = 'x'"),
    ("words for numerator and denominator", X + "numerator = 'y-s'\ndenominator = 'All of them'"),
    ("tbc in small letters", X + "target = 'tbc'"),
    ("any target for polarity none", X + "target = { low = 1, high = 2, blue = 3 }"),
    ("an awaited target for a range", X + "polarity = 'range'\ntarget = 'TBC'"),
    ("a negative target of a number", X + "polarity = 'low'\ntarget = -5"),
    ("a target of 0 without tolerance", X + "polarity = 'low'\ntarget = 0"),
    (
        "a target of 0 with a tolerance in points",
        X + "polarity = 'low'\ntarget = 0\ntolerance = 5\ntolerance_kind = 'points'",
    ),
    ("targets of 0 and 100 per cent", SHARE + "target = { low = 0, high = 100 }"),
    (
        "targets that touch",
        X
        + "target = [{ value = 1, to = 2021-03-31 }, { value = 2, from = 2021-04-01 }, "
        + "{ value = 3, from = 2022-04-01 }]",
    ),
    ("a target of one day", X + "target = { value = 1, from = 2021-04-01, to = 2021-04-01 }"),
    ("a yearly profile", X + f'target = {{ value = 9, per = "year", profile = {TWELVE} }}'),
    ("an empty list of targets", X + "target = []"),
    ("an id of digits", X.replace("indicator.x", "indicator.3-placements")),
    ("a measure that is not an id", X + "coheres = [{ rule = 'statutory', with = 'LACnum' }]"),
    ("the statutory measure of compare", X + "coheres = [{ rule = 'statutory' }]"),
    (
        "a total that is an id",
        X + "coheres = [{ rule = 'parts_of', with = ['x'], total = 'y' }]\n" + Y,
    ),
    ("a ratio of a ratio", X + "ratio = ['y', 'z']\n" + Y + "ratio = ['z', 'z']\n"
     + Y.replace("y]", "z]").replace("Y", "Z")),
    ("a quarter of an accepted breach", X + "[[accept]]\ncode='KPI204'\nwhy='w'\nperiod='2021-Q3'"),
    ("level 99.8", X + "compare.level = 99.8"),
    ("baseline 12", X + "spc.baseline = 12"),
]  # fmt: skip
