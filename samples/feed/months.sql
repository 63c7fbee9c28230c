SELECT indicator, period_end, value
FROM 'feed/observations.parquet'
WHERE area = 'Southampton' AND unit = '' AND len(period) = 7
ORDER BY indicator, period_end;
