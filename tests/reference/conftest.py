"""A made-up folder of downloads, small enough to read, in the publishers' own layouts."""

from __future__ import annotations

from pathlib import Path

import pytest

_EES = "time_period,time_identifier,geographic_level,region_code,old_la_code"
_MONTHS = "April,May,June,July,August,September,October,November,December,January,February,March"
_ASSESSED = "Same_day,1-10_days,11-20_days,21-30_days,31-40_days,41-45_days,Assessments_completed"
_DICTIONARY = (
    "measure,lait_code,topic,title,polarity,unit_label,decimal_places,year_type,no_quartile,"
    "description,methodology,source_url,last_update,next_update"
)
_NEIGHBOURS = "model,la_code,rank,neighbour_code,neighbour_name,closeness"

FILES = {
    "la_lookup.csv": (
        "la_code,gss_code,la_name,lait_la_name,region_code,region_name,la_type,status\n"
        '801,E1,"Bristol, City of","Bristol, City of",R1,South West,UA,current\n'
        "835,E2,Dorset,Dorset (Pre LG),R1,South West,SC,abolished\n"
        "838,E3,Dorset,Dorset,R1,South West,UA,current\n"
        '839,E4,"Bournemouth, Christchurch and Poole",BCP,R1,South West,UA,current\n'
    ),
    "lait_region_codes.csv": "lait_code,name,gss_code\n970,England,N1\n990,South west,R1\n",
    "statistical_neighbours_2021.csv": f"{_NEIGHBOURS}\n2021-04,801,1,835,Dorset,Close\n",
    "statistical_neighbours_2025.csv": f"{_NEIGHBOURS}\n2025-05,801,1,838,Dorset,Close\n",
    "population_0_17.csv": (
        "mid_year,geographic_level,la_code,gss_code,area_name,population_0_17\n"
        '2019,Local authority,801,E1,"Bristol, City of",10000\n'
        "2019,Local authority,835,E2,Dorset,\n"
        '2019,Regional,"",R1,South West,20000\n'
        "2019,National,970,N1,England,30000\n"
    ),
    "lait_measures_made_up.csv": (
        f"{_DICTIONARY}\n"
        'ReReferral,1,CP,Again,Low,% of referrals,,Financial Year,,"Again, of all",How,url,'
        "2025-10-01,TBC\n"
        "Turnover,2,WF,Left,,Turnover rate,,Annual (end of Sept),N,Left,How,url,New data,\n"
        "Unused,3,CP,Nothing,High,Bananas,,Academic Year,,Nothing,How,url,,\n"
    ),
    "lait_values_made_up.csv": (
        "measure,year,la_code,value\n"
        "ReReferral,2020,801,25.0\n"
        "ReReferral,2020,838,12.0\n"
        "ReReferral,2019,838,1.0\n"
        "ReReferral,2020,835,2.0\n"
        "ReReferral,2019,835,3.0\n"
        "ReReferral,2020,970,20.0\n"
        "Turnover,2019,838,9.5\n"
    ),
    "ees/c6_children_in_need_referrals_by_month_2020_to_2020.csv": (
        f"\ufeff{_EES},{_MONTHS}\n"
        "2020,Reporting year,National,,,100,110,120,130,80,90,100,110,70,100,90,100\n"
        "2020,Reporting year,Local authority,R1,801,10,11,12,13,8,9,10,11,c,x,u,10\n"
    ),
    "ees/c1_children_in_need_referrals_and_rereferrals_2020_to_2020.csv": (
        f"{_EES},rereferral_count,referral_count,no_further_action_count,not_in_need_count\n"
        "2020,Reporting year,Local authority,R1,801,30,120,1,2\n"
        "2020,Reporting year,Local authority,R1,838,30,120,1,2\n"
    ),
    "ees/b1_children_in_need_2020_to_2020.csv": f"{_EES},At31_episodes\n",
    "ees/c2_children_in_need_assessments_duration_2020_to_2020.csv": f"{_EES},{_ASSESSED}\n",
    "ees/d5_cpps_at31march_by_duration_2020_to_2020.csv": f"{_EES},CPP_At31,2_years_or_more\n",
}


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """The folder; its name holds a space and brackets, as people's folders do."""
    folder = tmp_path / "down loads [2020]"
    (folder / "ees").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
