WITH batches AS (  -- what was ingested, and what was taken back again
    SELECT DISTINCT unnest(from_json(decode(value), '[{"seq": "BIGINT", "undoes": "BIGINT"}]'),
                           recursive := true)
    FROM parquet_kv_metadata('.kpi/observations/*.parquet')
    WHERE decode(key) = 'kpi_batches'
),
newest AS (  -- of each figure the rows of the newest batch that says something of it
    SELECT DISTINCT *
    FROM '.kpi/observations/*.parquet'
    WHERE role = 'outturn' AND NOT older AND state <> 'blank'
      AND seq NOT IN (SELECT undoes FROM batches WHERE undoes IS NOT NULL)
    QUALIFY seq = max(seq) OVER (PARTITION BY indicator, area, unit, period)
),
best AS (  -- whole values before values "to date" before reasons why there is none
    SELECT *
    FROM newest
    QUALIFY dense_rank() OVER (PARTITION BY indicator, area, unit, period
                               ORDER BY state <> 'value', contains(marks, 'partial')) = 1
)
SELECT indicator, area, unit, period, min(period_end) AS period_end,
       -- two different values in one source are a conflict, and neither counts
       CASE WHEN count(DISTINCT format('{:.8e}', value)) <= 1 THEN min(value) END AS value
FROM best
GROUP BY indicator, area, unit, period
ORDER BY indicator, area, unit, period_end;
